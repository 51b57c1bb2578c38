import { spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { changeShelf, findThings, folderOf, type ShelfChanges, writeDurably } from './shelf.ts';

let home = '';
let shelf = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'clearmirror-shelf-'));
  shelf = join(home, 'data', 'shelf');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

class Busy extends Error {
  readonly holder: number;
  constructor(holder: number) {
    super('busy');
    this.holder = holder;
  }
}
const change = <T>(work: (changes: ShelfChanges) => Promise<T>) =>
  changeShelf(shelf, ({ holder }) => new Busy(holder), work);
const put = (name: string, content: string) =>
  change(({ place }) => place(name, (draft) => writeDurably(join(draft, 'content'), content)));
const contents = () =>
  findThings(shelf).map((name) => [name, readFileSync(join(folderOf(shelf, name), 'content'), 'utf8')]);

test('things are put on the shelf, replaced and taken off, and nothing else is left', async () => {
  expect(findThings(shelf)).toEqual([]);
  await put('b', '1');
  await put('a', '1');
  await put('b', '2');
  expect(contents()).toEqual([
    ['a', '1'],
    ['b', '2'],
  ]);
  expect(await change(({ takeOff }) => takeOff('a'))).toBe(true);
  expect(await change(({ takeOff }) => takeOff('a'))).toBe(false);
  expect(readdirSync(shelf)).toEqual(['b']);
});

test('files on the shelf are not things', async () => {
  await put('a', '1');
  writeFileSync(join(shelf, 'settings.json'), '{}');
  expect(findThings(shelf)).toEqual(['a']);
});

test('everybody may read what is on the shelf, whatever the umask', async () => {
  const before = process.umask(0o077);
  try {
    await put('a', '1');
  } finally {
    process.umask(before);
  }
  const modes = ['a', 'a/content'].map((name) => statSync(join(shelf, name)).mode & 0o777);
  expect(modes).toEqual([0o755, 0o644]);
});

test('a thing that could not be written to the end leaves the old one', async () => {
  await put('a', '1');
  const full = change(({ place }) =>
    place('a', async (draft) => {
      await writeDurably(join(draft, 'content'), '2');
      throw new Error('ENOSPC');
    }),
  );
  await expect(full).rejects.toThrow('ENOSPC');
  expect(contents()).toEqual([['a', '1']]);
  expect(readdirSync(shelf)).toEqual(['a']);
});

test('killed between the two renames: the old thing is found, and put back by the next change', async () => {
  await put('a', '1');
  renameSync(join(shelf, 'a'), join(shelf, '.old-a'));
  mkdirSync(join(shelf, '.new-abc'));
  mkdirSync(join(shelf, '.gone-c'));
  expect(contents()).toEqual([['a', '1']]);
  await put('b', '1');
  expect(readdirSync(shelf).sort()).toEqual(['a', 'b']);
  expect(contents()).toContainEqual(['a', '1']);
});

test('killed after the second rename: the new thing is found, and the old one goes with the next change', async () => {
  await put('a', '2');
  mkdirSync(join(shelf, '.old-a'));
  writeFileSync(join(shelf, '.old-a/content'), '1');
  expect(contents()).toEqual([['a', '2']]);
  await change(async () => {});
  expect(readdirSync(shelf)).toEqual(['a']);
});

test('two at once: the second is told who is at it; when that one is killed, its lock and its draft are nobody’s', async () => {
  await put('a', '1');
  const script = `
    const { changeShelf } = await import(${JSON.stringify(new URL('./shelf.ts', import.meta.url).href)});
    await changeShelf(${JSON.stringify(shelf)}, () => new Error('busy'), ({ place }) =>
      place('a', () => new Promise(() => { process.stdout.write('writing'); setInterval(() => {}, 1000); })));`;
  const other = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await new Promise((resolve) => other.stdout.once('data', resolve));
    await expect(put('a', '2')).rejects.toMatchObject({ message: 'busy', holder: other.pid });
    expect(contents()).toEqual([['a', '1']]);
  } finally {
    other.kill('SIGKILL');
  }
  await text(other.stdout);
  await new Promise((resolve) => (other.signalCode === null ? other.once('exit', resolve) : resolve(null)));
  expect(readdirSync(shelf).filter((name) => name.startsWith('.'))).toHaveLength(2);
  await put('a', '2');
  expect(contents()).toEqual([['a', '2']]);
  expect(readdirSync(shelf)).toEqual(['a']);
});
