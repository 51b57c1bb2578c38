import type { Exhibits, ScreeningRecord, Signal } from '../../../contract/screening.ts';
import { layers } from '../../../contract/screening.ts';
import type { Screening } from '../../../contract/screenings.ts';
import type { Say } from '../../../contract/words.ts';
import { type Html, html } from './html.ts';
import type { Lang } from './words.ts';

/** What people said of a file, beside what the machine did. */
export type PeopleSaid = Pick<Screening, 'override' | 'notes'>;

/** What every part of one file's section is given. */
export interface Section {
  lang: Lang;
  say: Say;
  record: ScreeningRecord;
  exhibits: Exhibits | null;
  /** Null where nobody could say anything, as on the command line. */
  people: PeopleSaid | null;
  /** Prefix of every element id in this section: `f12`. */
  id: string;
  /** The signals in the order they are shown; their number in the section is their position plus one. */
  signals: readonly Signal[];
}

/** Layer by layer, as the record lists them within a layer, at most `maxDrawn`. */
export function signalsInOrder(record: ScreeningRecord): Signal[] {
  return layers.flatMap((layer) => record.signals.filter((signal) => signal.layer === layer)).slice(0, maxDrawn);
}

/** The number that stands for a signal in the list, on the maps and in conflicts; null for an id that the record does not hold. */
export function numberOf(section: Section, signalId: string): number | null {
  const position = section.signals.findIndex((signal) => signal.id === signalId);
  return position < 0 ? null : position + 1;
}

/** A small numbered badge that leads to the signal. */
export function badge(section: Section, number: number): Html {
  return html`<a class="badge" href="#${section.id}-s${number}">${number}</a>`;
}

/** At most this many of anything that a record could hold too many of is drawn; the raw record holds the rest. */
export const maxDrawn = 200;
