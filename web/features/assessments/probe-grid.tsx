import type { ProbeProgress } from '../../../src/contract/assessment-runs.ts';
import { useWords } from '../../words/words.ts';

const meaning = { k: 'kept', l: 'lost', u: 'unclear' } as const;

/** Each probe with a square for each step that is done: it fills in while the run goes on. */
export function ProbeGrid({ progress }: { progress: readonly ProbeProgress[] }) {
  const say = useWords();
  return (
    <ul className="probe-grid">
      {progress.map(({ probe, marks, done, samples }) => {
        const count = (mark: keyof typeof meaning) => marks.split(mark).length - 1;
        const figures = say('assessments.grid', { kept: count('k'), lost: count('l'), unclear: count('u') });
        // Not every probe publishes samples.
        const left = done ? 0 : Math.max(0, samples - marks.length);
        return (
          <li key={probe}>
            <p>
              {say(`probe.${probe}`)} <span className="quiet">{figures}</span>
            </p>
            <span className="probe-squares" role="img" aria-label={figures}>
              {[...marks].map((mark, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: squares are only ever added at the end
                <i key={index} className={`square square-${meaning[mark as keyof typeof meaning]}`} />
              ))}
              {Array.from({ length: Math.min(left, 400) }, (_, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
                <i key={`left-${index}`} className="square" />
              ))}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
