import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const web = import.meta.dirname;
const layers = ['words', 'api', 'theme', 'ui', 'frame', 'features'];

test('pages load nothing of the contract that loads more, and what knows no domain stays so', () => {
  const wrong = importsOf(web).filter(({ from, to, typeOnly }) => {
    const [layer] = from.split('/');
    if (to.startsWith('../src/')) return !isContract(to, typeOnly);
    if (to.startsWith('../')) return true;
    if (layer === 'ui' || layer === 'api' || layer === 'words')
      return to.startsWith('features/') || to.startsWith('frame/');
    return false;
  });
  expect(wrong).toEqual([]);
});

test('features do not lean on each other in a circle', () => {
  const leans = new Map<string, Set<string>>();
  for (const { from, to } of importsOf(web)) {
    const one = featureOf(from);
    const other = featureOf(to);
    if (one !== null && other !== null && one !== other) leans.set(one, (leans.get(one) ?? new Set()).add(other));
  }
  const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
    [...(leans.get(from) ?? [])].some((next) => next === to || (!seen.has(next) && reaches(next, to, seen.add(next))));
  expect([...leans.keys()].filter((feature) => reaches(feature, feature))).toEqual([]);
});

function featureOf(file: string): string | null {
  return /^features\/([^/]+)\//.exec(file)?.[1] ?? null;
}

interface Import {
  from: string;
  to: string;
  typeOnly: boolean;
}

/** Types cost nothing; `zod` behind a value would weigh on every page. The words are data. */
function isContract(to: string, typeOnly: boolean): boolean {
  if (/^\.\.\/src\/contract\/words\//.test(to)) return true;
  return /^\.\.\/src\/contract\/[^/]+\.ts$/.test(to) && (typeOnly || standsAlone(to));
}

function standsAlone(to: string): boolean {
  return !/^import (?!type )/m.test(readFileSync(join(web, to), 'utf8'));
}

function importsOf(folder: string): Import[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const sources = files.filter((file) => /\.tsx?$/.test(file) && !/\.test\.ts$|\.d\.ts$|^dist/.test(file));
  expect(layers.every((layer) => sources.some((file) => file.startsWith(`${layer}/`)))).toBe(true);
  return sources.flatMap((file) => {
    const source = readFileSync(join(folder, file), 'utf8');
    return [
      ...source.matchAll(
        /(?:^|\n)\s*(import|export)(\s+type)?\b[^;'"]*?['"](\.[^'"]+)['"]|import\(['"](\.[^'"]+)['"]\)/g,
      ),
    ].map(([, , type, plain, lazy]) => ({
      from: file,
      to: relative(folder, join(folder, dirname(file), plain ?? lazy ?? '')),
      typeOnly: type !== undefined,
    }));
  });
}
