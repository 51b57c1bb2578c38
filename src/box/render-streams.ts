import { join } from 'node:path';
import type { ExplicitPlan } from '../contract/labelling.ts';
import type { MediaFormat } from '../contract/screening.ts';
import { labelSound, measureLoudness } from '../engine/labels/explicit/audio.ts';
import { type AvSource, readAvSource } from '../engine/labels/explicit/av-source.ts';
import { faceFinder } from '../engine/labels/explicit/faces.ts';
import { labelFont } from '../engine/labels/explicit/glyphs.ts';
import { speakNotice } from '../engine/labels/explicit/speech.ts';
import { spokenTexts } from '../engine/labels/explicit/texts.ts';
import { burnLabel } from '../engine/labels/explicit/video.ts';
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
  onProgress: (fraction: number) => void;
}

/** Burns the label into a film, or plays it into a sound. Throws a RenderRefusal where this ffmpeg cannot. */
export async function renderStreams(request: StreamRequest): Promise<Rendered> {
  const { input, head, format, kind, workFolder } = request;
  const demuxer = demuxerFor(format, head);
  const muxer = muxers[format];
  const source = demuxer && muxer ? await readAvSource(input, demuxer, patienceMs) : null;
  if (!demuxer || !muxer || !source) throw new RenderRefusal('media-not-decodable', format);
  const how = { source, input, demuxer, muxer, output: join(workFolder, madeFile) };
  return kind === 'video' ? burn(how, request) : play(how, request);
}

interface How {
  source: AvSource;
  input: DecoderInput;
  demuxer: string;
  muxer: string;
  output: string;
}

async function burn(how: How, { plan, onProgress }: StreamRequest): Promise<Rendered> {
  const { seconds, style } = plan;
  const findFaces = await faceFinder();
  const request = { ...how, label: pictureLabel(plan), seconds, findFaces, font: labelFont() };
  const burned = await burnLabel(request, patienceMs, onProgress);
  if (burned.status !== 'burned') throw new RenderRefusal(burned.code, burned.subject);
  const { drawn, lost } = burned;
  const wholeMs = how.source.durationSeconds === null ? null : how.source.durationSeconds * 1000;
  const untilMs = seconds === null ? wholeMs : Math.min(seconds * 1000, wholeMs ?? seconds * 1000);
  return {
    explicit: {
      ...{ kind: style, text: drawn.text, heightRatio: drawn.ratio, position: drawn.position, fromMs: 0 },
      toMs: untilMs === null ? null : Math.round(untilMs),
    },
    identifier: null,
    lost: [...lost, ...drawn.remarks],
  };
}

async function play(how: How, { plan }: StreamRequest): Promise<Rendered> {
  const { claim, lang, sound, where } = plan;
  const loudness = await measureLoudness(how.input, how.demuxer, patienceMs);
  const notice = sound === 'notice' ? await speak(claim, lang) : null;
  const played = await labelSound({ ...how, places: where, mode: 'insert', notice, loudness }, patienceMs);
  if (played.status !== 'labelled') throw new RenderRefusal(played.code, played.subject);
  const text = sound === 'notice' ? spokenTexts[claim][lang] : null;
  return {
    explicit: { kind: sound, text, heightRatio: null, position: where.join(','), fromMs: null, toMs: null },
    identifier: null,
    lost: played.lost,
  };
}

async function speak(claim: ExplicitPlan['claim'], lang: ExplicitPlan['lang']) {
  const notice = await speakNotice(claim, lang, patienceMs).catch(() => null);
  if (!notice) throw new RenderRefusal('no-voice', 'espeak-ng');
  return notice;
}

/** The box itself is watched from outside; nothing in it need be quicker. */
const patienceMs = 24 * 3_600_000;

const muxers: { readonly [format in MediaFormat]?: string } = {
  mp4: 'mp4',
  m4v: 'mp4',
  mov: 'mov',
  mkv: 'matroska',
  webm: 'webm',
  avi: 'avi',
  flv: 'flv',
  m4a: 'ipod',
  mp3: 'mp3',
  wav: 'wav',
  flac: 'flac',
  ogg: 'ogg',
  opus: 'opus',
};
