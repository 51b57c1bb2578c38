import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { processesOf } from '../box/watch.ts';

export interface BenchRow {
  name: string;
  figure: string;
  target: string;
  /** Null where nothing was promised. */
  met: boolean | null;
  values: Record<string, number>;
}

interface BenchSetup {
  root: string;
  rounds: number;
  /** One of `benches`, or null for all. */
  only: string | null;
  note: (text: string) => void;
}

/** The figures of the first issue: a clip, a large picture, a huge file and a folder of small pictures, each beside a plain tool. */
export async function* benchScreen({ root, rounds, only, note }: BenchSetup): AsyncGenerator<BenchRow> {
  const folder = await mkdtemp(join(tmpdir(), 'clearmirror-bench-'));
  try {
    note(
      `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}, ${rounds} rounds, medians`,
    );
    for (const [name, bench] of Object.entries(benches)) {
      if (only === null || only === name) yield await bench(folder, root, rounds, note);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The figures by name. */
export const benches = {
  clip: benchClip,
  jpeg: benchPicture,
  huge: benchHugeFile,
  small: benchSmallPictures,
  start: benchStart,
};

async function benchClip(folder: string, root: string, rounds: number, note: BenchSetup['note']): Promise<BenchRow> {
  note('60 s 1080p H.264+AAC: making the clip');
  const clip = join(folder, 'clip.mp4');
  const made = [
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    'testsrc2=s=1920x1080:r=30',
    '-f',
    'lavfi',
    '-i',
    'anoisesrc=c=pink:a=0.2',
    '-t',
    '60',
    '-vf',
    'noise=alls=12:allf=t',
  ];
  await runTool([
    'ffmpeg',
    ...made,
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-b:v',
    '8M',
    '-g',
    '60',
    '-pix_fmt',
    'yuv420p',
    '-c:a',
    'aac',
    clip,
  ]);
  const ours: Used[] = [];
  const plain: Used[] = [];
  for (let round = 0; round < rounds; round += 1) {
    plain.push(await runTool(['ffmpeg', '-v', 'error', '-i', clip, '-f', 'null', '-']));
    ours.push(await runTool(screenCommand(root, clip)));
  }
  const ratio = median(ours.map((used, index) => used.cpuS / (plain[index]?.cpuS ?? 1)));
  const values = {
    ratio,
    ourCpuS: median(ours.map(cpu)),
    ffmpegCpuS: median(plain.map(cpu)),
    ourWallS: median(ours.map(wall)),
  };
  return {
    name: 'clip 60 s 1080p: CPU / full ffmpeg decode',
    figure: `${ratio.toFixed(2)} × (${values.ourCpuS.toFixed(1)} s / ${values.ffmpegCpuS.toFixed(1)} s)`,
    target: '≤ 0.60 ×',
    met: ratio <= 0.6,
    values,
  };
}

async function benchPicture(folder: string, root: string, rounds: number, note: BenchSetup['note']): Promise<BenchRow> {
  note('12 megapixel JPEG, warm: 24 copies, cost per file beyond the first 4');
  const few = join(folder, 'few');
  const many = join(folder, 'many');
  await mkdir(few);
  await mkdir(many);
  for (let index = 0; index < 24; index += 1) {
    const jpeg = await picture(4000, 3000, index + 1, 88);
    await writeFile(join(many, `${index}.jpg`), jpeg);
    if (index < 4) await writeFile(join(few, `${index}.jpg`), jpeg);
  }
  const decode = `const s=require('sharp');s.concurrency(1);s.cache(false);const fs=require('fs');(async()=>{const d=process.argv[1];for(const f of fs.readdirSync(d))await s(d+'/'+f).raw().toBuffer()})()`;
  const ratios: number[] = [];
  const oursMs: number[] = [];
  const plainMs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    // The difference between 24 and 4 files leaves out the start of both programs.
    const plainCost =
      (await runTool([process.execPath, '-e', decode, many], root)).cpuS -
      (await runTool([process.execPath, '-e', decode, few], root)).cpuS;
    const ourCost =
      (await runTool(screenCommand(root, many, '--jobs', '1'))).cpuS -
      (await runTool(screenCommand(root, few, '--jobs', '1'))).cpuS;
    ratios.push(ourCost / plainCost);
    oursMs.push((ourCost / 20) * 1000);
    plainMs.push((plainCost / 20) * 1000);
  }
  const ratio = median(ratios);
  return {
    name: 'JPEG 12 MP, warm: CPU / sharp raw decode',
    figure: `${ratio.toFixed(2)} × (${median(oursMs).toFixed(0)} ms / ${median(plainMs).toFixed(0)} ms)`,
    target: '≤ 1.50 ×',
    met: ratio <= 1.5,
    values: { ratio, ourMs: median(oursMs), sharpMs: median(plainMs) },
  };
}

async function benchHugeFile(
  folder: string,
  root: string,
  rounds: number,
  note: BenchSetup['note'],
): Promise<BenchRow> {
  note('8 GiB MP4 without labels (sparse, moov at the end)');
  const small = join(folder, 'small.mp4');
  await runTool([
    'ffmpeg',
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    'testsrc2=s=640x360:r=25',
    '-f',
    'lavfi',
    '-i',
    'sine=440',
    '-t',
    '8',
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-pix_fmt',
    'yuv420p',
    '-c:a',
    'aac',
    small,
  ]);
  const huge = join(folder, 'huge.mp4');
  await growMdat(small, huge, 8 * 1024 ** 3);
  const walls: number[] = [];
  const extra: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const used = await runTool(screenCommand(root, huge));
    walls.push(used.wallS);
    extra.push((used.peakBytes - used.startBytes) / 1e6);
  }
  const seconds = median(walls);
  const megabytes = median(extra);
  return {
    name: 'MP4 8 GiB, whole command: wall, memory',
    figure: `${seconds.toFixed(2)} s, +${megabytes.toFixed(0)} MB`,
    target: '< 1 s, < 150 MB beyond start',
    met: seconds < 1 && megabytes < 150,
    values: { seconds, megabytes },
  };
}

async function benchSmallPictures(
  folder: string,
  root: string,
  rounds: number,
  note: BenchSetup['note'],
): Promise<BenchRow> {
  note('1,000 small pictures');
  const small = join(folder, 'pictures');
  await mkdir(small);
  for (let index = 0; index < 1000; index += 1) {
    const jpeg = index % 2 === 0;
    await writeFile(
      join(small, `${index}.${jpeg ? 'jpg' : 'png'}`),
      await picture(320, 240, index + 1, jpeg ? 80 : null),
    );
  }
  const rates: number[] = [];
  for (let round = 0; round < rounds; round += 1)
    rates.push(1000 / (await runTool(screenCommand(root, small, '--jobs', '2'))).wallS);
  const rate = median(rates);
  return {
    name: 'pictures 320×240, 1,000 files, 2 jobs',
    figure: `${rate.toFixed(0)} files/s`,
    target: '≥ 40 files/s',
    met: rate >= 40,
    values: { rate },
  };
}

async function benchStart(folder: string, root: string, rounds: number, note: BenchSetup['note']): Promise<BenchRow> {
  note('start-up: one small picture');
  const file = join(folder, 'one.jpg');
  await writeFile(file, await picture(320, 240, 7, 80));
  const walls: number[] = [];
  for (let round = 0; round < rounds + 2; round += 1)
    walls.push((await runTool([join(root, 'clearmirror'), 'screen', file])).wallS);
  const seconds = median(walls);
  return {
    name: 'start-up, one small picture, whole command',
    figure: `${seconds.toFixed(2)} s`,
    target: '< 1 s',
    met: seconds < 1,
    values: { seconds },
  };
}

function screenCommand(root: string, path: string, ...options: string[]): [string, ...string[]] {
  return [join(root, 'clearmirror'), 'screen', path, '--json', ...options];
}

/** Smooth colours with grain: compresses like a photograph, and is the same on every run. */
async function picture(width: number, height: number, seed: number, jpegQuality: number | null): Promise<Buffer> {
  const data = Buffer.alloc(width * height * 3);
  let state = seed * 2654435761;
  for (let at = 0; at < data.length; at += 3) {
    const x = (at / 3) % width;
    const y = Math.floor(at / 3 / width);
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const grain = (state >>> 24) / 16;
    data[at] = 120 + 90 * Math.sin(x / 170 + seed) + grain;
    data[at + 1] = 120 + 90 * Math.sin(y / 130 + seed) + grain;
    data[at + 2] = 120 + 90 * Math.sin((x + y) / 210) + grain;
  }
  const image = sharp(data, { raw: { width, height, channels: 3 } });
  return jpegQuality === null
    ? image.png({ compressionLevel: 3 }).toBuffer()
    : image.jpeg({ quality: jpegQuality }).toBuffer();
}

/** Puts a sparse `free` box between the media and `moov`: no chunk offset moves, and the file takes no room on the disk. */
async function growMdat(from: string, to: string, bytes: number): Promise<void> {
  const source = await readFile(from);
  const moov = topLevelBoxes(source).find(({ type }) => type === 'moov');
  if (!moov) throw new Error('the clip has no moov');
  const before = source.subarray(0, moov.offset);
  const movie = source.subarray(moov.offset, moov.offset + moov.size);
  const hole = Buffer.alloc(16);
  hole.writeUInt32BE(1, 0);
  hole.write('free', 4, 'latin1');
  hole.writeBigUInt64BE(BigInt(bytes - before.length - movie.length), 8);
  const file = await open(to, 'w');
  try {
    await file.write(before, 0, before.length, 0);
    await file.write(hole, 0, hole.length, before.length);
    await file.write(movie, 0, movie.length, bytes - movie.length);
  } finally {
    await file.close();
  }
  if ((await stat(to)).size !== bytes) throw new Error('the huge file has the wrong size');
}

function topLevelBoxes(bytes: Buffer): { type: string; offset: number; size: number }[] {
  const boxes = [];
  for (let offset = 0; offset + 8 <= bytes.length; ) {
    const size = bytes.readUInt32BE(offset);
    if (size < 8) break;
    boxes.push({ type: bytes.toString('latin1', offset + 4, offset + 8), offset, size });
    offset += size;
  }
  return boxes;
}

interface Used {
  cpuS: number;
  wallS: number;
  /** Most memory of the whole process tree, files mapped not counted. */
  peakBytes: number;
  /** The same when the tree had all its processes and had just begun. */
  startBytes: number;
}

/**
 * Runs a program to its end and accounts for it and everything it starts by watching /proc: a sandbox takes the accounts of
 * its inhabitants with it when it ends, so the shell's `times` would leave them out.
 */
async function runTool(command: readonly [string, ...string[]], cwd?: string): Promise<Used> {
  const startedAt = performance.now();
  const [program, ...rest] = command;
  const child = spawn(program, rest, { stdio: ['ignore', 'ignore', 'pipe'], ...(cwd ? { cwd } : {}) });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-2000);
  });
  const memory = { peak: 0, start: 0 };
  const cpuMs = new Map<number, number>();
  const watch = setInterval(() => {
    let resident = 0;
    for (const { pid, residentBytes, ownCpuMs } of processesOf(child.pid ?? 0)) {
      resident += residentBytes;
      cpuMs.set(pid, ownCpuMs);
    }
    memory.peak = Math.max(memory.peak, resident);
    if (performance.now() - startedAt < startWindowMs) memory.start = Math.max(memory.start, resident);
  }, watchEveryMs);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearInterval(watch);
  const wallS = (performance.now() - startedAt) / 1000;
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${complaint}`);
  const cpuS = [...cpuMs.values()].reduce((sum, one) => sum + one, 0) / 1000;
  return { cpuS, wallS, peakBytes: memory.peak, startBytes: memory.start };
}

/** Processor time of a process after its last reading is missed: this much at most. */
const watchEveryMs = 20;
/** By then both Node processes stand, and no file has been read yet. */
const startWindowMs = 250;

function cpu({ cpuS }: Used): number {
  return cpuS;
}

function wall({ wallS }: Used): number {
  return wallS;
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
