import { DownloadOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import { useNotice } from '../../../ui/notice.tsx';
import { Time } from '../../../ui/time.tsx';
import { useWords } from '../../../words/words.ts';
import { addressOf } from '../calls.ts';
import { plain } from '../plain.ts';
import { sentenceText } from '../sentence.tsx';
import { VerdictMark } from '../verdict-mark.tsx';
import { verdictWords, wordOf } from '../verdict-words.ts';
import { FileRow } from './batch-row.tsx';
import { type BatchRow, useBatchRows } from './batch-rows.ts';
import { forgetBatch } from './batches.ts';
import type { Sending } from './sending.ts';

/** What was dropped together: its totals, then its files. */
export function BatchSection({
  batch,
  organisation,
  sendings,
}: {
  batch: string;
  organisation: string;
  sendings: readonly Sending[];
}) {
  const say = useWords();
  const rows = useBatchRows(batch, sendings);
  const [shown, setShown] = useState(150);
  useSpokenEnd(rows);
  const first = rows.find(({ item }) => item)?.item;
  if (rows.length === 0) return null;
  const settled = rows.filter(isSettled).length;
  const under = sendings.some(({ way }) => way.is === 'waiting' || way.is === 'sending' || way.is === 'paused');
  return (
    <section className="batch" aria-label={say('screening.batch', { count: rows.length })}>
      <header className="batch-head">
        <h2>
          {say('screening.batch', { count: rows.length })}
          {first && (
            <span className="batch-when quiet">
              <Time at={first.createdAt} />
            </span>
          )}
        </h2>
        <span className="batch-ways">
          {settled < rows.length ? (
            <span className="quiet">{say('screening.batch.settled', { settled, count: rows.length })}</span>
          ) : (
            <>
              {first && <Link to={`/screen/history?batch=${batch}`}>{say('screening.batch.open')}</Link>}
              {first && (
                <Button size="small" type="text" icon={<DownloadOutlined />} href={addressOf.csv({ batch })} download>
                  {say('screening.csv')}
                </Button>
              )}
              {!under && (
                <Button size="small" type="text" onClick={() => forgetBatch(organisation, batch)}>
                  {say('screening.batch.clear')}
                </Button>
              )}
            </>
          )}
        </span>
      </header>
      <Totals rows={rows} />
      <ol className="drop-rows">
        {rows.slice(0, shown).map((row) => (
          <FileRow key={row.key} row={row} />
        ))}
      </ol>
      {rows.length > shown && (
        <Button size="small" onClick={() => setShown(rows.length)}>
          {say('screening.batch.more', { count: rows.length - shown })}
        </Button>
      )}
    </section>
  );
}

function Totals({ rows }: { rows: BatchRow[] }) {
  const counts = new Map<string, number>();
  for (const { item } of rows)
    if (item?.state === 'done') counts.set(wordOf(item), (counts.get(wordOf(item)) ?? 0) + 1);
  return (
    <ul className="totals">
      {verdictWords
        .filter((word) => counts.has(word))
        .map((word) => (
          <li key={word}>
            <VerdictMark word={word} /> <b>{counts.get(word)}</b>
          </li>
        ))}
    </ul>
  );
}

/** A screen reader hears once what came of the whole drop, not each of a hundred steps. */
function useSpokenEnd(rows: BatchRow[]): void {
  const say = useWords();
  const { announce } = useNotice();
  const all = rows.length > 0 && rows.every(isSettled);
  const wasOpen = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: spoken once, at the moment when the last file settles
  useEffect(() => {
    if (!all) {
      wasOpen.current = rows.length > 0;
      return;
    }
    if (!wasOpen.current) return;
    wasOpen.current = false;
    const [only] = rows;
    if (rows.length === 1 && only?.item?.verdict) {
      announce(`${plain(only.name, 80)}: ${sentenceText(`verdict.${only.item.verdict.code}`)}`);
    } else announce(say('screening.batch.done', { count: rows.length }));
  }, [all, rows.length]);
}

function isSettled({ sending, item }: BatchRow): boolean {
  return item ? item.state === 'done' || item.state === 'failed' : sending?.way.is === 'refused';
}
