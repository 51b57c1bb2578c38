import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { noFields } from '../../src/engine/labels/aigc/compose.ts';
import type { LabellingTools } from '../../src/features/labelling/request.ts';
import type { Gaps } from './gaps.ts';
import type { Accepted } from './intake.ts';
import { producerCode, writeLabel } from './labels.ts';
import { ffmpeg, inputOf } from './programs.ts';
import type { Rendition } from './renditions.ts';

export const voiceFormats = ['mp3', 'm4a', 'wav'] as const;
type VoiceFormat = (typeof voiceFormats)[number];

const encoders: Record<VoiceFormat, { contentType: string; args: string[] }> = {
  mp3: { contentType: 'audio/mpeg', args: ['-c:a', 'libmp3lame', '-b:a', '96k', '-f', 'mp3'] },
  m4a: { contentType: 'audio/mp4', args: ['-c:a', 'aac', '-f', 'ipod'] },
  wav: { contentType: 'audio/wav', args: ['-c:a', 'pcm_s16le', '-f', 'wav'] },
};

export interface VoiceChange {
  voice: Extract<Accepted, { kind: 'audio' }>;
  /** Number and folder of the item that is made. */
  id: string;
  folder: string;
  gaps: Gaps;
  tools: LabellingTools;
}

const longestSeconds = 30;
/** A fourth higher, in the same time. */
const higher = 'aresample=48000,asetrate=64000,aresample=48000,atempo=0.75';

/** The voice as somebody else's, in every format: generated content, so each export is labelled, for people and for machines. */
export async function changeVoice(change: VoiceChange): Promise<Rendition[]> {
  const { folder, voice } = change;
  const drafts = voiceFormats.map((format) => ({ format, path: join(folder, format) }));
  await ffmpeg([
    ...['-t', String(longestSeconds), ...inputOf(voice)],
    ...drafts.flatMap(({ format, path }) => [
      '-map',
      '0:a:0',
      '-ac',
      '1',
      '-af',
      higher,
      ...encoders[format].args,
      path,
    ]),
  ]);
  const exports: Rendition[] = [];
  for (const draft of drafts) exports.push(await labelVoice(draft, change));
  return exports;
}

async function labelVoice(
  { format, path }: { format: VoiceFormat; path: string },
  { id, gaps, tools }: VoiceChange,
): Promise<Rendition> {
  const rendition = { name: format, path: `${path}.published`, contentType: encoders[format].contentType };
  const fields = { ...noFields, ContentProducer: producerCode, ProduceID: id };
  const heard = !(format === 'm4a' && gaps.has('voice-export-silent'));
  await writeLabel(path, rendition.path, { level: '1', fields }, tools, { heard });
  await rm(path);
  return rendition;
}

/** One turn of a changed voice, as it goes out live: MP3 frames and nothing else, so that turns can follow one another. */
export async function renderTurn({ voice, folder, gaps, tools }: Omit<VoiceChange, 'id'>): Promise<string> {
  const [draft, marked, turn] = ['turn.wav', 'marked.wav', 'turn.mp3'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await ffmpeg(['-t', String(longestSeconds), ...inputOf(voice), '-ac', '1', '-af', higher, '-f', 'wav', draft]);
  const fields = { ...noFields, ContentProducer: producerCode, ProduceID: 'room' };
  const heard = !gaps.has('room-voice-silent');
  await writeLabel(draft, marked, { level: '1', fields }, tools, { heard });
  const bare = ['-map_metadata', '-1', '-id3v2_version', '0', '-write_id3v1', '0', '-write_xing', '0'];
  await ffmpeg([
    '-f',
    'wav',
    '-i',
    marked,
    '-c:a',
    'libmp3lame',
    '-b:a',
    `${turnKilobits}k`,
    ...bare,
    '-f',
    'mp3',
    turn,
  ]);
  return turn;
}

export const turnKilobits = 96;
