import type { Labelling, LabelStep } from '../../../src/contract/labelling.ts';
import type { Check } from '../../../src/contract/screening.ts';
import { Section } from '../../ui/page.tsx';
import { useWords } from '../../words/words.ts';
import { Mark } from '../rulebooks/mark.tsx';
import { Foreign, Sentence, sentenceText } from '../screening/sentence.tsx';

/** What was written, and where it stands in the file. */
export function Written({ record: { steps, cannot } }: { record: Labelling }) {
  const say = useWords();
  return (
    <Section title={say('labelling.written')}>
      <ul className="label-steps">
        {steps.map((step) => (
          <li key={step.step}>
            <Mark of="done">
              <strong>{headOf(step, say)}</strong>
            </Mark>
            <About step={step} />
          </li>
        ))}
        {cannot.map((shortfall) => (
          <li key={`${shortfall.requirement} ${shortfall.code}`}>
            <Mark of="open">
              <strong>{say('labelling.cannot')}</strong>
            </Mark>
            <p>
              <Sentence of={`label.shortfall.${shortfall.code}`} params={shortfall.params} />{' '}
              <span className="quiet">{shortfall.clause}</span>
            </p>
          </li>
        ))}
      </ul>
    </Section>
  );
}

type Say = ReturnType<typeof useWords>;

function headOf(step: LabelStep, say: Say): string {
  if (step.step !== 'implicit') return say(`labelling.wrote.${step.step}`);
  return `${say(`labelling.how.${step.how}`)}${step.sealed ? ` · ${say('labelling.sealed')}` : ''}`;
}

function About({ step }: { step: LabelStep }) {
  const say = useWords();
  switch (step.step) {
    case 'implicit':
      return <Implicit step={step} />;
    case 'source-type':
      return (
        <p>
          {sentenceText(`labelling.source-type.${step.term}`)} <code className="quiet">{step.term}</code>
        </p>
      );
    case 'explicit':
      return (
        <>
          <p>
            {step.text !== null && <q>{step.text}</q>} {placesOf(step)}
          </p>
          {step.lost.map((code) => (
            <p key={code} className="quiet">
              <Sentence of={`label.lost.${code}`} />
            </p>
          ))}
          <Measured checks={step.measured} />
        </>
      );
    case 'watermark':
      return (
        <p>
          <code>{step.identifier}</code>
        </p>
      );
    case 'credentials':
      return (
        <p>
          <Foreign text={step.signer} most={160} />{' '}
          <span className="quiet">
            {step.algorithm}
            {step.timestamped && ` · ${say('labelling.timestamped')}`}
          </span>
        </p>
      );
  }
}

function Implicit({ step: { fields, path, replaced } }: { step: Extract<LabelStep, { step: 'implicit' }> }) {
  const say = useWords();
  const said = Object.entries(fields ?? {}).filter(([, value]) => value !== '');
  return (
    <>
      {fields && (
        <dl className="points label-fields">
          {said.map(([name, value]) => (
            <div key={name}>
              <dt>
                <code>{name}</code>
              </dt>
              <dd>
                {name === 'Label' ? (
                  <>
                    <code>{value}</code> {sentenceText(`labelling.level.${value}`)}
                  </>
                ) : (
                  <code>
                    <Foreign text={value} most={300} />
                  </code>
                )}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {path !== null && (
        <p className="quiet">
          {say('labelling.at')}{' '}
          <code>
            <Foreign text={path} most={300} />
          </code>
        </p>
      )}
      {replaced > 0 && <p className="quiet">{say('labelling.replaced', { count: replaced })}</p>}
    </>
  );
}

/** On a picture one place, in a sound one or several. */
function placesOf({ kind, position }: Extract<LabelStep, { step: 'explicit' }>): string {
  const group = kind === 'rhythm' || kind === 'notice' ? 'where' : 'position';
  return position
    .split(',')
    .map((place) => sentenceText(`labelling.explicit.${group}.${place}`))
    .join(' · ');
}

/** What measuring the new file found, as a person with a ruler would. */
function Measured({ checks }: { checks: readonly Check[] | null }) {
  const say = useWords();
  if (checks === null) return <p className="quiet">{say('labelling.unmeasured')}</p>;
  const failed = checks.filter(({ outcome }) => outcome === 'fail');
  if (failed.length === 0) return <p className="quiet">{say('labelling.measured')}</p>;
  return (
    <>
      <p>
        <Mark of="open">{say('labelling.measured-short')}</Mark>
      </p>
      <ul>
        {failed.map(({ id, code, clause, subject }) => (
          <li key={`${id} ${code}`}>
            <Sentence of={`check.${code}`} /> {subject !== undefined && <Foreign text={subject} most={80} />}{' '}
            <span className="quiet">{clause}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
