import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import type { ExplicitPlan } from '../contract/labelling.ts';
import type { MediaFormat } from '../contract/screening.ts';
import { filmArguments, muxerFor } from '../engine/labels/explicit/film.ts';
import { labelFont } from '../engine/labels/explicit/glyphs.ts';
import { drawFor } from '../engine/labels/explicit/image.ts';
import { rhythmWav, soundArguments } from '../engine/labels/explicit/sound.ts';
import { describeStreams, encode, type StreamFacts } from '../engine/labels/explicit/streams.ts';
import { spokenTexts } from '../engine/labels/explicit/texts.ts';
import { demuxerFor } from '../engine/media/decode.ts';
import type { DecoderInput } from '../engine/media/probe.ts';
import { madeFile, type Rendered } from './labelling-protocol.ts';
import { RenderRefusal } from './refusals.ts';
import { pictureLabel } from './render-texts.ts';

export interface StreamRequest {
  input: DecoderInput;
  /** First bytes of the file. */
  head: Uint8Array;
  format: MediaFormat;
  kind: 'video' | 'audio';
  plan: ExplicitPlan;
  /** Where the new file is left, under the name `madeFile`. */
  workFolder: string;
  onProgress: (step: string, fraction: number) => void;
}

/** Burns the label into a film, or plays it into a sound. Throws a RenderRefusal where this ffmpeg cannot. */
export async function renderStreams(request: StreamRequest): Promise<Rendered> {
  const { input, head, format, kind } = request;
  const demuxer = demuxerFor(format, head);
  const muxer = muxerFor(format);
  const known = demuxer && muxer ? await describeStreams(input, demuxer) : null;
  if (!demuxer || !muxer || !known) throw new RenderRefusal('media-not-decodable', format);
  const made = kind === 'video' ? await film(request, known) : await sound(request, known);
  const { ok, detail } = await encode({
    input,
    demuxer,
    arguments: made.arguments,
    muxer,
    out: join(request.workFolder, madeFile),
    durationSeconds: known.durationSeconds,
    onProgress: (fraction) => request.onProgress('encode', fraction),
  });
  if (!ok) {
    // Outside the box the disk is told apart from the media by this word.
    const full = /No space left on device/.test(detail);
    throw new RenderRefusal(full ? 'disk-full' : 'media-not-encodable', full ? '' : detail.slice(0, 200));
  }
  return made.rendered;
}

type Known = NonNullable<Awaited<ReturnType<typeof describeStreams>>>;
interface Prepared {
  arguments: string[];
  rendered: Rendered;
}

async function film({ plan, format, workFolder }: StreamRequest, known: Known): Promise<Prepared> {
  const stream = known.streams.find((one) => one.kind === 'video' && !one.cover && one.width > 0);
  if (!stream) throw new RenderRefusal('media-not-decodable', format);
  const size = seenSize(stream);
  const drawn = await drawFor(size, pictureLabel(plan), labelFont());
  if ('status' in drawn) throw new RenderRefusal(drawn.code, drawn.subject);
  const { overlay } = drawn;
  const overlayFile = join(workFolder, 'label.png');
  const raw = { width: overlay.width, height: overlay.height, channels: 4 as const };
  await sharp(overlay.rgba, { raw }).png().toFile(overlayFile);
  const bitRate = stream.bitRate ?? known.bitRate;
  const shown = { seconds: plan.seconds };
  const args = filmArguments({ streams: known.streams, film: stream, overlay, overlayFile, shown, bitRate, format });
  if (!args) throw new RenderRefusal('codec-not-encodable', stream.codec);
  const whole = known.durationSeconds === null ? null : known.durationSeconds * 1000;
  const until = plan.seconds === null ? whole : Math.min(plan.seconds * 1000, whole ?? plan.seconds * 1000);
  return {
    arguments: args.arguments,
    rendered: {
      explicit: {
        kind: plan.style,
        text: drawn.text,
        heightRatio: drawn.ratio,
        position: plan.position,
        fromMs: 0,
        toMs: until === null ? null : Math.round(until),
      },
      identifier: null,
      lost: [...args.lost, ...drawn.remarks],
    },
  };
}

/** A player turns the film by quarter turns; ffmpeg does so too before it draws. */
function seenSize({ width, height, quarterTurns }: StreamFacts): { width: number; height: number } {
  return quarterTurns % 2 === 0 ? { width, height } : { width: height, height: width };
}

async function sound({ plan, format, workFolder }: StreamRequest, known: Known): Promise<Prepared> {
  const stream = known.streams.find(({ kind, sampleRateHz }) => kind === 'audio' && sampleRateHz > 0);
  if (!stream) throw new RenderRefusal('media-not-decodable', format);
  const labelFile = join(workFolder, 'label.wav');
  const text = plan.sound === 'notice' ? spokenTexts[plan.claim][plan.lang] : null;
  if (text === null) writeFileSync(labelFile, rhythmWav());
  else await speak(text, plan.lang, labelFile);
  const args = soundArguments({
    streams: known.streams,
    sound: stream,
    labelFile,
    places: plan.where,
    durationSeconds: known.durationSeconds,
    format,
  });
  if (!args) throw new RenderRefusal('codec-not-encodable', stream.codec);
  const explicit = {
    kind: plan.sound,
    text,
    heightRatio: null,
    position: plan.where.join(','),
    fromMs: null,
    toMs: null,
  };
  return { arguments: args, rendered: { explicit, identifier: null, lost: [] } };
}

/** 120 to 160 characters a minute for Chinese (GB 45438-2025 5.3): measured, espeak-ng's Mandarin at 80 words a minute. */
async function speak(text: string, lang: ExplicitPlan['lang'], file: string): Promise<void> {
  const voice = lang === 'zh' ? ['-v', 'cmn', '-s', '80'] : ['-v', 'en', '-s', '130'];
  try {
    await promisify(execFile)('espeak-ng', [...voice, '-w', file, text]);
  } catch {
    throw new RenderRefusal('no-voice', 'espeak-ng');
  }
}
