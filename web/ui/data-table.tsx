import { Button } from 'antd';
import { type ReactNode, useRef } from 'react';
import type { Pages } from '../api/pages.ts';
import { useWords } from '../words/words.ts';
import './data-table.css';
import { ProblemNote } from './problem-note.tsx';
import { useRowKeys } from './row-keys.ts';
import { Waiting } from './waiting.tsx';

export interface Column<Row> {
  id: string;
  title: string;
  cell: (row: Row) => ReactNode;
  /** `figure` right-aligns numbers; `action` keeps buttons at the end of the line and shows no title. */
  kind?: 'text' | 'figure' | 'action';
  /** Left out where there is no room for it. */
  wideOnly?: boolean;
}

/**
 * A dense list: lines of 36 px, on a phone one block a line. Shows waiting, failure, emptiness and "more" by itself. To open a
 * line, put `<Link className="row-link">` into its first cell: the whole line becomes clickable, J and K move between lines.
 */
export function DataTable<Row>(props: {
  /** What the list is, for a screen reader. */
  caption: string;
  columns: Column<Row>[];
  list: Pages<Row>;
  rowKey: (row: Row) => string;
  empty: ReactNode;
}) {
  const { caption, columns, list, rowKey, empty } = props;
  const say = useWords();
  const body = useRef<HTMLTableSectionElement>(null);
  useRowKeys(body);
  if (list.state === 'loading') return <Waiting lines={6} />;
  if (list.state === 'failed') return <ProblemNote error={list.error} onRetry={list.again} />;
  if (list.rows.length === 0) return empty;
  return (
    <div className="data">
      <table className="data-table">
        <caption className="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ id, title, kind = 'text', wideOnly }) => (
              <th key={id} scope="col" className={classOf(kind, wideOnly)}>
                {kind === 'action' ? <span className="unseen">{title}</span> : title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {list.rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map(({ id, title, cell, kind = 'text', wideOnly }) => (
                <td key={id} className={classOf(kind, wideOnly)} data-title={title}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {list.more && (
        <Button onClick={list.more} loading={list.loadingMore} className="data-more">
          {say('ui.table.more')}
        </Button>
      )}
    </div>
  );
}

function classOf(kind: string, wideOnly: boolean | undefined): string {
  return wideOnly ? `cell-${kind} cell-wide` : `cell-${kind}`;
}
