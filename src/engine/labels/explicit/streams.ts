import { spawn } from 'node:child_process';
import { type DecoderInput, inputArguments } from '../../media/probe.ts';

/** One stream as the encoder has to know it, to make another one like it. */
export interface StreamFacts {
  index: number;
  kind: 'video' | 'audio' | 'subtitle' | 'data' | 'other';
  codec: string;
  profile: string | null;
  width: number;
  height: number;
  pixelFormat: string;
  /** As ffprobe names them; null where the stream does not say. */
  colour: { range: string | null; space: string | null; transfer: string | null; primaries: string | null };
  /** Quarter turns clockwise that a player makes. */
  quarterTurns: number;
  bitRate: number | null;
  sampleRateHz: number;
  channels: number;
  /** A cover picture is no film. */
  cover: boolean;
  startSeconds: number;
}

/** What ffprobe says of every stream, or null where it cannot make sense of the file. The demuxer is named by the content. */
export async function describeStreams(
  input: DecoderInput,
  demuxer: string,
): Promise<{ streams: StreamFacts[]; durationSeconds: number | null; bitRate: number | null } | null> {
  const args = ['-v', 'error', ...inputArguments(demuxer, input, 3), '-show_streams', '-show_format', '-of', 'json'];
  const text = await run(args, input);
  try {
    const raw = JSON.parse(text) as { streams?: Raw[]; format?: { duration?: string; bit_rate?: string } };
    const streams = (raw.streams ?? []).slice(0, 64).map(factsOf);
    return streams.length === 0
      ? null
      : { streams, durationSeconds: number(raw.format?.duration), bitRate: number(raw.format?.bit_rate) };
  } catch {
    return null;
  }
}

interface Raw {
  index?: number;
  codec_type?: string;
  codec_name?: string;
  profile?: string;
  width?: number;
  height?: number;
  pix_fmt?: string;
  color_range?: string;
  color_space?: string;
  color_transfer?: string;
  color_primaries?: string;
  bit_rate?: string;
  sample_rate?: string;
  channels?: number;
  start_time?: string;
  disposition?: { attached_pic?: number };
  side_data_list?: { rotation?: number }[];
}

function factsOf(raw: Raw, position: number): StreamFacts {
  const kinds = ['video', 'audio', 'subtitle', 'data'] as const;
  const rotation = raw.side_data_list?.find((one) => typeof one.rotation === 'number')?.rotation ?? 0;
  return {
    index: raw.index ?? position,
    kind: kinds.find((kind) => kind === raw.codec_type) ?? 'other',
    codec: raw.codec_name ?? 'unknown',
    profile: raw.profile ?? null,
    width: raw.width ?? 0,
    height: raw.height ?? 0,
    pixelFormat: raw.pix_fmt ?? 'yuv420p',
    colour: {
      range: known(raw.color_range),
      space: known(raw.color_space),
      transfer: known(raw.color_transfer),
      primaries: known(raw.color_primaries),
    },
    quarterTurns: ((Math.round(-rotation / 90) % 4) + 4) % 4,
    bitRate: number(raw.bit_rate),
    sampleRateHz: number(raw.sample_rate) ?? 0,
    channels: raw.channels ?? 0,
    cover: raw.disposition?.attached_pic === 1,
    startSeconds: number(raw.start_time) ?? 0,
  };
}

function known(text: string | undefined): string | null {
  return text && /^[a-z0-9-]{1,30}$/.test(text) && text !== 'unknown' ? text : null;
}

function number(text: string | undefined): number | null {
  const value = Number(text);
  return text !== undefined && Number.isFinite(value) && value >= 0 ? value : null;
}

function run(args: readonly string[], input: DecoderInput): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn('ffprobe', args, { stdio: ['ignore', 'pipe', 'ignore', ...('fd' in input ? [input.fd] : [])] });
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      if (text.length > 8 * 1024 * 1024) child.kill('SIGKILL');
    });
    child.once('error', () => resolve(''));
    child.once('close', () => resolve(text));
  });
}

export interface Encode {
  input: DecoderInput;
  /** Everything between the input and the output; further inputs come first. */
  arguments: readonly string[];
  /** ffmpeg's name of the container. */
  muxer: string;
  out: string;
  durationSeconds: number | null;
  onProgress: (fraction: number) => void;
}

/** Runs ffmpeg over the file; false, with its last words, where it failed. */
export function encode(request: Encode & { demuxer: string }): Promise<{ ok: boolean; detail: string }> {
  const { input, demuxer, muxer, out, durationSeconds, onProgress } = request;
  const args = [
    ...['-v', 'error', '-nostdin', '-y', '-progress', 'pipe:1', '-stats_period', '1'],
    ...inputArguments(demuxer, input, 3),
    ...request.arguments,
    ...['-f', muxer, `file:${out}`],
  ];
  return new Promise((resolve) => {
    const child = spawn('ffmpeg', args, {
      stdio: ['ignore', 'pipe', 'pipe', ...('fd' in input ? [input.fd] : [])],
    });
    let tail = '';
    child.stderr?.on('data', (part: Buffer) => {
      tail = (tail + part.toString('latin1')).slice(-1_000);
    });
    child.stdout?.setEncoding('latin1').on('data', (part: string) => {
      const micros = Number(/out_time_us=(\d+)/.exec(part)?.[1]);
      if (durationSeconds && Number.isFinite(micros)) onProgress(Math.min(1, micros / 1e6 / durationSeconds));
    });
    child.once('error', (error) => resolve({ ok: false, detail: error.message }));
    child.once('close', (code) => resolve({ ok: code === 0, detail: tail.trim() }));
  });
}
