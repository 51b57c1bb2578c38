import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** A chunk in Vite's manifest. */
interface Chunk {
  file: string;
  imports?: string[];
  dynamicImports?: string[];
  css?: string[];
}

const folder = mkdtempSync(join(tmpdir(), 'clearmirror-pages-'));
let manifest: Record<string, Chunk>;

beforeAll(async () => {
  await build({ root: import.meta.dirname, build: { outDir: folder, emptyOutDir: true }, logLevel: 'error' });
  manifest = JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('signing in and reaching the first page loads less than 400 kB', () => {
  const page = heaviestPage();
  const frame = ['frame/frame.tsx', 'frame/home.tsx', 'features/accounts/attention.ts'];
  for (const lang of ['en', 'zh']) {
    const words = [`words/${lang}.ts`, `words/sentences-${lang}.ts`];
    const files = filesOf(['index.html', ...words, 'features/accounts/sign-in.tsx', ...frame, page]);
    const kB = sizeOf(files) / 1000;
    process.stdout.write(`first load in ${lang} up to ${page}: ${kB.toFixed(0)} kB in ${files.length} files\n`);
    expect(kB).toBeLessThan(400);
  }
});

test('nothing is loaded from elsewhere, and no page needs an inline script', () => {
  const page = readFileSync(join(folder, 'index.html'), 'utf8');
  expect(page).not.toMatch(/(src|href)="(https?:)?\/\//);
  expect(page).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>/);
  const styles = Object.values(manifest).flatMap(({ css = [] }) => css);
  expect(styles.length).toBeGreaterThan(3);
  for (const file of styles)
    expect(readFileSync(join(folder, file), 'utf8')).not.toMatch(/url\((?!["']?data:)|@import/);
});

/** Somebody may come in by a link to any page, so the heaviest of all counts. */
function heaviestPage(): string {
  const pages = Object.keys(manifest).filter((name) => name.startsWith('features/'));
  expect(pages.length).toBeGreaterThan(10);
  const size = (name: string) => sizeOf(filesOf([name]));
  return pages.reduce((heaviest, name) => (size(name) > size(heaviest) ? name : heaviest));
}

function sizeOf(files: string[]): number {
  return files.reduce((sum, file) => sum + compressedSize(file), 0);
}

/** The files that a browser loads for these chunks, each once. */
function filesOf(names: string[]): string[] {
  const seen = new Set<string>();
  const visit = (name: string) => {
    const chunk = manifest[name];
    if (!chunk) throw new Error(`the build has no ${name}`);
    if (seen.has(chunk.file)) return;
    for (const file of [chunk.file, ...(chunk.css ?? [])]) seen.add(file);
    for (const other of chunk.imports ?? []) visit(other);
  };
  for (const name of names) visit(name);
  return [...seen];
}

/** As it goes over the line: gzip where there is one, which every browser takes. */
function compressedSize(file: string): number {
  const packed = statSync(join(folder, `${file}.gz`), { throwIfNoEntry: false });
  return (packed ?? statSync(join(folder, file))).size;
}
