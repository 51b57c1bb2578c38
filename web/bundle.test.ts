import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { buildPages } from '../src/platform/build-pages.ts';

/** A chunk in Vite's manifest. */
interface Chunk {
  file: string;
  imports?: string[];
  dynamicImports?: string[];
  css?: string[];
}

let folder: string;
let manifest: Record<string, Chunk>;

beforeAll(async () => {
  folder = await buildPages(join(import.meta.dirname, '..'), { building: () => {} });
  manifest = JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8'));
});

test.each(['company', 'authority'])(
  'somebody of a %s signs in and reaches the first page with less than 400 kB in few files',
  (kind) => {
    const page = firstPage(kind);
    const frame = ['frame/frame.tsx', 'frame/home.tsx'];
    for (const lang of ['en', 'zh']) {
      const words = [`words/${lang}.ts`, `words/sentences-${lang}.ts`];
      const files = filesOf(['index.html', ...words, 'features/accounts/sign-in.tsx', ...frame, page]);
      const kB = sizeOf(files) / 1000;
      process.stdout.write(`first load in ${lang} up to ${page}: ${kB.toFixed(0)} kB in ${files.length} files\n`);
      expect(kB).toBeLessThan(400);
      expect(files.length).toBeLessThan(40);
    }
  },
);

test('nothing is loaded from elsewhere, and no page needs an inline script', () => {
  const page = readFileSync(join(folder, 'index.html'), 'utf8');
  expect(page).not.toMatch(/(src|href)="(https?:)?\/\//);
  expect(page).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>/);
  const styles = Object.values(manifest).flatMap(({ css = [] }) => css);
  expect(styles.length).toBeGreaterThan(3);
  for (const file of styles)
    expect(readFileSync(join(folder, file), 'utf8')).not.toMatch(/url\((?!["']?data:)|@import/);
});

/** The page behind the first line of the rail, read from the front doors of the features in their order. */
function firstPage(kind: string): string {
  const read = (name: string) => readFileSync(join(import.meta.dirname, 'features', name), 'utf8');
  const order = /features: readonly Feature\[\] = \[([^\]]*)\]/.exec(read('features.ts'))?.[1]?.match(/\w+/g) ?? [];
  for (const name of order) {
    const door = read(`${name}/${name}.ts`);
    const [, to, kinds = ''] = /entries: \[\s*\{\s*to: '\/([^']+)'[^}]*?kinds: \[([^\]]*)\]/.exec(door) ?? [];
    if (to === undefined || !kinds.includes(kind)) continue;
    const page = door.slice(door.indexOf(`path: '${to}'`)).match(/import\('\.\/([^']+)'\)/)?.[1];
    return `features/${name}/${page}`;
  }
  throw new Error(`the rail has no line for a ${kind}`);
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
