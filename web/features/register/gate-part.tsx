import type { Gate } from '../../../src/contract/gate.ts';
import type { Service, ServiceFunction } from '../../../src/contract/register.ts';
import { CopyButton } from '../../ui/copy.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { useLang, useWords } from '../../words/words.ts';
import type { Gates } from '../filings/dues.ts';
import { nameIn } from '../rulebooks/names.ts';
import { GateMark } from './standing.tsx';

/** The launch gate of the service and of each function: open or closed, why, and the command for a pipeline. */
export function GatePart(props: { service: Service; functions: readonly ServiceFunction[]; gates: Gates }) {
  const say = useWords();
  const { gates, waiting, error, again } = props.gates;
  const own = gates.filter((gate) => gate.function === null);
  const ofFunctions = gates.filter((gate) => gate.function !== null);
  return (
    <section className="side-part" id="gate" aria-label={say('register.gate')}>
      <h2>{say('register.gate')}</h2>
      {error !== null && <ProblemNote error={error} onRetry={again} />}
      {waiting && gates.length === 0 && <Waiting lines={2} />}
      {[...ofFunctions, ...own].map((gate) => (
        <OneGate key={gate.function?.id ?? 'service'} gate={gate} />
      ))}
    </section>
  );
}

function OneGate({ gate }: { gate: Gate }) {
  const say = useWords();
  const lang = useLang();
  const { service, function: own, open, reasons, warnings } = gate;
  const command = `clearmirror gate --service ${service.slug}${own ? ` --function ${own.slug}` : ''}`;
  return (
    <article className="gate" data-gate={own?.slug ?? ''} data-open={open}>
      <header>
        <span className="gate-name">{own ? nameIn(own.name, lang) : say('register.gate.service')}</span>
        <GateMark open={open} />
      </header>
      {reasons.length > 0 && (
        <ul className="gate-reasons">
          {reasons.map(({ code, rulebook, due, message, next, occasion }) => (
            <li key={`${code} ${rulebook} ${due} ${occasion?.happening}`}>
              <p>{message}</p>
              <p className="quiet">{next}</p>
            </li>
          ))}
        </ul>
      )}
      {warnings.length > 0 && (
        <details className="gate-warnings">
          <summary>{say('register.gate.warnings', { count: warnings.length })}</summary>
          <ul className="gate-reasons">
            {warnings.map(({ code, rulebook, due, message, occasion }) => (
              <li key={`${code} ${rulebook} ${due} ${occasion?.happening}`}>{message}</li>
            ))}
          </ul>
        </details>
      )}
      <div className="gate-command">
        <code>{command}</code>
        <CopyButton text={command} />
      </div>
    </article>
  );
}
