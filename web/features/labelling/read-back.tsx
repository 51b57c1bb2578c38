import type { Labelling } from '../../../src/contract/labelling.ts';
import { Section } from '../../ui/page.tsx';
import { SignalMark } from '../../ui/signal-mark.tsx';
import { useWords } from '../../words/words.ts';
import { CheckTable, CheckTotals } from '../screening/result/checks.tsx';
import { Sentence } from '../screening/sentence.tsx';

/** What the reader that screens foreign files found in the new file. */
export function ReadBack({ record: { readBack } }: { record: Labelling }) {
  const say = useWords();
  const checks = readBack.flatMap((signal) => signal.checks);
  return (
    <Section title={say('labelling.read-back')} lead={say('labelling.read-back.about')}>
      <ul className="label-steps">
        {readBack.map((signal) => (
          <li key={signal.id}>
            <SignalMark of={signal.strength}>
              {say(`screening.word.${signal.strength}`)} <code className="quiet">{signal.method}</code>
            </SignalMark>
            <p>
              <Sentence of={`signal.${signal.code}`} params={signal.params} />
            </p>
          </li>
        ))}
      </ul>
      {readBack.length === 0 && <p className="quiet">{say('labelling.read-back.nothing')}</p>}
      {checks.length > 0 && (
        <>
          <CheckTotals checks={checks} />
          <details className="fold">
            <summary>{say('labelling.read-back.checks', { count: checks.length })}</summary>
            <CheckTable checks={checks} />
          </details>
        </>
      )}
    </Section>
  );
}
