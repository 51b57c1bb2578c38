import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Finding, MediaFormat } from '../../contract/screening.ts';
import { readablePipe } from './pipes.ts';
import type { Pixels } from './pixels.ts';
import { type DecoderInput, inputArguments, type Probe } from './probe.ts';

/** ffmpeg's name for each container we hand it; a format that is not here is not decoded by ffmpeg. */
const demuxers: { readonly [format in MediaFormat]?: string } = {
  mp4: 'mov',
  mov: 'mov',
  m4v: 'mov',
  m4a: 'mov',
  mkv: 'matroska',
  webm: 'matroska',
  avi: 'avi',
  flv: 'flv',
  mpegts: 'mpegts',
  wav: 'wav',
  mp3: 'mp3',
  flac: 'flac',
  ogg: 'ogg',
  opus: 'ogg',
  aac: 'aac',
};

/** The demuxer for a file that starts with `head` (4 bytes are enough), or null when ffmpeg is not asked. */
export function demuxerFor(format: MediaFormat, head: Uint8Array): string | null {
  // Sony's Wave64 starts with a GUID whose first four bytes read `riff`.
  if (format === 'wav' && Buffer.from(head.subarray(0, 4)).toString('latin1') === 'riff') return 'w64';
  return demuxers[format] ?? null;
}

export const analysisRateHz = 16_000;
/** Key frames looked at, spread over the window. */
export const maxFrames = 24;
/** Frames above this many pixels are scaled down, and pixel watermarks are then not looked for. */
const maxFramePixels = 9_000_000;

export interface DecodeRequest {
  input: DecoderInput;
  demuxer: string;
  probe: Probe;
  /** Media seconds to decode from the start; null for all. */
  windowSeconds: number | null;
  wallMs: number;
  onFrame: (pixels: Pixels, atMs: number | null, scaled: boolean) => void;
  /** Interleaved calls of consecutive 16 kHz mono samples, −1…1. The array is only valid during the call. */
  onAudio: (samples: Float32Array) => void;
}

export interface Decoded {
  frames: number;
  audioSamples: number;
  /** Chromaprint, base64; null when there was no audio or too little of it. */
  audioFingerprint: string | null;
  findings: Finding[];
}

/**
 * One ffmpeg pass that yields key frames (RGB, full size), 16 kHz mono audio and the audio fingerprint together.
 * Only key frames are decoded: they carry what the readers need at a fraction of the cost.
 */
export async function decodeMedia(request: DecodeRequest): Promise<Decoded> {
  const { probe } = request;
  const decoded: Decoded = { frames: 0, audioSamples: 0, audioFingerprint: null, findings: [] };
  if (!probe.video && !probe.audio) {
    decoded.findings.push(finding('not-decodable', 'warning', { detail: 'no picture and no sound' }));
    return decoded;
  }

  const size = probe.video ? frameSize(probe.video) : null;
  const child = spawn('ffmpeg', decodeArguments(request, size), {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe', 'pipe', ...('fd' in request.input ? [request.input.fd] : [])],
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(-1));
    child.once('close', (code) => resolve(code));
  });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, request.wallMs);

  const times = frameTimes();
  const problems = { errors: 0, last: '' };
  const [code] = await Promise.all([
    ended,
    readLog(readablePipe(child, 2), times, problems),
    readFrames(readablePipe(child, 3), size, async (pixels) => {
      request.onFrame(pixels, await times.at(decoded.frames), size?.scaled ?? false);
      decoded.frames += 1;
    }),
    readAudio(readablePipe(child, 4), (samples) => {
      decoded.audioSamples += samples.length;
      request.onAudio(samples);
    }),
    readText(readablePipe(child, 5)).then((text) => {
      decoded.audioFingerprint = text.trim() || null;
    }),
  ]);
  clearTimeout(timer);

  const nothing = decoded.frames === 0 && decoded.audioSamples === 0;
  if (late) decoded.findings.push(decodeTimeLimit(request.wallMs));
  else if (nothing)
    decoded.findings.push(finding('not-decodable', 'warning', { detail: problems.last || `exit ${code}` }));
  else if (problems.errors > 0) decoded.findings.push(finding('decode-errors', 'warning', { count: problems.errors }));
  return decoded;
}

export function decodeTimeLimit(wallMs: number): Finding {
  return finding('decode-time-limit', 'warning', { limit: Math.round(wallMs / 1000), unit: 's' });
}

function finding(code: string, severity: Finding['severity'], params: Finding['params']): Finding {
  return { code, severity, stage: 'decode', params };
}

interface FrameSize {
  width: number;
  height: number;
  scaled: boolean;
}

function frameSize({ width, height }: { width: number; height: number }): FrameSize {
  if (width * height <= maxFramePixels) return { width, height, scaled: false };
  const factor = Math.sqrt(maxFramePixels / (width * height));
  return {
    width: Math.max(2, Math.floor(width * factor)),
    height: Math.max(2, Math.floor(height * factor)),
    scaled: true,
  };
}

function decodeArguments({ input, demuxer, probe, windowSeconds }: DecodeRequest, size: FrameSize | null): string[] {
  const wholeSeconds = (probe.durationMs ?? 0) / 1000;
  const coveredSeconds = Math.min(wholeSeconds || (windowSeconds ?? 600), windowSeconds ?? Number.POSITIVE_INFINITY);
  const spacing = coveredSeconds / maxFrames;
  const args = [
    '-hide_banner',
    '-nostdin',
    '-loglevel',
    'level+info',
    '-nostats',
    '-threads',
    '1',
    '-skip_frame:v',
    'nokey',
    '-noautorotate',
  ];
  if (windowSeconds !== null) args.push('-t', String(windowSeconds));
  args.push(...inputArguments(demuxer, input, 6));
  if (size) {
    const pick = `select='isnan(prev_selected_t)+gte(t-prev_selected_t,${spacing.toFixed(3)})'`;
    args.push(
      '-map',
      '0:V:0',
      '-vf',
      `${pick},showinfo=checksum=0,scale=${size.width}:${size.height}`,
      '-fps_mode',
      'passthrough',
      '-frames:v',
      String(maxFrames + 1),
      '-threads',
      '1',
      '-pix_fmt',
      'rgb24',
      '-f',
      'rawvideo',
      'pipe:3',
    );
  }
  if (probe.audio) {
    args.push('-map', '0:a:0', '-ac', '1', '-ar', String(analysisRateHz), '-c:a', 'pcm_f32le', '-f', 'f32le', 'pipe:4');
    args.push('-map', '0:a:0', '-f', 'chromaprint', '-fp_format', 'base64', 'pipe:5');
  }
  return args;
}

async function readFrames(
  stream: Readable,
  size: FrameSize | null,
  onFrame: (pixels: Pixels) => Promise<void>,
): Promise<void> {
  if (!size) return;
  const bytes = size.width * size.height * 3;
  const data = new Uint8Array(bytes);
  let filled = 0;
  for await (const chunk of chunksOf(stream)) {
    for (let taken = 0; taken < chunk.length; ) {
      const part = chunk.subarray(taken, taken + bytes - filled);
      data.set(part, filled);
      filled += part.length;
      taken += part.length;
      if (filled === bytes) {
        await onFrame({ width: size.width, height: size.height, channels: 3, data });
        filled = 0;
      }
    }
  }
}

async function readAudio(stream: Readable, onAudio: (samples: Float32Array) => void): Promise<void> {
  let rest = new Uint8Array(0);
  for await (const chunk of chunksOf(stream)) {
    const joined = new Uint8Array(rest.length + chunk.length);
    joined.set(rest);
    joined.set(chunk, rest.length);
    const whole = joined.length - (joined.length % 4);
    if (whole > 0) onAudio(new Float32Array(joined.buffer, 0, whole / 4));
    rest = joined.slice(whole);
  }
}

/** A pipe that breaks because its writer was ended is simply the end of the data. */
async function* chunksOf(stream: Readable): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of stream) yield chunk as Buffer;
  } catch {
    // The process was killed; its exit says why.
  }
}

async function readText(stream: Readable): Promise<string> {
  let text = '';
  for await (const chunk of chunksOf(stream)) text = (text + chunk.toString('latin1')).slice(0, 1_000_000);
  return text;
}

interface FrameTimes {
  push(atMs: number | null): void;
  /** No more will come. */
  end(): void;
  /** Media time of that frame; null when it has none. */
  at(index: number): Promise<number | null>;
}

/** Times come by another pipe than the frames they belong to: a frame may be here before its time. */
function frameTimes(): FrameTimes {
  const times: (number | null)[] = [];
  let ended = false;
  let wake = () => {};
  return {
    push(atMs) {
      if (times.length <= maxFrames) times.push(atMs);
      wake();
    },
    end() {
      ended = true;
      wake();
    },
    async at(index) {
      while (index >= times.length && !ended) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return times[index] ?? null;
    },
  };
}

async function readLog(stream: Readable, times: FrameTimes, problems: { errors: number; last: string }): Promise<void> {
  let rest = '';
  for await (const chunk of chunksOf(stream)) {
    const lines = (rest + chunk.toString('latin1')).split('\n');
    rest = (lines.pop() ?? '').slice(-10_000);
    for (const line of lines) {
      const time = line.includes('showinfo') ? / pts_time:\s*(\S+)/.exec(line) : null;
      // A frame without a time of its own says NOPTS.
      if (time) times.push(Number.isFinite(Number(time[1])) ? Math.max(0, Math.round(Number(time[1]) * 1000)) : null);
      else if (/\[(error|fatal|panic)\]/.test(line)) {
        problems.errors += 1;
        problems.last = printable(line.replace(/^.*\[(error|fatal|panic)\]\s*/, ''));
      }
    }
  }
  times.end();
}

/** ffmpeg repeats names and tags from the file: keep plain characters only, and few. */
function printable(line: string): string {
  return line
    .replace(/\/proc\/self\/fd\/\d+|file:\S*/g, 'input')
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, 120);
}
