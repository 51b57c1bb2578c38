import type { DetectorKind } from '../contract/card.ts';
import type { Signal } from '../contract/screening.ts';
import type { Detectors } from '../engine/forensics/forensics.ts';
import type { PictureFrame } from '../engine/forensics/picture-input.ts';
import { analysisRateHz, decodeMedia, decodeTimeLimit, demuxerFor } from '../engine/media/decode.ts';
import { shrink, thumbnailSide } from '../engine/media/pixels.ts';
import { type DecoderInput, type Probe, probeMedia } from '../engine/media/probe.ts';
import { keepSpread } from '../engine/media/spread.ts';
import { detect } from './detect.ts';
import { deniedToDecoder, type LookedAt, type LookRequest, nothing } from './looked-at.ts';
import type { Order } from './protocol.ts';
import { reachDescriptor, reachPayload } from './reach.ts';

/** Frames given to detectors, spread over the film; each is kept in memory whole. */
const detectorFrames = 8;

/** Moving pictures and sound: one decoding pass for watermarks, detectors and what the report shows. */
export async function lookAtStreams(request: LookRequest): Promise<LookedAt> {
  const { format, head, payload, fd, sandboxed } = request;
  const demuxer = demuxerFor(format, head);
  if (!demuxer)
    return nothing([
      { code: 'not-decodable', severity: 'warning', stage: 'decode', params: { detail: `no decoder for ${format}` } },
    ]);
  const reach = payload ? reachPayload(payload) : await reachDescriptor(fd, sandboxed);
  if (!reach) return nothing([deniedToDecoder]);
  try {
    const { order, installed, detectors } = request;
    return await decodeAndRead({ input: reach.input, demuxer, order, installed, detectors });
  } finally {
    reach.end();
  }
}

interface StreamRequest {
  input: DecoderInput;
  demuxer: string;
  order: Order;
  installed: ReadonlySet<DetectorKind>;
  detectors: () => Promise<Detectors>;
}

async function decodeAndRead({ input, demuxer, order, installed, detectors }: StreamRequest): Promise<LookedAt> {
  const late = AbortSignal.timeout(order.decodeMs);
  const probe = await probeMedia(input, demuxer, late);
  if (!probe && late.aborted) return nothing([decodeTimeLimit(order.decodeMs)]);
  if (!probe)
    return nothing([
      { code: 'not-decodable', severity: 'warning', stage: 'decode', params: { detail: 'no streams found' } },
    ]);

  const found = pixelFindings();
  const frames = keepSpread<PictureFrame>(detectorFrames);
  const thumbnails: PictureFrame[] = [];
  const sound: Float32Array[] = [];
  const wantsFrames = installed.has('image') || installed.has('face');
  const keepSound = order.exhibits || installed.has('voice');
  const { readDwtDct } = await import('../engine/labels/watermarks/dwt-dct.ts');

  const decoded = await decodeMedia({
    input,
    demuxer,
    probe,
    windowSeconds: order.windowSeconds,
    wallMs: order.decodeMs,
    onFrame: (pixels, atMs, scaled) => {
      if (!scaled) found.add(readDwtDct(pixels), atMs);
      if (wantsFrames) frames.add(() => ({ pixels: { ...pixels, data: pixels.data.slice() }, atMs }));
      if (order.exhibits) thumbnails.push({ pixels: shrink(pixels, thumbnailSide), atMs });
    },
    onAudio: (samples) => {
      if (keepSound) sound.push(samples.slice());
    },
  });

  const samples = keepSound ? joinSamples(sound) : new Float32Array(0);
  const evidence = { pixelsFrames: frames.kept(), ...(samples.length > 0 ? { audio: { samples } } : {}) };
  const forensic = await detect(
    kindsFor(probe, installed).map((kind) => ({ kind, ...evidence, ...codecOf(probe, kind) })),
    installed,
    detectors,
  );
  const audioMs = Math.round((decoded.audioSamples / analysisRateHz) * 1000);
  const whole = order.windowSeconds === null || (probe.durationMs ?? 0) <= order.windowSeconds * 1000;
  const findings = [...decoded.findings, ...forensic.findings];
  if (!whole)
    findings.push({
      code: 'sampled',
      severity: 'info',
      stage: 'decode',
      params: { seconds: order.windowSeconds ?? 0 },
    });
  return {
    media: {
      durationMs: probe.durationMs,
      width: probe.video?.width ?? null,
      height: probe.video?.height ?? null,
      streams: probe.streams,
      sampled: { frames: decoded.frames, framePick: probe.video ? 'key-frames' : null, audioMs, whole },
      audioFingerprint: decoded.audioFingerprint,
    },
    signals: [...found.signals, ...forensic.signals],
    findings,
    exhibits: order.exhibits
      ? await (await import('../engine/media/exhibits.ts')).drawExhibits(thumbnails, samples)
      : null,
    tools: { ffmpeg: probe.version },
  };
}

/** Moving pictures are asked about faces, sound about voices; frames as single pictures only when a detector for that is there. */
function kindsFor(probe: Probe, installed: ReadonlySet<DetectorKind>): DetectorKind[] {
  const kinds: DetectorKind[] = [];
  if (probe.video) kinds.push('face');
  if (probe.video && installed.has('image')) kinds.push('image');
  if (probe.audio) kinds.push('voice');
  return kinds;
}

/** A detector's card knows channels by the codec that the sound or the picture went through. */
function codecOf(probe: Probe, kind: DetectorKind): { codec?: string } {
  const stream = probe.streams.find((other) => other.kind === (kind === 'voice' ? 'audio' : 'video'));
  return stream ? { codec: stream.codec } : {};
}

/** The same mark in many frames is one signal, placed where it was first seen. */
function pixelFindings() {
  const signals: Signal[] = [];
  return {
    signals,
    add(fresh: Signal[], atMs: number | null): void {
      for (const signal of fresh) {
        const known = signals.some(
          (other) => other.method === signal.method && other.code === signal.code && other.claim === signal.claim,
        );
        if (!known)
          signals.push({
            ...signal,
            place: { ...signal.place, ...(atMs === null ? {} : { fromMs: atMs, toMs: atMs }) },
          });
      }
    },
  };
}

function joinSamples(parts: Float32Array[]): Float32Array {
  const joined = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
