import { useWords } from '../../../words/words.ts';
import { Sentence } from '../sentence.tsx';
import { mostDrawn, type Shown } from './shown.ts';

const order = { error: 0, warning: 1, info: 2 } as const;

/** What a person must know about the examination itself; a missing sandbox is one of these things. */
export function Findings({ shown: { record } }: { shown: Shown }) {
  const say = useWords();
  const loud = record.isolation === 'limits-only';
  if (record.findings.length === 0 && !loud) return null;
  const sorted = [...record.findings].sort((a, b) => order[a.severity] - order[b.severity]).slice(0, mostDrawn);
  return (
    <section className="findings">
      <h2>{say('report.findings')}</h2>
      <ul className="finding-list">
        {loud && (
          <li className="finding finding-warning">
            <b>{say('report.severity.warning')}</b> {say('report.isolation.limits-only')}
          </li>
        )}
        {sorted.map((finding) => (
          <li
            key={`${finding.stage} ${finding.code} ${JSON.stringify(finding.params)}`}
            className={`finding finding-${finding.severity}`}
          >
            <b>{say(`report.severity.${finding.severity}`)}</b>{' '}
            <Sentence of={`finding.${finding.code}`} params={finding.params} />
          </li>
        ))}
      </ul>
    </section>
  );
}
