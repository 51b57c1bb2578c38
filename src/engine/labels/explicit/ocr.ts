import { spawn } from 'node:child_process';
import sharp from 'sharp';
import { readablePipe, writablePipe } from '../../media/pipes.ts';
import type { Grey } from './grey.ts';
import { percentile } from './grey.ts';

/** A word as it was read, in pixels of the line's own picture. Words are compared and dropped: no text is kept. */
export interface ReadWord {
  text: string;
  left: number;
  top: number;
  width: number;
  height: number;
}

/** A line for the reader: ink lighter than its ground. */
export type LinePicture = Grey;

/** What was read of one line, once for each language: together they spoil each other's words. */
export type Readings = ReadWord[][];

const languages = ['chi_sim', 'eng'] as const;

/** There is no tesseract here, or it cannot be started. */
export class NoReader extends Error {}

/** Reads single lines; answers the readings of each picture in order. Throws a NoReader where nothing here can read. */
export async function readLines(pictures: readonly LinePicture[], wallMs: number): Promise<Readings[]> {
  if (pictures.length === 0) return [];
  const prepared = await Promise.all(pictures.map(prepare));
  const sheet = stack(prepared.map(({ line }) => line));
  const tables = await Promise.all(languages.map((language) => runTesseract(sheet, language, wallMs)));
  const read = tables.map((table) => readTable(table, prepared));
  return pictures.map((_, index) => read.map((lines) => lines[index] ?? []));
}

const lineHeight = 48;
const border = 12;
const widest = 1400;
const pageHeight = lineHeight + 2 * border;

interface Prepared {
  line: { data: Buffer; width: number };
  scale: number;
}

/**
 * Dark on white, with a border, at the size at which tesseract's network was trained. All that is darker than the ground, shadows
 * above all, becomes ground.
 */
async function prepare({ width, height, data }: LinePicture): Promise<Prepared> {
  const scale = Math.min(lineHeight / height, (widest - 2 * border) / width);
  const ground = percentile(data, 0.55);
  const range = Math.max(10, percentile(data, 0.96) - ground);
  const dark = data.map((value) => 255 - Math.min(255, Math.max(0, Math.round(((value - ground) * 255) / range))));
  const size = { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
  const resized = await sharp(dark, { raw: { width, height, channels: 1 } })
    .resize({ ...size, fit: 'fill', kernel: 'cubic' })
    .extend({ top: border, left: border, right: border, bottom: pageHeight - border - size.height, background: '#fff' })
    .toColourspace('b-w')
    .raw()
    .toBuffer();
  return { line: { data: resized, width: size.width + 2 * border }, scale };
}

/** One page of a TIFF 6.0 for each line, so that tesseract loads its languages once. Directories first, then the pixels. */
function stack(lines: readonly { data: Buffer; width: number }[]): Buffer {
  const directory = 2 + directoryTags * 12 + 4;
  const head = Buffer.alloc(8 + directory * lines.length);
  head.write('II*\0', 'latin1');
  head.writeUInt32LE(8, 4);
  let at = 8;
  let pixels = head.length;
  for (const [index, { data, width }] of lines.entries()) {
    const tags = [
      [256, width],
      [257, pageHeight],
      [258, 8],
      [259, 1],
      [262, 1],
      [273, pixels],
      [277, 1],
      [278, pageHeight],
      [279, data.length],
    ] as const;
    head.writeUInt16LE(tags.length, at);
    for (const [entry, [tag, value]] of tags.entries()) {
      head.writeUInt16LE(tag, at + 2 + entry * 12);
      // Type 4: one unsigned number of 32 bits.
      head.writeUInt16LE(4, at + 4 + entry * 12);
      head.writeUInt32LE(1, at + 6 + entry * 12);
      head.writeUInt32LE(value, at + 10 + entry * 12);
    }
    at += directory;
    head.writeUInt32LE(index + 1 < lines.length ? at : 0, at - 4);
    pixels += data.length;
  }
  return Buffer.concat([head, ...lines.map(({ data }) => data)]);
}

const directoryTags = 9;

/** psm 7: each page is one line. One thread: the examiner has one processor. */
function runTesseract(tiff: Buffer, language: string, wallMs: number): Promise<string> {
  const args = ['-', '-', '-l', language, '--psm', '7', '--dpi', '300', 'tsv'];
  return new Promise((resolve, reject) => {
    const child = spawn('tesseract', args, {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', OMP_THREAD_LIMIT: '1' },
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), wallMs);
    let answer = '';
    readablePipe(child, 1)
      .setEncoding('utf8')
      .on('data', (text: string) => {
        if (answer.length < 4_000_000) answer += text;
      });
    const input = writablePipe(child, 0);
    // A reader that ends early is told by its exit.
    input.on('error', () => {});
    input.end(tiff);
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(new NoReader('tesseract cannot be started', { cause: error }));
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      // It ends with an error where the language is not installed, and what it then says is no reading.
      if (code === 0) resolve(answer);
      else reject(new NoReader(`tesseract ended with ${code}, language ${language}`));
    });
  });
}

/** Columns of tesseract's TSV: level, page, block, paragraph, line, word, left, top, width, height, confidence, text. */
function readTable(table: string, prepared: readonly Prepared[]): ReadWord[][] {
  const lines: ReadWord[][] = prepared.map(() => []);
  for (const row of table.split('\n')) {
    const [level, page, , , , , left, top, width, height, , text] = row.split('\t');
    const line = prepared[Number(page) - 1];
    if (level !== '5' || !line || !text?.trim()) continue;
    const own = (value: string | undefined, offset: number) => (Number(value) - offset) / line.scale;
    lines[Number(page) - 1]?.push({
      text: text.trim(),
      left: own(left, border),
      top: own(top, border),
      width: own(width, 0),
      height: own(height, 0),
    });
  }
  return lines;
}
