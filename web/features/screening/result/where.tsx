import type { ReactNode } from 'react';
import type { Place } from '../../../../src/contract/screening.ts';
import { useLang, useWords } from '../../../words/words.ts';
import { clock, count, hex } from '../figures.ts';
import { Foreign } from '../sentence.tsx';
import { SeekLink } from './player.tsx';
import { durationOf, type Shown } from './shown.ts';

/** Every way in which the record says where a signal sits. */
export function Where({ shown, place }: { shown: Shown; place: Place | null }) {
  const say = useWords();
  const lang = useLang();
  const items: [key: string, words: ReactNode][] = [];
  if (place?.path !== undefined) items.push(['path', <Foreign key="path" text={place.path} most={200} />]);
  if (place?.location !== undefined && place.location !== place.path) {
    items.push([
      'location',
      <span key="location" className="quiet">
        {say('report.where.location')}{' '}
        <code>
          <Foreign text={place.location} most={100} />
        </code>
      </span>,
    ]);
  }
  if (place?.offset !== undefined) {
    const figures = {
      offset: count(lang, place.offset),
      hex: hex(place.offset),
      length: count(lang, place.length ?? 0),
    };
    items.push(['offset', say(place.length === undefined ? 'report.where.byte' : 'report.where.bytes', figures)]);
  }
  if (place?.fromMs !== undefined) {
    const words =
      place.toMs === undefined
        ? say('report.where.time', { at: clock(place.fromMs, true) })
        : say('report.where.span', { from: clock(place.fromMs, true), to: clock(place.toMs, true) });
    items.push([
      'time',
      durationOf(shown) === null ? words : <SeekLink key="time" toMs={place.fromMs} words={words} />,
    ]);
  }
  if (place?.frame !== undefined) items.push(['frame', say('report.where.frame', { number: place.frame + 1 })]);
  if (place?.box !== undefined) {
    const [x, y, width, height] = place.box;
    items.push(['box', say('report.where.box', { x, y, width, height })]);
  }
  if (items.length === 0) return say('report.where.whole');
  return (
    <ul className="lines">
      {items.map(([key, words]) => (
        <li key={key}>{words}</li>
      ))}
    </ul>
  );
}
