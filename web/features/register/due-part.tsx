import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import type { Service } from '../../../src/contract/register.ts';
import { useMay } from '../../api/me.ts';
import { Section } from '../../ui/page.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { useLang, useWords } from '../../words/words.ts';
import { GateDueLine } from '../filings/due-line.tsx';
import { type DueOf, duesOf, type Gates, isDated, isOpen } from '../filings/dues.ts';
import { RecordDialog } from '../filings/record-dialog.tsx';
import { LinkButton } from '../rulebooks/link-button.tsx';
import { nameIn } from '../rulebooks/names.ts';

/** What is due for this service: with a day first, then what stands as long as it runs, then what cannot be said yet. */
export function DuePart({ service, gates: { gates, waiting } }: { service: Service; gates: Gates }) {
  const say = useWords();
  const may = useMay('signatory', 'administrator');
  const [recording, setRecording] = useState<DueOf | null>(null);
  const dues = duesOf(gates);
  const dated = dues.filter((one) => isOpen(one) && isDated(one));
  const standing = dues.filter((one) => isOpen(one) && !isDated(one));
  const open = dues.filter(({ due }) => due.state === 'may-be-due' && !due.settled);
  const settled = dues.filter(({ due }) => due.settled);
  return (
    <div id="due">
      <Section title={say('register.due')}>
        {waiting && dues.length === 0 && <Waiting lines={3} />}
        {!waiting && dated.length === 0 && <p className="quiet">{say('register.due.none')}</p>}
        <Lines dues={dated} {...(may && { onRecord: setRecording })} />
        <Folded title={say('register.due.open', { count: open.length })} dues={open}>
          <LinkButton size="small" to={`/services/${service.slug}/plan`}>
            {say('register.due.tell')}
          </LinkButton>
        </Folded>
        <Folded title={say('register.due.standing', { count: standing.length })} dues={standing} />
        <Folded title={say('register.due.settled', { count: settled.length })} dues={settled} />
        {recording && <RecordDialog about={recording} onClose={() => setRecording(null)} />}
      </Section>
    </div>
  );
}

function Lines({ dues, onRecord }: { dues: readonly DueOf[]; onRecord?: (one: DueOf) => void }) {
  const say = useWords();
  const lang = useLang();
  if (dues.length === 0) return null;
  return (
    <ul className="gate-dues">
      {dues.map((one) => (
        <GateDueLine
          key={`${one.function?.id} ${one.due.rulebook} ${one.due.due} ${one.due.occasion.happening} ${one.due.occasion.version}`}
          due={one.due}
          about={one.function && `${nameIn(one.function.name, lang)} · `}
          action={
            onRecord && (
              <Button size="small" onClick={() => onRecord(one)}>
                {say('filings.record')}
              </Button>
            )
          }
        />
      ))}
    </ul>
  );
}

function Folded(props: { title: string; dues: readonly DueOf[]; children?: ReactNode }) {
  const { title, dues, children } = props;
  if (dues.length === 0) return null;
  return (
    <details className="due-fold">
      <summary>{title}</summary>
      <Lines dues={dues} />
      {children}
    </details>
  );
}
