import type { ErrorRate } from '../../../../src/contract/screening.ts';
import { useLang, useWords } from '../../../words/words.ts';
import { count, interval, percent } from '../figures.ts';
import { Foreign } from '../sentence.tsx';

/** How often this method is wrong, with its interval, or why nobody can say. */
export function ErrorRates({ rates }: { rates: ErrorRate | null }) {
  const say = useWords();
  if (rates === null) return say('report.wrong.unmeasurable');
  return (
    <>
      <RateLine what="report.wrong.false-positive" rate={rates.falsePositive} />
      <RateLine what="report.wrong.false-negative" rate={rates.falseNegative} />
      <span className="quiet">
        {say('report.wrong.source')} <Foreign text={rates.source} most={1000} />
      </span>
    </>
  );
}

function RateLine({ what, rate }: { what: string; rate: ErrorRate['falsePositive'] }) {
  const say = useWords();
  const lang = useLang();
  if (rate === null) {
    return (
      <p className="rate">
        {say(what)} <span className="quiet">{say('report.wrong.unknown')}</span>
      </p>
    );
  }
  const span = rate.n === null ? null : interval(rate.rate, rate.n);
  const basis =
    span === null || rate.n === null
      ? say('report.wrong.bound')
      : say('report.wrong.basis', {
          low: percent(lang, span.low),
          high: percent(lang, span.high),
          n: count(lang, rate.n),
        });
  return (
    <p className="rate">
      {say(what)} <b>{percent(lang, rate.rate)}</b> <DotAndBar rate={rate.rate} span={span} />{' '}
      <span className="quiet">{basis}</span>
    </p>
  );
}

/** The rate as a dot and its interval as a bar on a scale of 0…100 %; the figures stand beside it. */
function DotAndBar({ rate, span }: { rate: number; span: { low: number; high: number } | null }) {
  const x = (share: number) => (2 + share * 96).toFixed(1);
  return (
    <svg className="dot-and-bar" viewBox="0 0 100 10" aria-hidden="true" focusable="false">
      <path className="scale" d="M2 5H98M2 2V8M50 3V7M98 2V8" />
      {span && <path className="interval" d={`M${x(span.low)} 5H${x(span.high)}`} />}
      <circle className="dot" cx={x(rate)} cy="5" r="2.6" />
    </svg>
  );
}
