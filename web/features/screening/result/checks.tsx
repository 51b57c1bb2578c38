import type { Check } from '../../../../src/contract/screening.ts';
import { useWords } from '../../../words/words.ts';
import { Foreign, Sentence, sentenceText } from '../sentence.tsx';

const outcomes = ['fail', 'warn', 'pass'] as const;
const glyphs = { pass: '✓', fail: '✗', warn: '△' } as const;

/** How many passed, and what did not, in words. */
export function CheckTotals({ checks }: { checks: readonly Check[] }) {
  const say = useWords();
  const amiss = checks.filter(({ outcome }) => outcome !== 'pass').slice(0, 8);
  return (
    <>
      <p className="check-totals">
        {outcomes
          .map((outcome) => ({ outcome, number: checks.filter((check) => check.outcome === outcome).length }))
          .filter(({ number }) => number > 0)
          .map(({ outcome, number }) => (
            <span key={outcome} className={`outcome outcome-${outcome}`}>
              {glyphs[outcome]} {number} {say(`report.outcome.${outcome}`)}
            </span>
          ))}
      </p>
      {amiss.length > 0 && (
        <ul className="lines">
          {amiss.map((check) => (
            <li key={`${check.id} ${check.code} ${check.subject}`}>
              <span className={`outcome outcome-${check.outcome}`}>{glyphs[check.outcome]}</span> <Seen check={check} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

export function CheckTable({ checks }: { checks: readonly Check[] }) {
  const say = useWords();
  const sorted = [...checks].sort((a, b) => outcomes.indexOf(a.outcome) - outcomes.indexOf(b.outcome));
  return (
    <div className="scroll">
      <table className="small-table">
        <thead>
          <tr>
            <th scope="col">{say('report.check.outcome')}</th>
            <th scope="col">{say('report.check.id')}</th>
            <th scope="col">{say('report.check.seen')}</th>
            <th scope="col">{say('report.check.clause')}</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((check) => (
            <tr key={`${check.id} ${check.code} ${check.subject}`}>
              <td className={`outcome outcome-${check.outcome}`}>
                {glyphs[check.outcome]} {say(`report.outcome.${check.outcome}`)}
              </td>
              <td>
                <code>{check.id}</code>
              </td>
              <td>
                <Seen check={check} />
              </td>
              <td>
                <Foreign text={check.clause} most={200} />
                {!check.verified && (
                  <span className="quiet" title={say('report.unverified.about')}>
                    {' '}
                    ({say('report.unverified')})
                  </span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What was seen; the value in question behind it, unless the sentence holds it already. */
function Seen({ check }: { check: Check }) {
  const { code, subject = '' } = check;
  const holdsIt = sentenceText(`check.${code}`, { subject: '1' }) !== sentenceText(`check.${code}`, { subject: '2' });
  return (
    <>
      <Sentence of={`check.${code}`} params={{ subject }} />
      {subject !== '' && !holdsIt && (
        <code className="check-subject">
          <Foreign text={subject} most={200} />
        </code>
      )}
    </>
  );
}
