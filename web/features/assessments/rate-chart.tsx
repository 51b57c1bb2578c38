import { useRef } from 'react';
import type { Rate } from '../../../src/contract/assessment.ts';
import { useWords } from '../../words/words.ts';

const width = 560;
const line = 26;
const left = 220;
const right = 90;
const across = width - left - right;

/** Each rate as a dot with its 95 % Wilson interval as a bar, from 0 to 100 %. Saved as SVG; the table behind it stands under it. */
export function RateChart({ rates, name }: { rates: readonly Rate[]; name: string }) {
  const say = useWords();
  const picture = useRef<SVGSVGElement>(null);
  const shown = rates.filter(({ tried }) => tried > 0);
  if (shown.length === 0) return null;
  const height = shown.length * line + 24;
  const at = (share: number) => left + share * across;
  return (
    <figure className="rate-chart">
      <svg
        ref={picture}
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={name}
        xmlns="http://www.w3.org/2000/svg"
      >
        <title>{name}</title>
        {[0, 0.5, 1].map((share) => (
          <g key={share}>
            <line x1={at(share)} x2={at(share)} y1="4" y2={height - 18} stroke="currentColor" strokeOpacity="0.18" />
            <text x={at(share)} y={height - 5} textAnchor="middle" fontSize="10" fill="currentColor" fillOpacity="0.7">
              {share * 100}%
            </text>
          </g>
        ))}
        {shown.map(({ subject, kept, tried, low, high }, index) => {
          const y = index * line + 16;
          const colour = kept === tried ? '#2f6f62' : '#b3362a';
          return (
            <g key={subject}>
              <text x={left - 10} y={y + 4} textAnchor="end" fontSize="12" fill="currentColor">
                {subject.length > 34 ? `${subject.slice(0, 33)}…` : subject}
              </text>
              <line x1={at(low)} x2={at(high)} y1={y} y2={y} stroke={colour} strokeWidth="5" strokeOpacity="0.35" />
              {kept === tried ? (
                <circle cx={at(kept / tried)} cy={y} r="5" fill={colour} />
              ) : (
                <path d={`M${at(kept / tried)} ${y - 6}l6 6-6 6-6-6Z`} fill={colour} />
              )}
              <text x={at(1) + 12} y={y + 4} fontSize="12" fill="currentColor">
                {kept}/{tried}
              </text>
            </g>
          );
        })}
      </svg>
      <figcaption className="quiet">
        {say('assessments.chart.caption')}{' '}
        <button type="button" className="tell" onClick={() => save(picture.current, name)}>
          {say('assessments.chart.save')}
        </button>
      </figcaption>
    </figure>
  );
}

function save(picture: SVGSVGElement | null, name: string): void {
  if (!picture) return;
  const copy = picture.cloneNode(true);
  if (!(copy instanceof SVGSVGElement)) return;
  copy.setAttribute('color', '#1d2129');
  copy.setAttribute('font-family', 'sans-serif');
  const address = URL.createObjectURL(
    new Blob([new XMLSerializer().serializeToString(copy)], { type: 'image/svg+xml' }),
  );
  const link = Object.assign(document.createElement('a'), { href: address, download: `${name}.svg` });
  link.click();
  URL.revokeObjectURL(address);
}
