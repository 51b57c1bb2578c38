import { useWords } from '../../../words/words.ts';
import { addressOf } from '../calls.ts';
import { clock } from '../figures.ts';
import { Boxes } from './boxes.tsx';
import { useViewing } from './player.tsx';
import { boxesAt, type Shown } from './shown.ts';

/** The frames that were looked at, in their order; each leads to its moment. */
export function FrameStrip({ shown }: { shown: Shown }) {
  const say = useWords();
  const { filter, seek, positionMs } = useViewing();
  const { screening, record } = shown;
  const frames = screening.exhibits.filter(({ kind }) => kind === 'frame');
  if (frames.length < 2) return null;
  const passed = frames.filter(({ atMs }) => positionMs !== null && atMs !== null && atMs <= positionMs + 40);
  const current = passed.at(-1)?.number;
  return (
    <section className="strip-part" aria-label={say('report.stills')}>
      <h2>{say('report.stills')}</h2>
      <ol className="strip">
        {frames.map(({ number, atMs, width, height }, at) => {
          const name =
            atMs === null
              ? say('report.still', { number: at + 1 })
              : say('report.still.at', { number: at + 1, at: clock(atMs) });
          return (
            <li key={number}>
              <button
                type="button"
                className="still"
                aria-label={name}
                aria-current={number === current}
                disabled={atMs === null}
                onClick={() => atMs !== null && seek(atMs)}
              >
                <span className="still-picture">
                  <img
                    src={addressOf.exhibit(screening.id, number)}
                    width={width}
                    height={height}
                    alt=""
                    loading="lazy"
                    style={{ filter }}
                  />
                  <Boxes
                    boxes={boxesAt(shown, atMs ?? -1, at)}
                    width={record.media?.width}
                    height={record.media?.height}
                  />
                </span>
                {atMs !== null && <span className="still-at">{clock(atMs)}</span>}
              </button>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
