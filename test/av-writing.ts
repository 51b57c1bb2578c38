import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MediaFormat } from '../src/contract/screening.ts';
import { readAigcLabels } from '../src/engine/labels/aigc/aigc.ts';
import { findLabels } from '../src/engine/labels/aigc/find.ts';
import { readMetadata } from '../src/engine/labels/labels.ts';
import { type LabelChange, LabelRefusal } from '../src/engine/labels/writing/change.ts';
import { bytesOf, pieceSource, piecesOf } from '../src/engine/labels/writing/pieces.ts';
import type { Writer } from '../src/engine/labels/writing/writers.ts';
import { type ByteSource, bufferSource } from '../src/engine/media/bytes.ts';

/** Labels of a provider that does not exist. */
export const label =
  '{"Label":"1","ContentProducer":"001191990000MA0000000810001","ProduceID":"clearmirror-test-0001","ReservedCode1":"","ContentPropagator":"","PropagateID":"","ReservedCode2":""}';
export const longerLabel = label.replace('"PropagateID":""', `"PropagateID":"${'a/'.repeat(150)}"`);
export const sourceType = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';

/** Two seconds of a picture and a tone, as an input of ffmpeg. */
export const picture = ['-f', 'lavfi', '-i', 'testsrc=size=64x48:rate=10:duration=2'];
export const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=2:sample_rate=44100'];

/** What ffmpeg makes of these arguments, in a file with that ending. */
export function made(ending: string, ...args: string[]): Buffer<ArrayBuffer> {
  return inFile(ending, Buffer.alloc(0), (path) => {
    execFileSync('ffmpeg', ['-v', 'error', '-y', ...args, path], { stdio: ['ignore', 'ignore', 'inherit'] });
    return Buffer.from(readFileSync(path));
  });
}

/** The whole file after a change, which leaves the bytes it was given as they are. */
export function changed(writer: Writer, bytes: Uint8Array, change: LabelChange): Buffer {
  const source = bufferSource(bytes);
  const kept = Buffer.from(bytes);
  const after = Buffer.from(bytesOf(source, piecesOf(source.size, writer(source, change))));
  if (!kept.equals(bytes)) throw new Error('the writer changed the bytes that it was given to read');
  return after;
}

/** Every label that our reader makes a signal of: where it stands, and its text as it stands there. */
export async function labelsOf(bytes: Uint8Array, format: MediaFormat): Promise<{ at: string; text: string }[]> {
  return labelsIn(bufferSource(bytes), format);
}

/** Hashes of the packets of every stream, and what ffmpeg has to say when it decodes all of them and the last half second. */
export function mediaOf(bytes: Uint8Array, ending: string): { hashes: string; complaints: string } {
  return inFile(ending, bytes, (path) => {
    const decoded = ['-map', '0:v?', '-map', '0:a?', '-f', 'null', '-'];
    const hashed = ['-map', '0', '-c', 'copy', '-f', 'streamhash', '-hash', 'md5', '-'];
    const run = (...options: string[]) =>
      spawnSync('ffmpeg', ['-v', 'error', '-xerror', ...options], { encoding: 'utf8' });
    const whole = run('-i', path, ...hashed, ...decoded);
    const end = run('-ss', '1.5', '-i', path, ...decoded);
    const complaints = [whole, end].map(({ stderr, status }) => `${status} ${stderr}`).join('\n');
    return { hashes: whole.stdout, complaints: complaints.replaceAll(/0x[0-9a-f]+|\S*file\.\w+/g, '') };
  });
}

/** Hashes of the packets of every stream. */
export function packetsOf(bytes: Uint8Array, ending: string): string {
  const hashed = ['-map', '0', '-c', 'copy', '-f', 'streamhash', '-hash', 'md5', '-'];
  return inFile(ending, bytes, (path) =>
    execFileSync('ffmpeg', ['-v', 'error', '-i', path, ...hashed], { encoding: 'utf8' }),
  );
}

type Tags = { [name: string]: string };

/** What ffprobe says, apart from the name, size and bit rate of the file. */
export function probed(bytes: Uint8Array, ending: string): { tags: Tags; rest: unknown } {
  return inFile(ending, bytes, (path) => {
    const shown = ['-show_format', '-show_streams', '-show_chapters', '-of', 'json', path];
    const { format, ...rest } = JSON.parse(execFileSync('ffprobe', ['-v', 'error', ...shown], { encoding: 'utf8' }));
    const { tags = {}, filename: _name, size: _size, bit_rate: _rate, ...others } = format;
    return { tags, rest: { ...rest, format: others } };
  });
}

/** What exiftool reads, apart from the file itself. */
export function exifRead(bytes: Uint8Array, ending: string, ...options: string[]): Tags {
  return inFile(ending, bytes, (path) => {
    const [tags] = JSON.parse(execFileSync('exiftool', ['-j', '-G1', '-a', ...options, path], { encoding: 'utf8' }));
    const ours = Object.entries<string>(tags).filter(([name]) => !/^(System|File|Source)/.test(name));
    return Object.fromEntries(ours.map(([name, value]) => [name, plain(value)]));
  });
}

/** Bytes of tags that exiftool does not know. */
function plain(value: unknown): string {
  const encoded = /^base64:(.*)$/.exec(String(value))?.[1];
  return encoded === undefined ? String(value) : Buffer.from(encoded, 'base64').toString('latin1');
}

/** The labels our reader finds after a change, `refused` where the writer did not make it; any other error is thrown. */
export async function outcome(
  writer: Writer,
  bytes: Uint8Array,
  change: LabelChange,
  format: MediaFormat,
): Promise<'refused' | string[]> {
  const source = bufferSource(bytes);
  try {
    const after = pieceSource(source, piecesOf(source.size, writer(source, change)));
    return (await labelsIn(after, format)).map(({ text }) => text);
  } catch (error) {
    if (error instanceof LabelRefusal) return 'refused';
    throw error;
  }
}

async function labelsIn(source: ByteSource, format: MediaFormat): Promise<{ at: string; text: string }[]> {
  const metadata = await readMetadata(source, format);
  const found = findLabels(metadata);
  return readAigcLabels(metadata, format).map(({ place }, index) => ({
    at: place?.location ?? '',
    text: found[index]?.raw ?? '',
  }));
}

function inFile<T>(ending: string, bytes: Uint8Array, work: (path: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'clearmirror-test-'));
  try {
    const path = join(folder, `file.${ending}`);
    if (bytes.length > 0) writeFileSync(path, bytes);
    return work(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
