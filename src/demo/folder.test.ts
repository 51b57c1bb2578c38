import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { guardFolder, readDemoNote, writeNote } from './folder.ts';

function newFolder(...names: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'clearmirror-demo-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of names) writeFileSync(join(folder, name), 'kept');
  return folder;
}
const demo = { demo: true, lang: 'en' } as const;
const work = { demo: false, lang: 'en' } as const;

test('a demo begins in an empty folder that is locked, with a password of its own that only its owner can read', async () => {
  const [one, other] = [newFolder('lock.db', 'serve.json'), newFolder()];
  await guardFolder(one, demo);
  await guardFolder(other, demo);
  const { password, standing, done } = readDemoNote(one, 'en');
  expect({ standing, done }).toEqual({ standing: false, done: [] });
  expect(password).toMatch(/^([bdfghklmnprstv][aeiou]){2}(-([bdfghklmnprstv][aeiou]){2}){4}$/);
  expect(readDemoNote(other, 'en').password).not.toBe(password);
  expect(statSync(join(one, 'demo.json')).mode & 0o777).toBe(0o600);
});

test.each(['database', 'secret.key', 'media', 'trust', 'notes.txt'])(
  'a folder with %s is no place for a demo',
  async (name) => {
    const folder = newFolder('lock.db', name);
    await expect(guardFolder(folder, demo)).rejects.toMatchObject({ code: 'folder-has-data' });
    expect(readdirSync(folder).sort()).toEqual(['lock.db', name].sort());
    expect(readFileSync(join(folder, name), 'utf8')).toBe('kept');
    await guardFolder(folder, work);
  },
);

test('the folder of a demo is opened as nothing else, also when its mark is damaged', async () => {
  const folder = newFolder();
  await guardFolder(folder, demo);
  await expect(guardFolder(folder, work)).rejects.toMatchObject({ code: 'folder-is-demo' });
  writeFileSync(join(folder, 'demo.json'), '{');
  await expect(guardFolder(folder, work)).rejects.toMatchObject({ code: 'note-broken' });
  await expect(guardFolder(folder, demo)).rejects.toMatchObject({ code: 'note-broken' });
});

test('a demo that let nobody in yet is begun anew; one that did is kept', async () => {
  const folder = newFolder();
  await guardFolder(folder, demo);
  const before = readDemoNote(folder, 'en');
  mkdirSync(join(folder, 'database'));
  await guardFolder(folder, demo);
  expect(readdirSync(folder)).toEqual(['demo.json']);
  expect(readDemoNote(folder, 'en')).toEqual(before);
  mkdirSync(join(folder, 'database'));
  await writeNote(folder, { ...before, standing: true });
  await guardFolder(folder, demo);
  expect(readdirSync(folder).sort()).toEqual(['database', 'demo.json']);
});
