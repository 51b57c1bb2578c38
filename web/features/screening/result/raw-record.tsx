import { DownloadOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import { CopyButton } from '../../../ui/copy.tsx';
import { useWords } from '../../../words/words.ts';
import { addressOf } from '../calls.ts';
import { prettyJson } from '../plain.ts';
import type { Shown } from './shown.ts';

/** The very record, written out only when somebody looks. */
export function RawRecord({ shown: { record, screening } }: { shown: Shown }) {
  const say = useWords();
  const [open, setOpen] = useState(false);
  return (
    <details className="fold" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{say('report.raw')}</summary>
      {open && (
        <>
          <p className="raw-ways">
            <CopyButton text={JSON.stringify(record, null, 2)} label={say('report.copy')} />
            <Button size="small" icon={<DownloadOutlined />} href={addressOf.record(screening.id)} download>
              {say('report.raw.download')}
            </Button>
          </p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable with the keyboard */}
          <pre tabIndex={0} className="raw">
            {prettyJson(record)}
          </pre>
        </>
      )}
    </details>
  );
}
