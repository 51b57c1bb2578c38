import { useLang, useWords } from '../../../words/words.ts';
import { bytes, count, hex } from '../figures.ts';
import { Foreign } from '../sentence.tsx';
import { Badge, showSignal } from './badge.tsx';
import { at, Chart } from './chart.tsx';
import { type Lens, lensesOf, type MapMark, marksOf } from './map-marks.ts';
import type { Shown } from './shown.ts';

/** The whole file as one bar with a mark where each label, manifest or trace sits, and a lens on every crowded stretch. */
export function LabelMap({ shown }: { shown: Shown }) {
  const say = useWords();
  const lang = useLang();
  const size = shown.record.file.bytes;
  const marks = marksOf(shown);
  if (size === null || size <= 0 || marks.length === 0) return null;
  const lenses = lensesOf(marks, size);
  const gap = 0.03;
  const width = lenses.length === 0 ? 1 : (1 - gap * (lenses.length - 1)) / lenses.length;
  return (
    <Chart
      title={say('report.chart.map')}
      about={say('report.map.about')}
      name={`map-${shown.screening.id.slice(0, 8)}`}
      table={<MarkTable marks={marks} />}
      picture={
        // biome-ignore lint/a11y/useSemanticElements: a group of marks inside a picture
        <svg
          className="map"
          width="100%"
          height={lenses.length > 0 ? 148 : 54}
          role="group"
          aria-label={say('screening.map.label', { marks: marks.length, size: bytes(lang, size) })}
        >
          <rect className="file-bar" x="0" y="16" width="100%" height="20" rx="2" />
          <text className="tick-name" x="0" y="10">
            0
          </text>
          <text className="tick-name" x="100%" y="10" textAnchor="end">
            {bytes(lang, size)}
          </text>
          {marks.map(({ signal, offset, length }) => (
            <rect
              key={signal.id}
              className={`span span-${signal.strength}`}
              x={at(offset / size)}
              y="16"
              width={at(Math.max(0.004, length / size))}
              height="20"
            />
          ))}
          {lenses.map((lens, index) => (
            <LensView key={lens.from} lens={lens} size={size} left={index * (width + gap)} width={width} />
          ))}
        </svg>
      }
    />
  );
}

function LensView({ lens, size, left, width }: { lens: Lens; size: number; left: number; width: number }) {
  const { from, to, marks } = lens;
  const inside = (offset: number) => left + ((offset - from) / (to - from)) * width;
  return (
    <>
      <line className="guide" x1={at(from / size)} y1="36" x2={at(left)} y2="72" />
      <line className="guide" x1={at(to / size)} y1="36" x2={at(left + width)} y2="72" />
      <rect className="lens" x={at(left)} y="72" width={at(width)} height="34" rx="2" />
      {marks.map((mark) => (
        <LensMark
          key={mark.signal.id}
          mark={mark}
          x={inside(mark.offset)}
          width={(mark.length / (to - from)) * width}
        />
      ))}
      {numbersUnder(marks, inside).map(({ x, numbers }) => (
        <text key={x} className="mark-number" x={at(x)} y="122" textAnchor="middle">
          {numbers.join(' ')}
        </text>
      ))}
      <text className="tick-name" x={at(left)} y="142">
        {hex(from)}
      </text>
      <text className="tick-name" x={at(left + width)} y="142" textAnchor="end">
        {hex(to)}
      </text>
    </>
  );
}

function LensMark({ mark, x, width }: { mark: MapMark; x: number; width: number }) {
  const say = useWords();
  const words = `${mark.number} · ${say(`screening.word.${mark.signal.strength}`)} · ${hex(mark.offset)}`;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button inside a picture can only be a group that says so
    <g
      className="mark"
      role="button"
      tabIndex={0}
      aria-label={words}
      onClick={() => showSignal(mark.number)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        showSignal(mark.number);
      }}
    >
      <title>{words}</title>
      <rect
        className={`span span-${mark.signal.strength}`}
        x={at(x)}
        y="72"
        width={at(Math.max(0.006, width))}
        height="34"
      />
    </g>
  );
}

/** Marks at the same spot share one line of numbers. */
function numbersUnder(
  marks: readonly MapMark[],
  inside: (offset: number) => number,
): { x: number; numbers: number[] }[] {
  const groups: { x: number; numbers: number[] }[] = [];
  for (const { number, offset, length } of marks) {
    const x = Math.min(0.97, Math.max(0.03, inside(offset + length / 2)));
    const last = groups.at(-1);
    if (last && x - last.x < 0.07) last.numbers.push(number);
    else groups.push({ x, numbers: [number] });
  }
  return groups;
}

function MarkTable({ marks }: { marks: readonly MapMark[] }) {
  const say = useWords();
  const lang = useLang();
  return (
    <table className="small-table">
      <thead>
        <tr>
          <th scope="col">{say('report.signal')}</th>
          <th scope="col">{say('report.table.place')}</th>
          <th scope="col">{say('report.table.offset')}</th>
          <th scope="col">{say('report.table.length')}</th>
        </tr>
      </thead>
      <tbody>
        {marks.map(({ signal, number, offset, length }) => (
          <tr key={signal.id}>
            <td>
              <Badge number={number} />
            </td>
            <td>
              <Foreign text={signal.place?.path ?? signal.place?.location ?? ''} most={120} />
            </td>
            <td>
              {count(lang, offset)} <code className="quiet">{hex(offset)}</code>
            </td>
            <td>{count(lang, length)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
