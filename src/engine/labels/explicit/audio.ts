import { type DecoderInput, inputArguments } from '../../media/probe.ts';
import type { AvSource, AvStream } from './av-source.ts';
import { extraFd, mediaFd, runFfmpeg } from './ffmpeg.ts';
import type { Refused } from './image.ts';
import { defaultPitch, defaultUnitMs, playRhythm } from './rhythm.ts';

export const soundPlaces = ['start', 'middle', 'end'] as const;
export type SoundPlace = (typeof soundPlaces)[number];

/** Speech: samples −1…1 of one channel. */
export interface Notice {
  samples: Float32Array;
  sampleRateHz: number;
}

export interface SoundLabelRequest {
  source: AvSource;
  input: DecoderInput;
  demuxer: string;
  muxer: string;
  output: string;
  /** One or more (GB 45438-2025 5.3). */
  places: readonly SoundPlace[];
  /** `insert` makes the sound longer; `over` lowers the programme under the label and keeps pictures in step. */
  mode: 'insert' | 'over';
  /** A spoken notice; null plays the rhythm mark. */
  notice: Notice | null;
  /** Integrated loudness of the programme in LUFS by `measureLoudness`; null when it is silent. */
  loudness: number | null;
}

export type SoundPlan = { status: 'planned'; args: string[]; label: Buffer; lost: string[] };
export type SoundOutcome =
  | { status: 'labelled'; lost: string[] }
  | { status: 'failed'; code: 'encoder-failed'; subject: string }
  | Refused;

/** Puts a spoken notice or the rhythm mark into the first sound stream and copies all others. */
export async function labelSound(request: SoundLabelRequest, wallMs: number): Promise<SoundOutcome> {
  const plan = planSound(request);
  if (plan.status === 'refused') return plan;
  let last = '';
  const done = await runFfmpeg({
    program: 'ffmpeg',
    args: plan.args,
    input: request.input,
    extra: plan.label,
    wallMs,
    onLog: (line) => {
      last = line.replace(/[^\x20-\x7e]/g, '?').slice(0, 160) || last;
    },
  });
  return done ? { status: 'labelled', lost: plan.lost } : { status: 'failed', code: 'encoder-failed', subject: last };
}

/** Rate in which the file is written. */
function soundRate({ audio }: AvSource): number {
  // Opus is always decoded at 48 kHz.
  return audio?.codec_name === 'opus' ? 48_000 : (audio?.sample_rate ?? 48_000);
}

/** Integrated loudness by ITU-R BS.1770 / EBU R 128 in LUFS; null for silence and for what does not decode. */
export async function measureLoudness(input: DecoderInput, demuxer: string, wallMs: number): Promise<number | null> {
  let heard: number | null = null;
  const args = ['-nostdin', '-nostats', ...inputArguments(demuxer, input, mediaFd), '-map', '0:a:0'];
  args.push('-af', 'ebur128=framelog=verbose', '-f', 'null', '-');
  await runFfmpeg({
    program: 'ffmpeg',
    args,
    input,
    wallMs,
    onLog: (line) => {
      const value = Number(/^\s+I:\s+(-?[\d.]+) LUFS/.exec(line)?.[1] ?? Number.NaN);
      if (Number.isFinite(value)) heard = value > -69 ? value : null;
    },
  });
  return heard;
}

/** ffmpeg's arguments and the label's samples for `pipe:4`; nothing is run. */
export function planSound(request: SoundLabelRequest): SoundPlan | Refused {
  const { source, input, demuxer, muxer, output, notice, loudness, mode } = request;
  const { audio } = source;
  if (!audio) return { status: 'refused', code: 'no-sound-stream', subject: '' };
  const encoder = encoders[audio.codec_name] ?? (audio.codec_name.startsWith('pcm_') ? audio.codec_name : null);
  if (!encoder) return { status: 'refused', code: 'codec-not-written', subject: audio.codec_name };
  // Longer sound beside pictures of the old length would fall out of step.
  if (mode === 'insert' && source.video) return { status: 'refused', code: 'insert-beside-pictures', subject: '' };
  const places = soundPlaces.filter((place) => request.places.includes(place));
  if (places.length === 0) return { status: 'refused', code: 'no-place-given', subject: '' };
  const rate = soundRate(source);
  const levelDb = levelFor(loudness, mode);
  const label = notice
    ? atLevel(notice.samples, levelDb)
    : playRhythm({ pitch: defaultPitch, unitMs: defaultUnitMs, levelDb, sampleRateHz: rate });
  const labelRate = notice?.sampleRateHz ?? rate;
  const seconds = label.length / labelRate;
  const duration = source.durationSeconds ?? 0;
  if (mode === 'over' && duration < seconds * places.length)
    return { status: 'refused', code: 'sound-too-short', subject: `${duration.toFixed(1)} s` };
  const kept = source.streams.filter((stream) => stream === audio || isCopied(stream, muxer));
  const filter =
    mode === 'insert' ? inserted(audio, rate, places, duration) : laidOver(audio, rate, places, duration, seconds);
  const sounds = kept.filter((stream) => stream.codec_type === 'audio');
  const place = sounds.indexOf(audio);
  const args = [
    ...['-nostdin', '-loglevel', 'error', '-y'],
    ...inputArguments(demuxer, input, mediaFd),
    ...['-f', 'f32le', '-ar', String(labelRate), '-ac', '1', '-i', `pipe:${extraFd}`],
    ...['-filter_complex', filter],
    ...kept.flatMap((stream) => ['-map', stream === audio ? '[labelled]' : `0:${stream.index}`]),
    ...['-map_metadata', '0', '-map_chapters', '0', `-map_metadata:s:a:${place}`, `0:s:${audio.index}`],
    ...[
      '-c',
      'copy',
      `-c:a:${place}`,
      encoder,
      `-ar:a:${place}`,
      String(rate),
      ...bitRateOf(audio, source, encoder, place),
    ],
    ...kept.flatMap((stream, index) =>
      stream.disposition.attached_pic ? [`-disposition:${index}`, 'attached_pic'] : [],
    ),
    ...(muxer === 'wav' ? ['-rf64', 'auto'] : []),
    ...(muxer === 'mp3' ? ['-id3v2_version', '3'] : []),
    ...['-f', muxer, output],
  ];
  const lost = [
    ...(kept.length < source.streams.length ? ['further-streams-lost'] : []),
    ...(lossless.test(audio.codec_name) ? [] : ['sound-encoded-again']),
    ...(mode === 'insert' && places.some((each) => each !== 'end') && source.streams.length > 1
      ? ['chapters-shifted']
      : []),
  ];
  return { status: 'planned', args, label: Buffer.from(label.buffer, label.byteOffset, label.byteLength), lost };
}

const encoders: { readonly [codec: string]: string } = {
  mp3: 'libmp3lame',
  aac: 'aac',
  opus: 'libopus',
  vorbis: 'libvorbis',
  flac: 'flac',
  alac: 'alac',
  ac3: 'ac3',
};
const lossless = /^(pcm_|flac|alac)/;

/** Ogg takes no picture stream; its covers come as text that ffmpeg does not write. */
function isCopied(stream: AvStream, muxer: string): boolean {
  const known =
    ['video', 'audio', 'subtitle', 'attachment'].includes(stream.codec_type) && stream.codec_name !== 'unknown';
  return known && !(/^(ogg|opus|wav|adts)$/.test(muxer) && stream.codec_type !== 'audio');
}

/** As loud as the programme, a little louder when both sound at once; never so quiet or loud that it is lost or hurts. */
function levelFor(loudness: number | null, mode: 'insert' | 'over'): number {
  if (loudness === null) return -23;
  return Math.min(-10, Math.max(-32, loudness + (mode === 'over' ? 2 : 0)));
}

/** Speech with that RMS over what is not silence, without clipping. */
function atLevel(samples: Float32Array, levelDb: number): Float32Array {
  let sum = 0;
  let count = 0;
  let peak = 1e-6;
  for (const sample of samples) {
    peak = Math.max(peak, Math.abs(sample));
    if (Math.abs(sample) < 0.01) continue;
    sum += sample * sample;
    count += 1;
  }
  const gain = Math.min(0.98 / peak, 10 ** (levelDb / 20) / Math.sqrt(Math.max(1e-9, sum / Math.max(1, count))));
  return samples.map((sample) => sample * gain);
}

/** How far the programme is lowered under a label: 12 dB. */
const ducked = 0.25;

function inserted(audio: AvStream, rate: number, places: readonly SoundPlace[], duration: number): string {
  const { spread, marks } = marksOf(audio, rate, places.length);
  const middle = (duration / 2).toFixed(3);
  const parts: string[] = [];
  const chain = [spread];
  let next = 0;
  if (places.includes('start')) parts.push(marks[next++] ?? '');
  if (places.includes('middle')) {
    chain.push(
      `[0:${audio.index}]asplit=2[one][two]`,
      `[one]atrim=end=${middle},afade=t=out:st=${Math.max(0, duration / 2 - 0.03).toFixed(3)}:d=0.03[before]`,
      `[two]atrim=start=${middle},asetpts=PTS-STARTPTS,afade=t=in:d=0.03[after]`,
    );
    parts.push('[before]', marks[next++] ?? '', '[after]');
  } else {
    chain.push(`[0:${audio.index}]asetpts=PTS-STARTPTS,afade=t=in:d=0.02[whole]`);
    parts.push('[whole]');
  }
  if (places.includes('end')) parts.push(marks[next++] ?? '');
  chain.push(`${parts.join('')}concat=n=${parts.length}:v=0:a=1[labelled]`);
  return chain.join(';');
}

function laidOver(
  audio: AvStream,
  rate: number,
  places: readonly SoundPlace[],
  duration: number,
  seconds: number,
): string {
  const { spread, marks } = marksOf(audio, rate, places.length);
  const begins = places.map((place) =>
    place === 'start' ? 0 : place === 'end' ? duration - seconds : (duration - seconds) / 2,
  );
  const under = begins.map((begin) => `between(t,${begin.toFixed(3)},${(begin + seconds).toFixed(3)})`).join('+');
  const delayed = begins.map(
    (begin, index) => `${marks[index] ?? ''}adelay=${Math.round(begin * 1000)}:all=1[late${index}]`,
  );
  return [
    spread,
    `[0:${audio.index}]volume=${ducked}:enable='${under}'[low]`,
    ...delayed,
    `[low]${begins.map((_, index) => `[late${index}]`).join('')}amix=inputs=${begins.length + 1}:duration=first:normalize=0[labelled]`,
  ].join(';');
}

/** The label in the programme's channels: left and right of many, each of one or two. */
function marksOf(
  { channels = 1, channel_layout }: AvStream,
  rate: number,
  count: number,
): { spread: string; marks: string[] } {
  const layout =
    channel_layout && /^[a-z0-9.()]+$/i.test(channel_layout) ? channel_layout : channels === 1 ? 'mono' : 'stereo';
  const gains = Array.from({ length: channels }, (_, channel) => `c${channel}=${channel < 2 ? '' : '0*'}c0`);
  const marks = Array.from({ length: count }, (_, index) => `[mark${index}]`);
  const split = count > 1 ? `,asplit=${count}` : '';
  return { spread: `[1:a]aresample=${rate},pan=${layout}|${gains.join('|')}${split}${marks.join('')}`, marks };
}

function bitRateOf(audio: AvStream, source: AvSource, encoder: string, place: number): string[] {
  if (encoder === 'flac' && audio.bits_per_raw_sample === 24)
    return ['-sample_fmt', 's32', '-bits_per_raw_sample', '24'];
  if (lossless.test(audio.codec_name)) return [];
  const alone = source.streams.filter((stream) => !stream.disposition.attached_pic).length === 1;
  const rate = audio.bit_rate ?? (alone ? source.bitRate : null);
  return rate ? [`-b:a:${place}`, String(Math.round(rate))] : [];
}
