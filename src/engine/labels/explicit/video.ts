import sharp from 'sharp';
import { type DecoderInput, inputArguments } from '../../media/probe.ts';
import type { AvSource, AvStream } from './av-source.ts';
import type { FaceFinder } from './faces.ts';
import { extraFd, mediaFd, runFfmpeg } from './ffmpeg.ts';
import { facesWhileShown } from './film-faces.ts';
import type { LabelFont } from './glyphs.ts';
import { type DrawnLabel, drawFor, type ExplicitLabel, type Refused } from './image.ts';
import type { Box } from './layout.ts';
import { toStored } from './orientation.ts';
import { encoderFor } from './video-encoders.ts';

export interface BurnRequest {
  source: AvSource;
  input: DecoderInput;
  demuxer: string;
  /** ffmpeg's name of the output container, and its address: a path or a descriptor that can be seeked. */
  muxer: string;
  output: string;
  label: ExplicitLabel;
  /** Seconds from the opening frame, at least 2 (GB 45438-2025 5.4); null shows it throughout. */
  seconds: number | null;
  /** Null looks for no faces. */
  findFaces: FaceFinder | null;
  font: LabelFont;
}

export interface BurnPlan {
  status: 'planned';
  args: string[];
  /** PNG for `pipe:4`. */
  overlay: Buffer;
  drawn: Omit<DrawnLabel, 'overlay'> & { box: Box };
  lost: string[];
}

export type BurnOutcome =
  | { status: 'burned'; drawn: BurnPlan['drawn']; lost: string[] }
  | { status: 'failed'; code: 'encoder-failed'; subject: string }
  | Refused;

/** Burns a label into a film. The whole picture stream is encoded again; every other stream is copied. */
export async function burnLabel(
  request: BurnRequest,
  wallMs: number,
  onProgress: (fraction: number) => void = () => {},
): Promise<BurnOutcome> {
  const plan = await planBurn(request);
  if (plan.status === 'refused') return plan;
  let last = '';
  const done = await runFfmpeg({
    program: 'ffmpeg',
    args: plan.args,
    input: request.input,
    extra: plan.overlay,
    wallMs,
    onOutput: progressReader(request.source.durationSeconds, onProgress),
    onLog: (line) => {
      last = line.replace(/[^\x20-\x7e]/g, '?').slice(0, 160) || last;
    },
  });
  if (!done) return { status: 'failed', code: 'encoder-failed', subject: last };
  return { status: 'burned', drawn: plan.drawn, lost: plan.lost };
}

/** ffmpeg's arguments and the overlay; nothing is run. */
export async function planBurn(request: BurnRequest): Promise<BurnPlan | Refused> {
  const { source, input, demuxer, muxer, output, label, seconds, findFaces, font } = request;
  const { video } = source;
  if (!video?.width || !video.height) return { status: 'refused', code: 'no-picture-stream', subject: '' };
  if (seconds !== null && seconds < 2) return { status: 'refused', code: 'shown-too-briefly', subject: `${seconds} s` };
  const encoder = encoderFor(video, source);
  if (!encoder) return { status: 'refused', code: 'codec-not-written', subject: video.codec_name };

  const stored = { width: video.width, height: video.height };
  const turn = orientationOf(video);
  const pixelAspect = aspectOf(video);
  const square = { width: Math.round(stored.width * pixelAspect), height: stored.height };
  const seen = turn >= 5 ? { width: square.height, height: square.width } : square;
  const drawn = await drawFor(seen, label, findFaces ? await facesWhileShown(request, seen, findFaces) : [], font);
  if ('status' in drawn) return drawn;
  const { overlay: upright, ...about } = drawn;
  const placed = toStored(upright, square, turn);
  const left = Math.round(placed.left / pixelAspect / 2) * 2;
  const overlay = await overlayPng(placed, pixelAspect, transferLevel(video));

  const kept = source.streams.filter((stream) => stream === video || isCopied(stream));
  const blend = `overlay=x=${left}:y=${placed.top}:eof_action=repeat:format=${blendFormat(video)}${whileShown(seconds, source)}`;
  // A plain filter of one stream, not a complex one: only so do turn, disposition and tags of the stream come along.
  const filter = `movie=filename='pipe\\:${extraFd}':format_name=png_pipe[label];[in][label]${blend},format=${video.pix_fmt ?? 'yuv420p'}[out]`;
  const pictures = kept.filter((stream) => stream.codec_type === 'video');
  const place = pictures.indexOf(video);
  const args = [
    ...['-nostdin', '-loglevel', 'error', '-y', '-progress', 'pipe:1', '-noautorotate'],
    ...inputArguments(demuxer, input, mediaFd),
    ...kept.flatMap((stream) => ['-map', `0:${stream.index}`]),
    ...['-map_metadata', '0', '-map_chapters', '0'],
    ...['-c', 'copy', `-filter:v:${place}`, filter, `-c:v:${place}`, encoder.name, ...encoder.options],
    ...(keepsTimeBase.has(encoder.name) ? ['-enc_time_base', '-1'] : []),
    ...['-fps_mode', 'passthrough', ...colourTags(video), ...fieldFlags(video), ...tagOf(video, muxer)],
    ...(isMov(muxer) ? ['-movflags', '+faststart', ...timescaleOf(video)] : []),
    ...['-f', muxer, output],
  ];
  const box = { left: upright.left, top: upright.top, width: upright.width, height: upright.height };
  const lost = [
    ...(kept.length < source.streams.length ? ['data-streams-lost'] : []),
    ...(video.color_transfer === 'smpte2084' ? ['mastering-data-lost'] : []),
    'pictures-encoded-again',
  ];
  return { status: 'planned', args, overlay, drawn: { ...about, box }, lost };
}

/** ffmpeg's `-progress`: lines of key=value, twice a second; out_time_us is how far the output is. */
function progressReader(durationSeconds: number | null, onProgress: (fraction: number) => void) {
  let rest = '';
  return (chunk: Buffer) => {
    const lines = (rest + chunk.toString('latin1')).split('\n');
    rest = (lines.pop() ?? '').slice(-1_000);
    const times = lines.flatMap((line) => /^out_time_us=(\d+)$/.exec(line)?.[1] ?? []);
    const reached = times.at(-1);
    if (reached && durationSeconds) onProgress(Math.min(1, Number(reached) / 1e6 / durationSeconds));
  };
}

const keepsTimeBase = new Set([
  'libx264',
  'libx265',
  'libvpx',
  'libvpx-vp9',
  'libsvtav1',
  'mjpeg',
  'prores_ks',
  'ffv1',
]);

/** Streams whose codec no muxer knows (time codes, camera telemetry) would make ffmpeg refuse the whole file. */
function isCopied(stream: AvStream): boolean {
  return ['video', 'audio', 'subtitle', 'attachment'].includes(stream.codec_type) && stream.codec_name !== 'unknown';
}

/** EXIF's number for how a player turns the picture; ffprobe's rotation counts counter-clockwise. */
function orientationOf({ side_data_list }: AvStream): 1 | 3 | 6 | 8 {
  const rotation = side_data_list.find((data) => data.rotation !== undefined)?.rotation ?? 0;
  const quarter = ((Math.round(rotation / 90) % 4) + 4) % 4;
  return ([1, 8, 3, 6] as const)[quarter] ?? 1;
}

function aspectOf({ sample_aspect_ratio }: AvStream): number {
  const [wide = 0, high = 0] = (sample_aspect_ratio ?? '').split(':').map(Number);
  const aspect = wide / high;
  return Number.isFinite(aspect) && aspect > 0.2 && aspect < 5 ? aspect : 1;
}

/** White as people expect it in high dynamic range: 203 cd/m², 58 % in PQ and 75 % in HLG (ITU-R BT.2408). */
function transferLevel({ color_transfer }: AvStream): number {
  return color_transfer === 'smpte2084' ? 0.58 : color_transfer === 'arib-std-b67' ? 0.75 : 1;
}

async function overlayPng(
  { rgba, width, height }: Box & { rgba: Buffer },
  aspect: number,
  level: number,
): Promise<Buffer> {
  let picture = sharp(rgba, { raw: { width, height, channels: 4 } });
  if (aspect !== 1)
    picture = picture.resize({ width: Math.max(2, Math.round(width / aspect)), height, fit: 'fill', kernel: 'cubic' });
  if (level !== 1) picture = picture.linear([level, level, level, 1], [0, 0, 0, 0]);
  return picture.png().toBuffer();
}

/** The overlay filter keeps more than eight bits only when it is told. */
function blendFormat({ pix_fmt = '' }: AvStream): string {
  if (/^yuv420p10/.test(pix_fmt)) return 'yuv420p10';
  if (/^yuv422p10/.test(pix_fmt)) return 'yuv422p10';
  return /^gbr/.test(pix_fmt) ? 'gbrp' : 'auto';
}

/** Counted from the picture's own first frame: sound may begin earlier. */
function whileShown(seconds: number | null, { video, streams }: AvSource): string {
  if (seconds === null) return '';
  const begin = Math.min(...streams.map((stream) => stream.start_time ?? 0));
  const late = Math.max(0, (video?.start_time ?? 0) - begin);
  return `:enable='lt(t,${(seconds + late).toFixed(3)})'`;
}

function colourTags({ color_range, color_space, color_transfer, color_primaries }: AvStream): string[] {
  const tags = [
    ['-color_range', color_range],
    ['-colorspace', color_space],
    ['-color_trc', color_transfer],
    ['-color_primaries', color_primaries],
  ];
  return tags.flatMap(([option, value]) => (option && value && /^[a-z0-9-]+$/.test(value) ? [option, value] : []));
}

function fieldFlags({ field_order }: AvStream): string[] {
  return field_order && /^(tt|bb|tb|bt)$/.test(field_order) ? ['-flags', '+ildct+ilme'] : [];
}

/** hvc1 or hev1, avc1 or avc3: Apple's players take only the one they know. */
function tagOf({ codec_tag_string }: AvStream, muxer: string): string[] {
  return isMov(muxer) && codec_tag_string && /^(hvc1|hev1)$/.test(codec_tag_string) ? ['-tag:v', codec_tag_string] : [];
}

function timescaleOf({ time_base }: AvStream): string[] {
  const scale = Number(time_base?.split('/')[1]);
  return Number.isInteger(scale) && scale > 0 && scale < 10_000_000 ? ['-video_track_timescale', String(scale)] : [];
}

function isMov(muxer: string): boolean {
  return muxer === 'mp4' || muxer === 'mov';
}
