import { spawn } from 'node:child_process';
import type { Media } from '../../contract/screening.ts';

/**
 * How the decoder reaches the bytes: a descriptor of this process that the child inherits and opens anew, or the address of a
 * reader inside the glass box where opening anew is refused (box/reach.ts).
 */
export type DecoderInput = { fd: number } | { url: string };

export interface Probe {
  durationMs: number | null;
  streams: Media['streams'];
  /** Size of the first real video stream (cover pictures are not video); null without one. */
  video: { width: number; height: number } | null;
  audio: boolean;
  /** Version of ffmpeg, as it names itself. */
  version: string;
}

/**
 * Asks ffprobe for streams and duration. The demuxer is named by us, from the content, so that playlists and other
 * containers that point at further files are never opened.
 * Returns null when ffprobe cannot make sense of the file.
 */
export function probeMedia(input: DecoderInput, demuxer: string, signal?: AbortSignal): Promise<Probe | null> {
  const args = ['-v', 'error', '-hide_banner', ...inputArguments(demuxer, input, 3)];
  args.push(
    '-show_entries',
    `program_version=version:format=duration:stream=${streamFields.join(',')}:stream_disposition=attached_pic`,
    '-of',
    'json',
  );
  return new Promise((resolve) => {
    // Not execFile: it drops further descriptors silently.
    const child = spawn('ffprobe', args, {
      stdio: ['ignore', 'pipe', 'ignore', ...('fd' in input ? [input.fd] : [])],
      ...(signal ? { signal, killSignal: 'SIGKILL' } : {}),
    });
    let answer = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
      if (answer.length > maxAnswerCharacters) child.kill('SIGKILL');
    });
    child.once('error', () => resolve(null));
    child.once('close', () => resolve(readProbe(answer)));
  });
}

/** Thousands of streams are described in less. */
const maxAnswerCharacters = 4 * 1024 * 1024;

const streamFields = [
  'codec_type',
  'codec_name',
  'width',
  'height',
  'avg_frame_rate',
  'sample_rate',
  'channels',
  'duration',
];

/** The demuxer is fixed, and only one kind of source may be opened, whatever the file names. `childFd`: where the child finds its descriptor. */
export function inputArguments(demuxer: string, input: DecoderInput, childFd: number): string[] {
  if ('url' in input) return ['-protocol_whitelist', 'http,tcp', '-f', demuxer, '-i', input.url];
  return ['-protocol_whitelist', 'file', '-f', demuxer, '-i', `file:/proc/self/fd/${childFd}`];
}

interface RawStream {
  codec_type?: string;
  codec_name?: string;
  width?: number;
  height?: number;
  avg_frame_rate?: string;
  sample_rate?: string;
  channels?: number;
  duration?: string;
  disposition?: { attached_pic?: number };
}

export function readProbe(json: string): Probe | null {
  let raw: { program_version?: { version?: string }; format?: { duration?: string }; streams?: RawStream[] };
  try {
    raw = JSON.parse(json) as typeof raw;
  } catch {
    return null;
  }
  const streams = (raw.streams ?? []).slice(0, 64);
  if (streams.length === 0) return null;
  const video = streams.find(
    (stream) => stream.codec_type === 'video' && !stream.disposition?.attached_pic && stream.codec_name,
  );
  const seconds = Number(
    raw.format?.duration ?? Math.max(0, ...streams.map((stream) => Number(stream.duration ?? 0) || 0)),
  );
  return {
    durationMs: Number.isFinite(seconds) && seconds > 0 ? Math.round(seconds * 1000) : null,
    version: (raw.program_version?.version ?? 'unknown').slice(0, 60),
    streams: streams.map(describe),
    video: video?.width && video.height ? { width: video.width, height: video.height } : null,
    audio: streams.some(
      (stream) => stream.codec_type === 'audio' && stream.codec_name && Number(stream.sample_rate) > 0,
    ),
  };
}

function describe(stream: RawStream): Media['streams'][number] {
  const kind = stream.disposition?.attached_pic
    ? 'image'
    : (['video', 'audio'] as const).find((known) => known === stream.codec_type);
  const [frames = 0, seconds = 0] = (stream.avg_frame_rate ?? '').split('/').map(Number);
  const rate = seconds > 0 ? frames / seconds : 0;
  return {
    kind: kind ?? 'other',
    codec: stream.codec_name ?? 'unknown',
    ...positive('width', stream.width),
    ...positive('height', stream.height),
    ...(rate > 0 && kind === 'video' ? { frameRate: Math.round(rate * 1000) / 1000 } : {}),
    ...positive('sampleRateHz', Number(stream.sample_rate)),
    ...positive('channels', stream.channels),
  };
}

function positive<Name extends string>(name: Name, value: number | undefined): { [key in Name]?: number } {
  return value !== undefined && Number.isInteger(value) && value > 0
    ? ({ [name]: value } as { [key in Name]: number })
    : {};
}
