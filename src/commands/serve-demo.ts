import { say } from '../contract/words.ts';
import { type Demo, openDemo, type Progress } from '../demo/demo.ts';
import { keyFile } from '../demo/key.ts';
import { organisations, people } from '../demo/people.ts';
import { companyFile } from '../demo/register.ts';
import type { Serving } from '../serving.ts';
import type { CommandContext } from './command.ts';

export interface RunningDemo {
  /** Prints who can sign in, and tells the story in the background while the server answers. */
  begin(): void;
  /** Resolves when nothing is asked of the server any more. */
  stop(): Promise<void>;
}

/** `serve --demo`: what it prints, and when the story is told. */
export async function openRunningDemo(
  context: CommandContext,
  { server, setupLink }: Serving,
  { folder, publicUrl, platform }: { folder: string; publicUrl: string; platform: string | null },
): Promise<RunningDemo> {
  const { config, root, out, err } = context;
  const { lang } = config;
  const words = (key: string, params = {}) => say(lang, `cli.demo.${key}`, params);
  const demo = await openDemo({ server, setupLink, root, folder, publicUrl, lang, platform, now: () => new Date() });
  let filling: Promise<void> = Promise.resolve();

  const fill = async () => {
    const startedAt = performance.now();
    const told = await demo.fill((progress) => err(sayProgress(words, progress)));
    if (told === 'stopped') return;
    const seconds = Math.ceil((performance.now() - startedAt) / 1000);
    out(`\n${words('filled', { seconds })}\n${sayTrials(words, { folder, publicUrl })}`);
  };
  return {
    begin: () => {
      out(sayPeople(words, demo));
      if (demo.filled) {
        out(sayTrials(words, { folder, publicUrl }));
        // The sample platform may listen elsewhere than at the last start.
        filling = demo
          .fill(() => {})
          .then(
            () => {},
            (error: unknown) => err(`${words('not-filled', { reason: String(error) })}\n`),
          );
        return;
      }
      out(`\n${words('filling')}\n`);
      // The server answers all the same, and the next start goes on from there.
      filling = fill().catch((error: unknown) => err(`${words('not-filled', { reason: String(error) })}\n`));
    },
    stop: () => {
      demo.stop();
      return filling;
    },
  };
}

type Words = (key: string, params?: Record<string, string | number>) => string;

function sayPeople(words: Words, { password }: Demo): string {
  const shown = [people.lin, people.zhou, people.gu, people.su];
  const rows = shown.map(({ name, email, role, at }) => [name, email, words(`role.${role}`), organisations[at].name]);
  const head = ['name', 'email', 'role', 'organisation'].map((column) => words(`column.${column}`));
  const lines = [
    '',
    words('invented'),
    '',
    ...inColumns([head, ...rows]).map((line) => `  ${line}`),
    '',
    words('password', { password }),
    words('others', { count: Object.keys(people).length }),
  ];
  return `${lines.join('\n')}\n`;
}

function sayTrials(words: Words, { folder, publicUrl }: { folder: string; publicUrl: string }): string {
  const as = `--server ${publicUrl} --key-file ${quoted(keyFile(folder))}`;
  const lines = [
    '',
    words('trials'),
    `  ./clearmirror gate --service shimmer-video --function face-swap ${as}`,
    `  ./clearmirror register plan ${quoted(companyFile(folder))} ${as}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** A line of its own for each step: they may stand in a log. */
function sayProgress(words: Words, { chapter, done, all }: Progress): string {
  const what = words(`chapter.${chapter}`);
  return `  ${done === undefined || all === undefined ? `${what} …` : words('progress', { what, done, all })}\n`;
}

function inColumns(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => widthOf(row[at] ?? ''))));
  const pad = (cell: string, at: number) => cell + ' '.repeat((widths[at] ?? 0) - widthOf(cell));
  return rows.map((row) => row.map(pad).join('   ').trimEnd());
}

/** Columns on a terminal, where a Chinese character takes two. */
function widthOf(text: string): number {
  return [...text].reduce((sum, character) => sum + (/[\u2e80-\u9fff\uff00-\uff60]/.test(character) ? 2 : 1), 0);
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
