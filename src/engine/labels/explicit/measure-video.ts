import { type DecoderInput, inputArguments } from '../../media/probe.ts';
import type { AvSource } from './av-source.ts';
import { frameReader, mediaFd, runFfmpeg } from './ffmpeg.ts';
import { type Grey, inkAsLight, strokes } from './grey.ts';
import { grow, type Rgb } from './ink.ts';
import type { Box } from './layout.ts';
import { type LineReader, measurePixels, type SeenLabel } from './measure-image.ts';

export interface SeenInVideo {
  label: SeenLabel;
  /** Media time from the first frame, at normal speed, by the frames' own times. */
  fromMs: number;
  /** Time at which it is gone; the end of what was looked at where it never went. */
  toMs: number;
  /** True when it was still shown at the end of what was looked at. */
  openEnded: boolean;
  lookedAtMs: number;
  /** Of moments spread over the whole film, how many still showed it. */
  later: { shown: number; of: number };
}

export interface VideoLook {
  source: AvSource;
  input: DecoderInput;
  demuxer: string;
  read: LineReader;
  wallMs: number;
}

/** Moments at which text is looked for: a label that fades in is not whole in the very first frame. */
const readMoments = [0, 0.5, 1.2, 2.5] as const;
/** How far from the opening each frame is followed. */
const followedSeconds = 30;
const laterMoments = [0.25, 0.5, 0.75, 0.97] as const;

/** Finds the label of a film's opening, measures it, and follows it frame by frame. Null when no element is found. */
export async function measureVideo(look: VideoLook): Promise<SeenInVideo | null> {
  const size = seenSize(look.source);
  if (!size) return null;
  const duration = look.source.durationSeconds ?? followedSeconds;
  let partly: SeenInVideo | null = null;
  for (const moment of readMoments) {
    if (moment > 0 && moment >= duration) break;
    const frame = await frameAt(look, size, moment);
    const label = frame && (await measurePixels(frame, look.read));
    if (!frame || !label) continue;
    const seen = await follow(look, size, frame, label);
    if (label.elements.ai && label.elements.generation) return seen;
    partly ??= seen;
  }
  return partly;
}

interface Size {
  width: number;
  height: number;
}

/** As it is seen: turned, and with square pixels. */
function seenSize({ video }: AvSource): Size | null {
  if (!video?.width || !video.height) return null;
  const [wide = 1, high = 1] = (video.sample_aspect_ratio ?? '1:1').split(':').map(Number);
  const aspect = wide > 0 && high > 0 ? wide / high : 1;
  const width = Math.max(2, Math.round(video.width * aspect));
  const turned = video.side_data_list.some(
    ({ rotation }) => rotation !== undefined && Math.abs(Math.round(rotation / 90)) % 2 === 1,
  );
  // attacker-controlled: a frame must fit into memory as RGB.
  if (width * video.height > 40_000_000) return null;
  return turned ? { width: video.height, height: width } : { width, height: video.height };
}

async function frameAt(look: VideoLook, { width, height }: Size, seconds: number): Promise<Rgb | null> {
  let found: Rgb | null = null;
  await runFfmpeg({
    program: 'ffmpeg',
    args: [
      ...['-nostdin', '-loglevel', 'error', '-ss', seconds.toFixed(3)],
      ...inputArguments(look.demuxer, look.input, mediaFd),
      ...['-map', '0:V:0', '-frames:v', '1', '-vf', `scale=${width}:${height}`],
      ...['-pix_fmt', 'rgb24', '-f', 'rawvideo', '-'],
    ],
    input: look.input,
    wallMs: look.wallMs,
    onOutput: frameReader(width * height * 3, (data) => {
      // The only frame: none comes after it that would overwrite it.
      found = { width, height, data };
    }),
  });
  return found;
}

async function follow(look: VideoLook, size: Size, frame: Rgb, label: SeenLabel): Promise<SeenInVideo> {
  const area = grow(label.box, label.heightPx * 0.2, size);
  const pattern = patternOf(greyArea(frame, area), label);
  const times: number[] = [];
  const likeness: number[] = [];
  await watch(look, size, area, ['-t', String(followedSeconds)], [], times, (grey) =>
    likeness.push(alike(pattern, grey, label)),
  );
  const shown = likeness.map((value) => value > shownFrom);
  const begin = shown.indexOf(true);
  const first = times[0] ?? 0;
  const gone = shown.findIndex((value, index) => index > begin && !value);
  const last = times.at(-1) ?? 0;
  // The last frame is shown for as long as the one before it.
  const step = times.length > 1 ? (last - first) / (times.length - 1) : 40;
  const later = await lookLater(look, size, area, pattern, label);
  return {
    label,
    fromMs: begin < 0 ? 0 : (times[begin] ?? first) - first,
    toMs: begin < 0 ? 0 : gone < 0 ? last + step - first : (times[gone] ?? last) - first,
    openEnded: begin >= 0 && gone < 0,
    lookedAtMs: last + step - first,
    later,
  };
}

async function lookLater(look: VideoLook, size: Size, area: Box, pattern: Pattern, label: SeenLabel) {
  const duration = look.source.durationSeconds ?? 0;
  const moments = laterMoments.map((part) => part * duration).filter((moment) => moment > 2);
  let shown = 0;
  for (const moment of moments) {
    let likeness = 0;
    await watch(look, size, area, ['-ss', moment.toFixed(3)], ['-frames:v', '1'], [], (grey) => {
      likeness = alike(pattern, grey, label);
    });
    if (likeness > shownFrom) shown += 1;
  }
  return { shown, of: moments.length };
}

/** Decodes one area of each frame in grey, with the frames' times in ms. */
async function watch(
  look: VideoLook,
  { width, height }: Size,
  area: Box,
  before: readonly string[],
  after: readonly string[],
  times: number[],
  onFrame: (grey: Grey) => void,
): Promise<void> {
  const crop = `crop=${area.width}:${area.height}:${area.left}:${area.top}:exact=1`;
  await runFfmpeg({
    program: 'ffmpeg',
    args: [
      ...['-nostdin', '-loglevel', 'level+info', '-nostats', ...before],
      ...inputArguments(look.demuxer, look.input, mediaFd),
      ...['-map', '0:V:0', '-vf', `showinfo=checksum=0,scale=${width}:${height},format=gray,${crop}`, ...after],
      ...['-fps_mode', 'passthrough', '-pix_fmt', 'gray', '-f', 'rawvideo', '-'],
    ],
    input: look.input,
    wallMs: look.wallMs,
    onLog: (line) => {
      const time = line.includes('showinfo') ? / pts_time:\s*(\S+)/.exec(line) : null;
      if (time) times.push(Number(time[1]) * 1000);
    },
    onOutput: frameReader(area.width * area.height, (data) =>
      onFrame({ width: area.width, height: area.height, data }),
    ),
  });
}

function greyArea({ width, data }: Rgb, area: Box): Grey {
  const grey = new Uint8Array(area.width * area.height);
  for (let y = 0; y < area.height; y += 1) {
    for (let x = 0; x < area.width; x += 1) {
      const at = ((area.top + y) * width + area.left + x) * 3;
      grey[y * area.width + x] = Math.round(
        0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0),
      );
    }
  }
  return { width: area.width, height: area.height, data: grey };
}

interface Pattern {
  values: Float32Array;
  energy: number;
}

/** Half gone counts as gone: a label that fades out is legible no longer. */
const shownFrom = 0.5;

/** Strokes of the label, whatever lies behind them. */
function patternOf(grey: Grey, { heightPx, polarity }: SeenLabel): Pattern {
  const side = Math.max(5, Math.round(heightPx * 0.3) | 1);
  const values = Float32Array.from(strokes(inkAsLight(grey, polarity), side).data);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const centred = values.map((value) => value - mean);
  return { values: centred, energy: centred.reduce((sum, value) => sum + value * value, 0) };
}

/** How much of the pattern is in that area: 1 all of it at full strength, 0 nothing. The lesser of correlation and strength. */
function alike(pattern: Pattern, grey: Grey, label: SeenLabel): number {
  const other = patternOf(grey, label);
  let dot = 0;
  for (let at = 0; at < pattern.values.length; at += 1) dot += (pattern.values[at] ?? 0) * (other.values[at] ?? 0);
  const correlation = dot / Math.sqrt(Math.max(1e-9, pattern.energy * other.energy));
  return Math.min(correlation, dot / Math.max(1e-9, pattern.energy));
}
