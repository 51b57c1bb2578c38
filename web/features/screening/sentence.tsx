import { Fragment, type ReactNode } from 'react';
import { type Say, useLang, words } from '../../words/words.ts';
import { nameOf, plain, unseen } from './plain.ts';

export type Params = Readonly<Record<string, string | number>>;

/** The sentence of a code, foreign values fenced so that no writing direction leaks out of them. Without a sentence: the code itself. */
export function Sentence({ of: key, params = {} }: { of: string; params?: Params }): ReactNode {
  useLang();
  const said = sayCode(key, params);
  if (said === null) return <code>{plain(codeOf(key), 120)}</code>;
  return said.split(fenced).map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of one sentence have no name but their order
    <Fragment key={index}>{index % 2 === 0 ? part : <Foreign text={part} />}</Fragment>
  ));
}

/** The same as text, for labels and charts. */
export function sentenceText(key: string, params: Params = {}): string {
  const said = sayCode(key, params);
  return said === null ? plain(codeOf(key), 120) : said.replaceAll(fenced, (_, part: string) => plain(part));
}

/** Whether there are words for this value of a foreign string. */
export function knownWords(say: Say, key: string): string | null {
  return codeLike.test(key) && words.exists(key) ? say(key) : null;
}

/** Text from a file: isolated from its surroundings, what no one can see as a small chip. */
export function Foreign({ text, most = 400 }: { text: string; most?: number }): ReactNode {
  const short =
    text.length > most
      ? `${Array.from(text.slice(0, most * 2))
          .slice(0, most - 1)
          .join('')}…`
      : text;
  const parts: ReactNode[] = [];
  let from = 0;
  for (const match of short.matchAll(unseen)) {
    parts.push(short.slice(from, match.index), <Unseen key={match.index} character={match[0]} />);
    from = match.index + match[0].length;
  }
  return <bdi>{parts.length === 0 ? short : [...parts, short.slice(from)]}</bdi>;
}

function Unseen({ character }: { character: string }) {
  return <span className="unseen-mark">{nameOf(character)}</span>;
}

/** Null without a sentence. A code that does not look like one never reaches the catalogue, whose keys have a syntax of their own. */
function sayCode(key: string, params: Params): string | null {
  if (!codeLike.test(key)) return null;
  const { reason } = params;
  // A finding with a reason has a sentence for each reason: `finding.unexaminable_memory`.
  const said = words.t(key, { ...fence(params), ...(reason !== undefined && { context: String(reason) }) });
  return said === key ? null : said;
}

function fence(params: Params): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      // A plain word needs no fence, and catalogues choose sentences by some.
      typeof value === 'string' && !/^[\w.-]{1,80}$/.test(value)
        ? `\uE000${value.slice(0, 600).replaceAll(/[\uE000\uE001]/g, '\uFFFD')}\uE001`
        : value,
    ]),
  );
}

function codeOf(key: string): string {
  return key.slice(key.indexOf('.') + 1);
}

const codeLike = /^[\w.-]{1,120}$/;
const fenced = /\uE000([^\uE001]*)\uE001/g;
