import type { Labelling, LabelStep } from '../../../src/contract/labelling.ts';
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
            {step.text !== null && <q>{step.text}</q>} {sentenceText(`labelling.explicit.position.${step.position}`)}
          </p>
          {step.lost.map((code) => (
            <p key={code} className="quiet">
              <Sentence of={`label.lost.${code}`} />
            </p>
          ))}
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
