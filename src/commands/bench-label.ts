import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { readAvSource } from '../engine/labels/explicit/av-source.ts';
import { faceFinder } from '../engine/labels/explicit/faces.ts';
import { runFfmpeg } from '../engine/labels/explicit/ffmpeg.ts';
import { labelFont } from '../engine/labels/explicit/glyphs.ts';
import { type BurnRequest, burnLabel, planBurn } from '../engine/labels/explicit/video.ts';
import type { BenchRow } from './bench-screen.ts';

/** What labelling costs: a film of 1 GiB with its index at the end beside `cp`, a thousand small pictures with their reading back, a label burnt into a film. */
export async function* benchLabel({
  root,
  note,
}: {
  root: string;
  note: (text: string) => void;
}): AsyncGenerator<BenchRow> {
  const folder = mkdtempSync(join(tmpdir(), 'clearmirror-bench-'));
  const label = (input: string, output: string) =>
    seconds(() =>
      execFileSync(join(root, 'clearmirror'), ['label', input, '-o', output, '--producer', 'Bench', '--json'], {
        stdio: 'ignore',
      }),
    );
  try {
    note('film of 1 GiB');
    const film = largeFilm(folder);
    const copies: number[] = [];
    const kept: number[] = [];
    const labels: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const [copy, output] = [join(folder, 'copy.mp4'), join(folder, 'out.mp4')];
      copies.push(seconds(() => execFileSync('cp', [film, copy])));
      rmSync(copy);
      kept.push(seconds(() => execFileSync('sh', ['-c', 'cp "$1" "$2" && sync "$2"', 'sh', film, copy])));
      labels.push(label(film, output));
      for (const path of [copy, output]) rmSync(path);
    }
    // What is said to be written is on the disk, and cp leaves that for later: the copy to compare with is one that waits too.
    const ratio = middle(labels) / middle(kept);
    yield {
      name: 'label a film of 1 GiB, index at its end',
      figure: `${middle(labels).toFixed(2)} s, cp and sync ${middle(kept).toFixed(2)} s: ${ratio.toFixed(2)} × (cp into memory ${middle(copies).toFixed(2)} s)`,
      target: '1.3 × a copy on the disk',
      met: ratio <= 1.3,
      values: { labelSeconds: middle(labels), copySeconds: middle(copies), keptSeconds: middle(kept), ratio },
    };
    rmSync(film);
    note('1,000 pictures');
    const pictures = join(folder, 'pictures');
    mkdirSync(pictures);
    for (let index = 0; index < 1_000; index += 1) {
      const background = { r: index % 256, g: (index * 7) % 256, b: (index * 13) % 256 };
      await sharp({ create: { width: 320, height: 240, channels: 3, background } })
        .jpeg()
        .toFile(join(pictures, `${index}.jpg`));
    }
    const spent = label(pictures, join(folder, 'labelled'));
    yield {
      name: 'label 1,000 small JPEGs and read them back',
      figure: `${(1_000 / spent).toFixed(0)} a second`,
      target: '100 a second',
      met: 1_000 / spent >= 100,
      values: { perSecond: 1_000 / spent },
    };
    note('film with a label burnt in');
    yield await benchBurn(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Faces looked for, label drawn, film encoded; beside the same encoder with the same settings and no label. */
async function benchBurn(folder: string): Promise<BenchRow> {
  const path = join(folder, 'burn.mp4');
  const source = ['-f', 'lavfi', '-i', 'testsrc2=s=1280x720:r=25:d=20', '-pix_fmt', 'yuv420p', path];
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...source]);
  const fd = openSync(path, 'r');
  try {
    const input = { fd };
    const film = await readAvSource(input, 'mov', patienceMs);
    if (!film) throw new Error('the film that was just made cannot be read');
    const request: BurnRequest = {
      ...{ source: film, input, demuxer: 'mov', muxer: 'mp4', output: join(folder, 'burnt.mp4') },
      label: { kind: 'text', texts: ['人工智能生成'], position: 'bottom-right' },
      ...{ seconds: null, font: labelFont(), findFaces: await faceFinder() },
    };
    const plan = await planBurn(request);
    if (plan.status === 'refused') throw new Error(plan.code);
    const at = plan.args.findIndex((argument) => argument.startsWith('-filter:v'));
    const args = plan.args.toSpliced(at, 2);
    const plain: number[] = [];
    const burnt: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      plain.push(await secondsOf(() => runFfmpeg({ program: 'ffmpeg', args, input, wallMs: patienceMs })));
      burnt.push(await secondsOf(() => burnLabel(request, patienceMs)));
    }
    const ratio = middle(burnt) / middle(plain);
    return {
      name: 'burn a label into 20 s of 1280×720, H.264, throughout',
      figure: `${middle(burnt).toFixed(2)} s, without it ${middle(plain).toFixed(2)} s: ${ratio.toFixed(2)} ×`,
      target: '1.1 × the same encode',
      met: ratio <= 1.1,
      values: { burnSeconds: middle(burnt), plainSeconds: middle(plain), ratio },
    };
  } finally {
    closeSync(fd);
  }
}

const patienceMs = 3_600_000;

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}

/** A short film with 1 GiB of unused space before its index: offsets of the media stay as they are. */
function largeFilm(folder: string): string {
  const short = join(folder, 'short.mp4');
  const source = ['-f', 'lavfi', '-i', 'testsrc2=s=320x240:d=1', '-c:v', 'libx264', '-pix_fmt', 'yuv420p', short];
  const made = spawnSync('ffmpeg', ['-v', 'error', '-y', ...source]);
  if (made.status !== 0) throw new Error('ffmpeg made no film');
  const bytes = readFileSync(short);
  const index = bytes.lastIndexOf(Buffer.from('moov', 'latin1')) - 4;
  const path = join(folder, 'film.mp4');
  const fd = openSync(path, 'w');
  const block = Buffer.alloc(4 * 1024 * 1024, 0x5a);
  const head = Buffer.from([0, 0, 0, 0, ...Buffer.from('free', 'latin1')]);
  head.writeUInt32BE(8 + block.length * 256, 0);
  writeSync(fd, bytes.subarray(0, index));
  writeSync(fd, head);
  for (let written = 0; written < 256; written += 1) writeSync(fd, block);
  writeSync(fd, bytes.subarray(index));
  closeSync(fd);
  return path;
}

function seconds(work: () => unknown): number {
  const startedAt = performance.now();
  work();
  return (performance.now() - startedAt) / 1000;
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
