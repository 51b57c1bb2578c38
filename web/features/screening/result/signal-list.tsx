import { useWords } from '../../../words/words.ts';
import { layers, type Shown } from './shown.ts';
import { SignalCard } from './signal-card.tsx';

/** Every signal, grouped by layer. Layers that said nothing are named: silence is not an acquittal. */
export function SignalList({ shown }: { shown: Shown }) {
  const say = useWords();
  const { signals, record } = shown;
  const silent = layers.filter((layer) => !signals.some((signal) => signal.layer === layer));
  const names = silent.map((layer) => say(`report.layer.${layer}`)).join(say('report.list.separator'));
  return (
    <section className="signals" aria-label={say('report.signals')}>
      {layers
        .filter((layer) => !silent.includes(layer))
        .map((layer) => (
          <section key={layer} className="layer">
            <h2>
              {say(`report.layer.${layer}`)}{' '}
              <span className="quiet layer-about">{say(`report.layer.${layer}.about`)}</span>
            </h2>
            {signals.map(
              (signal, at) =>
                signal.layer === layer && <SignalCard key={signal.id} shown={shown} signal={signal} number={at + 1} />,
            )}
          </section>
        ))}
      {record.signals.length > signals.length && (
        <p className="quiet">{say('report.signals.more', { number: record.signals.length - signals.length })}</p>
      )}
      {silent.length > 0 && (
        <p className="quiet silent">
          {say(silent.length === layers.length ? 'report.silent.all' : 'report.silent', { layers: names })}
        </p>
      )}
    </section>
  );
}
