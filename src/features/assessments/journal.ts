import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { z } from 'zod';
import { type Trial, trialSchema } from '../../contract/assessment.ts';

/** Whose it is: who published may take away again. */
const publishers = ['usual', 'unidentified'] as const;
export type Publisher = (typeof publishers)[number];

/**
 * What a run did, line by line, each kept before the next step: a run that was killed goes on from here and publishes nothing
 * a second time.
 */
export const lineSchema = z.discriminatedUnion('line', [
  z.object({ line: z.literal('run'), run: z.uuid(), startedAt: z.iso.datetime(), of: z.string() }),
  z.object({ line: z.literal('publishing'), sample: z.string() }),
  z.object({ line: z.literal('published'), sample: z.string(), item: z.string(), as: z.enum(publishers) }),
  z.object({ line: z.literal('refused'), sample: z.string() }),
  z.object({ line: z.literal('removed'), item: z.string() }),
  z.object({ line: z.literal('joined'), room: z.string(), item: z.string() }),
  z.object({ line: z.literal('left'), room: z.string(), item: z.string() }),
  z.object({ line: z.literal('ended'), at: z.iso.datetime() }),
  z.object({ line: z.literal('unit'), key: z.string(), trials: z.array(trialSchema) }),
]);
export type JournalLine = z.output<typeof lineSchema>;
type Line = JournalLine;

export interface JoinedRoom {
  room: string;
  item: string;
}

export interface Held {
  item: string;
  as: Publisher;
}

/** What a run did before, and where it goes on. What is noted is kept before the promise is done. */
export interface Journal {
  run: string;
  startedAt: string;
  /** Something was done in it before. */
  begun: boolean;
  /** It came to its end before: what it saw is not seen anew. */
  ended: boolean;
  /** Trials of what was done to its end. */
  unit(key: string): Trial[] | undefined;
  finish(key: string, trials: Trial[]): Promise<void>;
  /** `unknown`: asked for, and nobody knows whether the service did it. */
  publication(sample: string): { state: 'none' | 'unknown' | 'refused' } | { state: 'published'; item: string };
  note(line: Exclude<Line, { line: 'run' | 'unit' }>): Promise<void>;
  /** Items that the service was given and that were not taken away. */
  held(): Held[];
  /** Rooms that were joined and not left, by the target's name of the room and the service's number. */
  joined(): JoinedRoom[];
  /** Everything that may still be at the service: those, and samples of which nobody knows whether they were published. */
  remaining(): string[];
}

/** Opens the journal at `path`, or begins one. Null where it belongs to another target or rulebook. */
export function openJournal(
  path: string,
  begin: { run: string; startedAt: string; of: string },
): (Journal & { close(): void }) | null {
  const lines = readLines(path);
  const [head] = lines;
  if (head && (head.line !== 'run' || head.of !== begin.of)) return null;
  const file = openSync(path, 'a', 0o600);
  const append = async (line: Line) => {
    writeSync(file, `${JSON.stringify(line)}\n`);
    fsyncSync(file);
  };
  if (!head) void append({ line: 'run', ...begin });
  const { run, startedAt } = head ?? begin;
  return { ...journalOf({ run, startedAt }, lines, append), close: () => closeSync(file) };
}

/** A journal over lines that are kept somewhere; `append` resolves when one is safe. */
export function journalOf(
  head: { run: string; startedAt: string },
  lines: readonly Line[],
  append: (line: Line) => Promise<void>,
): Journal {
  const units = new Map<string, Trial[]>();
  const publications = new Map<string, ReturnType<Journal['publication']>>();
  const held = new Map<string, Publisher>();
  const joined = new Map<string, JoinedRoom>();
  for (const line of lines) apply(line);

  function apply(line: Line): void {
    if (line.line === 'unit') units.set(line.key, line.trials);
    if (line.line === 'publishing') publications.set(line.sample, { state: 'unknown' });
    if (line.line === 'refused') publications.set(line.sample, { state: 'refused' });
    if (line.line === 'published') {
      publications.set(line.sample, { state: 'published', item: line.item });
      held.set(line.item, line.as);
    }
    if (line.line === 'removed') held.delete(line.item);
    if (line.line === 'joined')
      joined.set(JSON.stringify([line.room, line.item]), { room: line.room, item: line.item });
    if (line.line === 'left') joined.delete(JSON.stringify([line.room, line.item]));
  }

  async function note(line: Line): Promise<void> {
    await append(line);
    apply(line);
  }

  return {
    ...head,
    begun: lines.some(({ line }) => line !== 'run'),
    ended: lines.some(({ line }) => line === 'ended'),
    unit: (key) => units.get(key),
    finish: (key, trials) => note({ line: 'unit', key, trials }),
    publication: (sample) => publications.get(sample) ?? { state: 'none' },
    note,
    held: () => [...held].map(([item, as]) => ({ item, as })),
    joined: () => [...joined.values()],
    remaining: () => [
      ...held.keys(),
      ...[...joined.values()].map(({ room, item }) => `${room}: ${item}`),
      ...[...publications].flatMap(([sample, { state }]) => (state === 'unknown' ? [`${sample}: ?`] : [])),
    ],
  };
}

/** A last line that was cut off by the kill is no line. */
function readLines(path: string): Line[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return [];
  }
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => lineSchema.parse(JSON.parse(line)));
}
