import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, type MouseEvent, type ReactNode, useId } from 'react';
import { useLang, useWords } from '../../../words/words.ts';
import { addressOf, readWaveform, type Waveform } from '../calls.ts';
import { clock, clockTick } from '../figures.ts';
import { cut } from '../plain.ts';
import { sentenceText } from '../sentence.tsx';
import { Badge, showSignal } from './badge.tsx';
import { at, Chart } from './chart.tsx';
import { type Lane, lanesOf, type Span, ticksFor, wavePath } from './lanes.ts';
import { useViewing } from './player.tsx';
import { sampledWords } from './sampled.ts';
import { durationOf, type Shown } from './shown.ts';

/** More would be a wall, not a picture. */
const mostLanes = 24;
const shapes = { strong: '◆', some: '▲', declared: '■', little: '○', 'not-applicable': '–' } as const;

/** Frames, sound and every signal that has a time, on one axis. A click anywhere goes to that moment. */
export function Timeline({ shown }: { shown: Shown }) {
  const durationMs = durationOf(shown);
  return durationMs === null ? null : <TimelineChart shown={shown} durationMs={durationMs} />;
}

function TimelineChart({ shown, durationMs }: { shown: Shown; durationMs: number }) {
  const say = useWords();
  const lang = useLang();
  const { positionMs, seek } = useViewing();
  const { screening } = shown;
  const lanes = lanesOf(shown.signals).slice(0, mostLanes);
  const soundRows = useSoundRows(shown, durationMs);
  const rows = [...soundRows, ...lanes.map((lane) => laneRow(lane, durationMs))];
  const stills = screening.exhibits.flatMap(({ kind, atMs }) => (kind === 'frame' && atMs !== null ? [atMs] : []));
  if (stills.length > 1) rows.unshift(stillRow(say('screening.timeline.frames'), stills, durationMs));
  const height = rows.reduce((sum, row) => sum + row.height, axisHeight);
  const { stepMs, ticks } = ticksFor(durationMs);
  const soundTop = axisHeight + (rows[0] === soundRows[0] ? 0 : stillsHeight);
  const soundHeight = soundRows.reduce((sum, row) => sum + row.height, 0);
  const goThere = ({ clientX, currentTarget }: MouseEvent<SVGSVGElement>) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    if (width > 0) seek(Math.min(1, Math.max(0, (clientX - left) / width)) * durationMs);
  };
  let top = axisHeight;
  return (
    <Chart
      title={say('report.chart.timeline')}
      about={sampledWords(shown, say, lang)}
      name={`timeline-${screening.id.slice(0, 8)}`}
      table={lanes.length > 0 && <SpanTable lanes={lanes} />}
      picture={
        // biome-ignore lint/a11y/useKeyWithClickEvents: the marks, the frames and the player itself take keys; this is the pointer's way
        // biome-ignore lint/a11y/useSemanticElements: a group of marks inside a picture
        <svg
          className="timeline"
          width="100%"
          height={height}
          role="group"
          aria-label={say('screening.timeline.label', { duration: clock(durationMs), lanes: lanes.length })}
          onClick={goThere}
        >
          {ticks.map((ms) => (
            <g key={ms}>
              <line className="tick" x1={at(ms / durationMs)} x2={at(ms / durationMs)} y1="14" y2={height} />
              <text
                className="tick-name"
                x={at(ms / durationMs)}
                y="10"
                textAnchor={ms === 0 ? 'start' : ms > durationMs * 0.96 ? 'end' : 'middle'}
              >
                {clockTick(ms, stepMs)}
              </text>
            </g>
          ))}
          {rows.map(({ key, height: rowHeight, draw }) => {
            const drawn = <g key={key}>{draw(top)}</g>;
            top += rowHeight;
            return drawn;
          })}
          {soundHeight > 0 &&
            lanes.map(({ signal, spans }) => (
              <Bands key={signal.id} spans={spans} durationMs={durationMs} top={soundTop} height={soundHeight} />
            ))}
          {positionMs !== null && (
            <line
              className="cursor"
              x1={at(positionMs / durationMs)}
              x2={at(positionMs / durationMs)}
              y1="14"
              y2={height}
            />
          )}
        </svg>
      }
    />
  );
}

interface Row {
  key: string;
  height: number;
  draw: (top: number) => ReactNode;
}

const axisHeight = 22;
const stillsHeight = 34;

function useSoundRows({ screening }: Shown, durationMs: number): Row[] {
  const say = useWords();
  const filter = useId();
  const wave = screening.exhibits.find(({ kind }) => kind === 'waveform');
  const spectrogram = screening.exhibits.find(({ kind }) => kind === 'spectrogram');
  const { data: peaks } = useQuery({
    queryKey: ['screenings', 'waveform', screening.id],
    queryFn: () => readWaveform(screening.id),
    enabled: wave !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const rows: Row[] = [];
  if (wave) {
    rows.push({
      key: 'waveform',
      height: 84,
      draw: (top) => (
        <>
          <LaneName top={top} name={say('report.timeline.waveform')} />
          <line className="axis" x1="0" x2="100%" y1={top + 48} y2={top + 48} />
          {peaks && <Wave peaks={peaks} durationMs={durationMs} top={top} />}
        </>
      ),
    });
  }
  if (spectrogram) {
    const width = at((spectrogram.durationMs ?? durationMs) / durationMs);
    rows.push({
      key: 'spectrogram',
      height: 126,
      draw: (top) => (
        <>
          <LaneName top={top} name={say('report.timeline.spectrogram')} />
          <filter id={filter} colorInterpolationFilters="sRGB" x="0" y="0" width="1" height="1">
            {/* Grey −90…0 dB to night blue, bronze-green, straw; the same in both themes and in the report. */}
            <feComponentTransfer>
              <feFuncR type="table" tableValues="0.06 0.09 0.15 0.45 0.86 1" />
              <feFuncG type="table" tableValues="0.08 0.17 0.42 0.66 0.80 0.98" />
              <feFuncB type="table" tableValues="0.11 0.25 0.40 0.47 0.52 0.86" />
            </feComponentTransfer>
          </filter>
          <svg x="0" y={top + 18} width={width} height="100">
            <title>{say('report.timeline.spectrogram')}</title>
            <image
              width="100%"
              height="100%"
              preserveAspectRatio="none"
              filter={`url(#${filter})`}
              href={addressOf.exhibit(screening.id, spectrogram.number)}
            />
            {spectrogram.maxHz !== null && (
              <text className="on-dark" x="4" y="12">
                {Number((spectrogram.maxHz / 1000).toFixed(1))} kHz
              </text>
            )}
          </svg>
        </>
      ),
    });
  }
  return rows;
}

function Wave({ peaks, durationMs, top }: { peaks: Waveform; durationMs: number; top: number }) {
  if (peaks.min.length === 0) return null;
  return (
    <svg
      x="0"
      y={top + 18}
      width={at(peaks.durationMs / durationMs)}
      height="60"
      viewBox={`0 -1 ${peaks.min.length} 2`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path className="wave" d={wavePath(peaks.min, peaks.max)} />
    </svg>
  );
}

function stillRow(name: string, stills: readonly number[], durationMs: number): Row {
  return {
    key: 'stills',
    height: stillsHeight,
    draw: (top) => (
      <>
        <LaneName top={top} name={name} />
        {stills.map((ms) => (
          <rect key={ms} className="still-tick" x={at(ms / durationMs)} y={top + 17} width="3" height="12" rx="1" />
        ))}
      </>
    ),
  };
}

function laneRow(lane: Lane, durationMs: number): Row {
  const { signal, number, spans } = lane;
  return {
    key: signal.id,
    height: 38,
    draw: (top) => (
      <>
        <LaneName top={top} name={`${number} · ${cut(sentenceText(`signal.${signal.code}`, signal.params), 64)}`} />
        <line className="lane" x1="0" x2="100%" y1={top + 25} y2={top + 25} />
        {spans.map((span) => (
          <Mark key={`${span.fromMs}-${span.toMs}`} lane={lane} span={span} durationMs={durationMs} top={top} />
        ))}
      </>
    ),
  };
}

/** The same spans laid over waveform and spectrogram. */
function Bands(props: { spans: readonly Span[]; durationMs: number; top: number; height: number }) {
  const { spans, durationMs, top, height } = props;
  return spans.map(({ fromMs, toMs, strength }) => (
    <rect
      key={`${fromMs}-${toMs}`}
      className={`band span-${strength}`}
      x={at(fromMs / durationMs)}
      y={top + 16}
      width={toMs === null ? 2 : at((Math.min(toMs, durationMs) - fromMs) / durationMs)}
      height={height - 18}
    />
  ));
}

/** Colour, shape and, for the ear, the words. Enter goes to the moment; a second press shows the signal. */
function Mark({ lane, span, durationMs, top }: { lane: Lane; span: Span; durationMs: number; top: number }) {
  const say = useWords();
  const { seek } = useViewing();
  const share = span.toMs === null ? 0 : (Math.min(span.toMs, durationMs) - span.fromMs) / durationMs;
  const when = span.toMs === null ? clock(span.fromMs, true) : `${clock(span.fromMs, true)}–${clock(span.toMs, true)}`;
  const words = `${lane.number} · ${say(`screening.word.${span.strength}`)} · ${when}`;
  const go = (event: MouseEvent | KeyboardEvent) => {
    event.stopPropagation();
    event.preventDefault();
    seek(span.fromMs);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button inside a picture can only be a group that says so
    <g
      className="mark"
      role="button"
      tabIndex={0}
      aria-label={words}
      onClick={go}
      onDoubleClick={() => showSignal(lane.number)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' || event.key === ' ') go(event);
        if (event.key === 's') showSignal(lane.number);
      }}
    >
      <title>{words}</title>
      <rect
        className={`span span-${span.strength}`}
        x={at(span.fromMs / durationMs)}
        y={top + 19}
        width={span.toMs === null ? 3 : at(Math.max(share, 0.004))}
        height="12"
        rx="1.5"
      />
      {share >= 0.03 && (
        <text className="span-shape" x={at(span.fromMs / durationMs + share / 2)} y={top + 28.5} textAnchor="middle">
          {shapes[span.strength]}
        </text>
      )}
    </g>
  );
}

function LaneName({ top, name }: { top: number; name: string }) {
  return (
    <text className="lane-name" x="0" y={top + 12}>
      {name}
    </text>
  );
}

function SpanTable({ lanes }: { lanes: readonly Lane[] }) {
  const say = useWords();
  return (
    <table className="small-table">
      <thead>
        <tr>
          <th scope="col">{say('report.signal')}</th>
          <th scope="col">{say('report.table.from')}</th>
          <th scope="col">{say('report.table.to')}</th>
          <th scope="col">{say('report.strength')}</th>
        </tr>
      </thead>
      <tbody>
        {lanes.flatMap(({ number, spans }) =>
          spans.map(({ fromMs, toMs, strength }) => (
            <tr key={`${number}-${fromMs}-${toMs}`}>
              <td>
                <Badge number={number} />
              </td>
              <td>{clock(fromMs, true)}</td>
              <td>{toMs === null ? '–' : clock(toMs, true)}</td>
              <td>{say(`screening.word.${strength}`)}</td>
            </tr>
          )),
        )}
      </tbody>
    </table>
  );
}
