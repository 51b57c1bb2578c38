import type { LabelMeasure } from '../contract/labelling.ts';
import type { MediaFormat } from '../contract/screening.ts';
import { readAvSource } from '../engine/labels/explicit/av-source.ts';
import { checkImageLabel, checkSoundLabel, checkVideoLabel } from '../engine/labels/explicit/checks.ts';
import { mediaFd, runFfmpeg } from '../engine/labels/explicit/ffmpeg.ts';
import { listenedRateHz, rhythmFinder } from '../engine/labels/explicit/measure-audio.ts';
import { type LineReader, measureImage } from '../engine/labels/explicit/measure-image.ts';
import { measureVideo } from '../engine/labels/explicit/measure-video.ts';
import { NoReader, readLines } from '../engine/labels/explicit/ocr.ts';
import type { ByteSource } from '../engine/media/bytes.ts';
import { demuxerFor } from '../engine/media/decode.ts';
import { type DecoderInput, inputArguments } from '../engine/media/probe.ts';
import type { Sniffed } from '../engine/media/sniffed.ts';
import { reachDescriptor, reachPayload } from './reach.ts';
import { RenderRefusal } from './refusals.ts';

/** Where the bytes of the file are, for readers and for tools that open it themselves. */
export interface Measured {
  source: ByteSource;
  payload: Uint8Array | null;
  fd: number;
  sandboxed: boolean;
}

/** Looks and listens for explicit labels in the rendered media, whoever put them there. Nothing else that is read or heard is kept. */
export async function measureLabel(file: Measured, { format, kind }: Sniffed): Promise<LabelMeasure> {
  if (kind === 'document') throw new RenderRefusal('nothing-to-see', format);
  const read: LineReader = (pictures) =>
    readLines(pictures, patienceMs).catch((error: unknown) => {
      throw error instanceof NoReader ? new RenderRefusal('no-reader', 'tesseract') : error;
    });
  if (kind === 'image') {
    const label = await measureImage(file.source.read(0, file.source.size), read);
    return { kind, seen: asJson(label), checks: checkImageLabel(label) };
  }
  const reach = file.payload ? reachPayload(file.payload) : await reachDescriptor(file.fd, file.sandboxed);
  if (!reach) throw new RenderRefusal('media-not-decodable', format);
  try {
    const { input } = reach;
    const demuxer = demuxerFor(format, file.source.read(0, 16));
    const source = demuxer ? await readAvSource(input, demuxer, patienceMs) : null;
    if (!demuxer || !source) throw new RenderRefusal('media-not-decodable', format);
    if (kind === 'audio' || !source.video) return await listen(input, demuxer, format);
    const seen = await measureVideo({ source, input, demuxer, read, wallMs: patienceMs });
    return { kind: 'video', seen: asJson(seen), checks: checkVideoLabel(seen) };
  } finally {
    reach.end();
  }
}

async function listen(input: DecoderInput, demuxer: string, format: MediaFormat): Promise<LabelMeasure> {
  const finder = rhythmFinder();
  let odd: number | null = null;
  const args = ['-nostdin', '-v', 'error', ...inputArguments(demuxer, input, mediaFd), '-map', '0:a:0'];
  args.push('-ac', '1', '-ar', String(listenedRateHz), '-f', 's16le', '-');
  const done = await runFfmpeg({
    program: 'ffmpeg',
    args,
    input,
    wallMs: patienceMs,
    onOutput: (chunk) => {
      const bytes = odd === null ? chunk : Buffer.concat([Buffer.of(odd), chunk]);
      const samples = new Float32Array(bytes.length >> 1);
      for (let index = 0; index < samples.length; index += 1) samples[index] = bytes.readInt16LE(index * 2) / 32_768;
      // A sample may be cut between two pieces of output.
      odd = bytes.length % 2 === 1 ? (bytes.at(-1) ?? null) : null;
      finder.push(samples);
    },
  });
  const { durationMs, heard } = finder.end();
  if (!done && durationMs === 0) throw new RenderRefusal('media-not-decodable', format);
  const marks = heard.slice(0, 20).map((one) => ({ ...one }));
  return { kind: 'audio', seen: marks.length > 0 ? { durationMs, marks } : null, checks: checkSoundLabel(heard) };
}

/** Figures only, as they go over the pipe. */
function asJson(seen: object | null): LabelMeasure['seen'] {
  return JSON.parse(JSON.stringify(seen));
}

/** The box itself is watched from outside. */
const patienceMs = 24 * 3_600_000;
