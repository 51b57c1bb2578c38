import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { findBrowser } from '../box/browser.ts';
import { testIsolation } from '../box/sandbox.ts';
import type { Config } from '../config.ts';
import { listModels } from '../features/models/models.ts';
import { listTrust } from '../features/trust/trust.ts';
import {
  describeBox,
  describeBrowser,
  describeClock,
  describeDataFolder,
  describeDisk,
  describeFfmpeg,
  describeFonts,
  describeLabelTools,
  describeModels,
  describeNode,
  describePackage,
  describeTrust,
  type FfmpegProbe,
  labelTools,
  type ModelsProbe,
  type PackageProbe,
  type Part,
  type TrustProbe,
} from './doctor-parts.ts';

/** Looks at this machine and installation; `now` is epoch milliseconds. Nothing is changed and nothing is fetched. */
export async function examineInstallation(config: Config, root: string, now: number): Promise<Part[]> {
  const [c2pa, sharp, onnxruntime, ffmpeg, fonts, tools] = await Promise.all([
    probeC2pa(root),
    probeSharp(root),
    probeOnnxruntime(root),
    probeFfmpeg(),
    probeFonts(),
    probeLabelTools(),
  ]);
  return [
    describeNode({ version: process.versions.node, pinned: process.execPath.startsWith(join(root, '.runtime') + sep) }),
    describePackage(c2pa),
    describePackage(sharp),
    describePackage(onnxruntime),
    describeFfmpeg(ffmpeg),
    describeBox({ ...testIsolation(), wanted: config.box }),
    ...describeModels(probeModels(config, root)),
    describeFonts(fonts),
    describeLabelTools(tools),
    describeBrowser(await probeBrowser()),
    ...describeTrust(probeTrust(config), now),
    describeDataFolder({
      path: config.dataFolder,
      exists: existsSync(config.dataFolder),
      writable: isWritable(nearest(config.dataFolder)),
    }),
    describeDisk({ data: freeBytes(nearest(config.dataFolder)), temporary: freeBytes(tmpdir()) }),
    describeClock({
      now,
      installedAt: statSync(join(root, 'package.json')).mtimeMs,
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    }),
  ];
}

async function probeC2pa(root: string): Promise<PackageProbe> {
  const folder = join(root, 'node_modules/@contentauth/c2pa-wasm');
  return probePackage('c2pa', folder, async () => {
    const { default: init } = await import('@contentauth/c2pa-wasm');
    await init({ module_or_path: readFileSync(join(folder, 'pkg/c2pa_bg.wasm')) });
    return null;
  });
}

async function probeSharp(root: string): Promise<PackageProbe> {
  return probePackage('sharp', join(root, 'node_modules/sharp'), async () => {
    const { default: sharp } = await import('sharp');
    return `libvips ${sharp.versions.vips}`;
  });
}

async function probeOnnxruntime(root: string): Promise<PackageProbe> {
  return probePackage('onnxruntime', join(root, 'node_modules/onnxruntime-node'), async () => {
    await import('onnxruntime-node');
    return null;
  });
}

/** A package that lies there but does not load (half unpacked, made for another machine) is as good as missing. */
async function probePackage(
  id: PackageProbe['id'],
  folder: string,
  load: () => Promise<string | null>,
): Promise<PackageProbe> {
  let version: string | null = null;
  try {
    version = String(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version);
    return { id, version, inside: await load(), error: null };
  } catch (error) {
    return { id, version, inside: null, error: firstLine(error) };
  }
}

async function probeFfmpeg(): Promise<FfmpegProbe> {
  const [version, ffprobe, decoders, muxers] = await Promise.all([
    output('ffmpeg', ['-hide_banner', '-version']),
    output('ffprobe', ['-hide_banner', '-version']),
    output('ffmpeg', ['-hide_banner', '-decoders']),
    output('ffmpeg', ['-hide_banner', '-muxers']),
  ]);
  return { version, ffprobe, decoders: decoders ?? '', muxers: muxers ?? '' };
}

/** Names of fonts with Chinese glyphs: from fontconfig where it is, else by the usual file names. */
async function probeFonts(): Promise<string[]> {
  const listed = await output('fc-list', [':lang=zh-cn', 'family']);
  if (listed !== null) {
    const families = listed.split('\n').map((line) => line.split(',')[0]?.trim() ?? '');
    return [...new Set(families.filter((family) => family !== ''))].sort();
  }
  try {
    const files = readdirSync('/usr/share/fonts', { recursive: true, encoding: 'utf8' });
    return files.filter((file) => /(noto|source\s?han)[^/]*(cjk|sc)|wqy|droidsansfallback/i.test(file)).sort();
  } catch {
    return [];
  }
}

async function probeBrowser(): Promise<string | null> {
  const program = findBrowser();
  return program === null ? null : output(program, ['--version']);
}

async function probeLabelTools(): Promise<string[]> {
  const found = await Promise.all(labelTools.map(async ({ program }) => ((await starts(program)) ? [program] : [])));
  return found.flat();
}

function probeModels(config: Config, root: string): ModelsProbe {
  const { models, broken } = listModels({ dataFolder: config.dataFolder, root });
  return { sound: models.map(({ card }) => card), broken };
}

function probeTrust(config: Config): TrustProbe {
  const { lists, broken } = listTrust(config.dataFolder);
  return { sound: lists, broken };
}

/** The folder itself, or the nearest parent that exists. */
function nearest(folder: string): string {
  let path = folder;
  while (!existsSync(path) && dirname(path) !== path) path = dirname(path);
  return path;
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function freeBytes(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}

/** Standard output of a program; null when it is not there or fails. */
function output(program: string, args: string[]): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: 20_000, maxBuffer: 4 * 1024 * 1024 }, (error, stdout) => {
      resolve(error ? null : stdout);
    });
  });
}

/** Whether it can be started at all: pkcs11-tool answers even `--help` with an exit status of 2. */
function starts(program: string): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(program, ['--help'], { timeout: 20_000, maxBuffer: 4 * 1024 * 1024 }, (error) => {
      // 126 and 127: it, or a library that it needs, is missing.
      resolve(error === null || (typeof error.code === 'number' && error.code < 126));
    });
  });
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split('\n')[0] ?? '').slice(0, 200);
}
