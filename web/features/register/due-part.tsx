import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import type { Service } from '../../../src/contract/register.ts';
import { useMay } from '../../api/me.ts';
import { Section } from '../../ui/page.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { type Say, useLang, useWords } from '../../words/words.ts';
import { GateDueLine } from '../filings/due-line.tsx';
import { type DueOf, duesOf, type Gates, isDated, isOpen } from '../filings/dues.ts';
import { RecordDialog } from '../filings/record-dialog.tsx';
import { sayDayOrMoment } from '../rulebooks/days.tsx';
import { LinkButton } from '../rulebooks/link-button.tsx';
import { nameIn } from '../rulebooks/names.ts';

/**
 * What is due for this service, by what makes it due: a function, a happening, the service itself. What a verified rule wants by a
 * day stands open; what only warns, what stands as long as it runs, and what cannot be said yet is folded.
 */
export function DuePart({ service, gates: { gates, waiting } }: { service: Service; gates: Gates }) {
  const say = useWords();
  const lang = useLang();
  const may = useMay('signatory', 'administrator');
  const [recording, setRecording] = useState<DueOf | null>(null);
  const dues = duesOf(gates);
  const onRecord = may ? setRecording : null;
  const dated = dues.filter((one) => isOpen(one) && isDated(one));
  const standing = dues.filter((one) => isOpen(one) && !isDated(one));
  const open = dues.filter(({ due }) => due.state === 'may-be-due' && !due.settled);
  const settled = dues.filter(({ due }) => due.settled);
  const groups = Map.groupBy(dated, keyOf);
  return (
    <div id="due">
      <Section title={say('register.due')}>
        {waiting && dues.length === 0 && <Waiting lines={3} />}
        {!waiting && dated.length === 0 && <p className="quiet">{say('register.due.none')}</p>}
        {[...groups].map(([key, group]) => (
          <div key={key} className="due-group">
            <h3 className="due-occasion">{nameOfOccasion(group[0], say, lang)}</h3>
            <Lines dues={group.filter(({ due }) => due.verified)} onRecord={onRecord} />
            <Folded
              word="register.due.unverified"
              dues={group.filter(({ due }) => !due.verified)}
              onRecord={onRecord}
            />
          </div>
        ))}
        <Folded word="register.due.open" dues={open} onRecord={null}>
          <LinkButton size="small" to={`/services/${service.slug}/plan`}>
            {say('register.due.tell')}
          </LinkButton>
        </Folded>
        <Folded word="register.due.standing" dues={standing} onRecord={null} />
        <Folded word="register.due.settled" dues={settled} onRecord={null} />
        {recording && <RecordDialog about={recording} onClose={() => setRecording(null)} />}
      </Section>
    </div>
  );
}

function keyOf({ function: own, due }: DueOf): string {
  return `${own?.id} ${due.occasion.happening} ${due.occasion.version}`;
}

function nameOfOccasion(one: DueOf | undefined, say: Say, lang: 'zh' | 'en'): string {
  if (!one) return '';
  const { due, function: own } = one;
  const { kind, event, on } = due.occasion;
  if (own) return `${nameIn(own.name, lang)} ${say('filings.version', { version: own.version })}`;
  if (kind === 'happening') return `${say(`fact-word.${event}`)}${on === null ? '' : ` · ${sayDayOrMoment(on, lang)}`}`;
  return say('register.gate.service');
}

type Record = ((one: DueOf) => void) | null;

function Lines({ dues, onRecord }: { dues: readonly DueOf[]; onRecord: Record }) {
  const say = useWords();
  if (dues.length === 0) return null;
  return (
    <ul className="gate-dues">
      {dues.map((one) => (
        <GateDueLine
          key={`${keyOf(one)} ${one.due.rulebook} ${one.due.due}`}
          due={one.due}
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

function Folded(props: { word: string; dues: readonly DueOf[]; onRecord: Record; children?: ReactNode }) {
  const { word, dues, onRecord, children } = props;
  const say = useWords();
  if (dues.length === 0) return null;
  return (
    <details className="due-fold">
      <summary>{say(word, { count: dues.length })}</summary>
      <Lines dues={dues} onRecord={onRecord} />
      {children}
    </details>
  );
}
