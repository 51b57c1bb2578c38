import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { type Survival, survivalSchema } from '../../src/contract/survival.ts';
import { clearmirror, root } from '../clearmirror.ts';
import { drawnFace } from '../drawn-face.ts';
import { newFolder } from '../new-folder.ts';
import { plainPdf } from '../plain-files.ts';
import { makeChain } from '../signing/make-certificate.ts';

const page = join(root, 'docs/survival.md');
const names = ['p.jpg', 'p.png', 'p.webp', 'v.mp4', 'v.mkv', 'a.mp3', 'a.m4a', 'a.wav', 'd.pdf'] as const;

/**
 * The page is the golden file. `CLEARMIRROR_UPDATE_GOLDENS=1` writes it anew. Where another ffmpeg, exiftool or libvips is at work,
 * fates may differ, and only what was measured must be the same; that it was so is then said.
 */
test('which label survives what is as docs/survival.md tells', async () => {
  const tables = await Promise.all((await labelledFiles()).map(survivalOf));
  const measured = pageOf(tables);
  if (process.env['CLEARMIRROR_UPDATE_GOLDENS'] === '1') writeFileSync(page, measured);
  const golden = readFileSync(page, 'utf8');
  if (toolsLine(golden) === toolsLine(measured)) expect(measured).toBe(golden);
  else {
    console.warn(`docs/survival.md was measured with other tools:\n${toolsLine(golden)}\n${toolsLine(measured)}`);
    expect(withoutFates(measured)).toBe(withoutFates(golden));
  }
});

/** Everything that its container takes: the AIGC object, the source type, a manifest, an identifier. */
async function labelledFiles(): Promise<string[]> {
  const folder = newFolder();
  const [from, to] = [join(folder, 'in'), join(folder, 'out')];
  mkdirSync(from);
  await makeFiles(from);
  const { keyFile, chainFile } = makeChain();
  const run = await clearmirror([
    ...['label', from, '-o', to, '--producer', '001191110102MAD55U9H0F10002', '--produce-id', '98ae6b12'],
    ...['--source-type', 'trainedAlgorithmicMedia', '--watermark', '0123456789abcdef'],
    ...['--certificate', chainFile, '--key', keyFile, '--system', 'Gen@1'],
  ]);
  expect([run.code, run.err]).toEqual([0, '']);
  return names.map((name) => join(to, name));
}

async function makeFiles(folder: string): Promise<void> {
  const at = (name: string) => join(folder, name);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="800">
    <defs><linearGradient id="sky" x2="0" y2="1"><stop offset="0" stop-color="#7fa4c9"/><stop offset="1" stop-color="#e9d9c0"/></linearGradient>
    <filter id="grain"><feTurbulence baseFrequency="0.05 0.09" numOctaves="5" seed="7"/><feColorMatrix values="0 0 0 0 .3 0 0 0 0 .35 0 0 0 0 .2 0 0 0 1.4 -.3"/></filter></defs>
    <rect width="1200" height="800" fill="url(#sky)"/><rect y="420" width="1200" height="380" filter="url(#grain)"/>${drawnFace(420, 330, 150)}</svg>`;
  const picture = sharp(Buffer.from(svg)).removeAlpha();
  await picture.clone().jpeg({ quality: 92 }).toFile(at('p.jpg'));
  await picture.clone().png().toFile(at('p.png'));
  await picture.clone().webp({ quality: 90 }).toFile(at('p.webp'));
  const ffmpeg = (...args: string[]) => execFileSync('ffmpeg', ['-v', 'error', '-bitexact', ...args]);
  const film = ['-f', 'lavfi', '-i', 'testsrc2=s=128x96:r=25:d=2', '-f', 'lavfi', '-i', 'sine=f=440:d=2'];
  for (const name of ['v.mp4', 'v.mkv'])
    ffmpeg(...film, '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', at(name));
  for (const name of ['a.mp3', 'a.m4a', 'a.wav']) ffmpeg('-f', 'lavfi', '-i', 'sine=f=440:d=2', at(name));
  writeFileSync(at('d.pdf'), plainPdf());
}

async function survivalOf(file: string): Promise<Survival> {
  const { code, out, err } = await clearmirror(['label', 'survive', file, '--json']);
  expect([code, err]).toEqual([0, '']);
  return survivalSchema.parse(JSON.parse(out));
}

const heads = { aigc: 'AIGC object', 'source-type': 'source type', manifest: 'C2PA manifest', watermark: 'identifier' };

function pageOf(tables: readonly Survival[]): string {
  const tools = Object.entries(tables[0]?.tools ?? {}).map(([name, version]) => `${name} ${version}`);
  return `# Which label survives what

Small files of our own making were given every label that their container takes, and then treated as files are treated on their way.
Each cell is what a reading of the treated file found: kept, altered (there, with another value), broken (there, and no longer
valid: a manifest of other bytes accuses nobody of anything, but it vouches for nothing either) or lost. \`clearmirror label survive FILE\`
prints the same table for a file of yours; \`test/journeys/survival.test.ts\` measures this page anew on every run of the tests.

A manifest beside the file (Matroska and the like) does not travel with these commands; it is followed where it is embedded. Only the
identifier in the pixels outlives a program that writes the picture anew, and only a picture has one.

${toolsMark}${tools.join(', ')}

${tables.map(tableOf).join('\n\n')}
`;
}

const toolsMark = 'Measured with ';

function toolsLine(text: string): string {
  return text.split('\n').find((line) => line.startsWith(toolsMark)) ?? '';
}

function tableOf({ file, followed, treatments }: Survival): string {
  const rows = treatments.map(({ command, fates }) => [
    `\`${command.replaceAll('|', '\\|')}\``,
    ...followed.map((label) => (fates ? (fates[label] ?? 'lost') : 'cannot be done')),
  ]);
  const lines = [['', ...followed.map((label) => heads[label])], ['---', ...followed.map(() => '---')], ...rows];
  return `## ${file.format}\n\n${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}`;
}

function withoutFates(text: string): string {
  return text
    .split('\n')
    .filter((line) => !line.startsWith(toolsMark))
    .map((line) => line.replace(/\| (?:kept|altered|broken|lost|cannot be done)(?= \|)/g, '| …'))
    .join('\n');
}
