import type { DetectorKind } from '../contract/card.ts';
import type { Exhibits, Finding, Media, MediaFormat, MediaKind, Signal } from '../contract/screening.ts';
import type { DetectorInput, Detectors } from '../engine/forensics/forensics.ts';
import { analysisRateHz, decodeMedia, decodeTimeLimit, demuxerFor } from '../engine/media/decode.ts';
import type { Pixels } from '../engine/media/pixels.ts';
import { type DecoderInput, type Probe, probeMedia } from '../engine/media/probe.ts';
import type { Order } from './protocol.ts';
import { reachDescriptor, reachPayload, reachPicture } from './reach.ts';

export interface LookedAt {
  media: Media | null;
  signals: Signal[];
  findings: Finding[];
  exhibits: Exhibits | null;
  tools?: Record<string, string>;
}

interface LookRequest {
  format: MediaFormat;
  kind: MediaKind;
  /** The first bytes of the file. */
  head: Uint8Array;
  payload: Uint8Array | null;
  /** Descriptor of the file when it did not come as payload. */
  fd: number;
  /** Whether the walls stand: some ways to the bytes are safe only inside them. */
  sandboxed: boolean;
  order: Order;
  /** Kinds of detectors that are installed; loading them is left until one is needed. */
  installed: ReadonlySet<DetectorKind>;
  detectors: () => Promise<Detectors>;
}

/** Everything that needs decoded pixels or sound: pixel watermarks, detectors, pictures for the report. */
export async function lookAtMedia(request: LookRequest): Promise<LookedAt> {
  switch (request.kind) {
    case 'image':
      return lookAtImage(request);
    case 'video':
    case 'audio':
      return lookAtStreams(request);
    case 'document':
      return nothing([
        { code: 'not-decoded-by-design', severity: 'info', stage: 'decode', params: { format: request.format } },
      ]);
  }
}

function nothing(findings: Finding[]): LookedAt {
  return { media: null, signals: [], findings, exhibits: null };
}

/** Larger pictures are shown to detectors by their top rows only; the finding `sampled` says so. */
const detectorPixels = 24_000_000;
const thumbnailSide = 320;
const thumbnailsShown = 8;
/** Frames given to detectors; each is kept in memory whole. */
const detectorFrames = 8;

async function lookAtImage({ payload, fd, order, installed, detectors }: LookRequest): Promise<LookedAt> {
  const { decodeImage, prepareImages, thumbnailOf } = await import('../engine/media/image.ts');
  prepareImages();
  const bytes = payload ?? reachPicture(fd);
  if (bytes === null) return nothing([deniedToDecoder]);
  const detecting = installed.has('image') || installed.has('face');
  const { image, findings } = await decodeImage(bytes, detecting ? detectorPixels : 0);
  if (!image) return nothing(findings);

  const signals = await readPixels(image.pixels, image.whole);
  const kinds: DetectorKind[] = installed.has('face') ? ['image', 'face'] : ['image'];
  const input = { pixelsFrames: [{ pixels: image.pixels, atMs: null }], codec: image.codec };
  const forensic = await detect(
    kinds.map((kind) => ({ kind, ...input })),
    installed,
    detectors,
  );
  signals.push(...forensic.signals);
  findings.push(...forensic.findings);
  const thumbnail = order.exhibits ? await thumbnailOf(bytes, thumbnailSide) : null;
  return {
    media: {
      durationMs: null,
      width: image.width,
      height: image.height,
      streams: [{ kind: 'image', codec: image.codec, width: image.width, height: image.height }],
      sampled: {
        frames: 1,
        framePick: image.pages > 1 ? 'first-page' : image.whole ? 'whole-image' : 'top-rows',
        audioMs: 0,
        whole: image.whole && image.pages === 1,
      },
      audioFingerprint: null,
    },
    signals,
    findings,
    exhibits: order.exhibits
      ? { thumbnails: thumbnail ? [{ atMs: null, ...thumbnail }] : [], waveform: null, spectrogram: null }
      : null,
  };
}

async function readPixels(pixels: Pixels, whole: boolean): Promise<Signal[]> {
  const [{ readDwtDct }, { readAlphaStealth }] = await Promise.all([
    import('../engine/labels/watermarks/dwt-dct.ts'),
    import('../engine/labels/watermarks/alpha-stealth.ts'),
  ]);
  return [...readDwtDct(pixels), ...(whole ? readAlphaStealth(pixels) : [])];
}

async function lookAtStreams(request: LookRequest): Promise<LookedAt> {
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

const deniedToDecoder: Finding = { code: 'denied-to-decoder', severity: 'warning', stage: 'decode', params: {} };

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
  const frames: { pixels: Pixels; atMs: number | null }[] = [];
  const thumbnails: { pixels: Pixels; atMs: number | null }[] = [];
  const sound: Float32Array[] = [];
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
      if ((installed.has('image') || installed.has('face')) && frames.length < detectorFrames)
        frames.push({ pixels: { ...pixels, data: pixels.data.slice() }, atMs });
      if (order.exhibits) thumbnails.push({ pixels: shrink(pixels, thumbnailSide), atMs });
    },
    onAudio: (samples) => {
      if (keepSound) sound.push(samples.slice());
    },
  });

  const samples = keepSound ? joinSamples(sound) : new Float32Array(0);
  const evidence = { pixelsFrames: frames, ...(samples.length > 0 ? { audio: { samples } } : {}) };
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
    exhibits: order.exhibits ? await drawExhibits(thumbnails, samples) : null,
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

/** An empty slot is answered without loading anything: most installations have no detector for most files. */
async function detect(
  inputs: DetectorInput[],
  installed: ReadonlySet<DetectorKind>,
  detectors: () => Promise<Detectors>,
): Promise<{ signals: Signal[]; findings: Finding[] }> {
  const signals: Signal[] = [];
  const findings: Finding[] = [];
  for (const input of inputs) {
    if (!installed.has(input.kind)) findings.push(noDetector(input.kind));
    else {
      const { runDetectors } = await detectors();
      const result = await runDetectors(input);
      signals.push(...result.signals);
      findings.push(...result.findings);
    }
  }
  return { signals, findings };
}

function noDetector(kind: DetectorKind): Finding {
  return { code: 'no-detector', severity: 'info', stage: 'forensics', params: { kind } };
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

async function drawExhibits(
  frames: { pixels: Pixels; atMs: number | null }[],
  samples: Float32Array,
): Promise<Exhibits> {
  const [{ thumbnailOfPixels }, { drawSpectrogram, drawWaveform }] = await Promise.all([
    import('../engine/media/image.ts'),
    import('../engine/media/exhibits.ts'),
  ]);
  const thumbnails: Exhibits['thumbnails'] = [];
  for (const { pixels, atMs } of spread(frames, thumbnailsShown)) {
    const thumbnail = await thumbnailOfPixels(pixels, thumbnailSide);
    if (thumbnail) thumbnails.push({ atMs, ...thumbnail });
  }
  return {
    thumbnails,
    waveform: samples.length > 0 ? drawWaveform(samples) : null,
    spectrogram: samples.length > 0 ? await drawSpectrogram(samples) : null,
  };
}

function spread<Item>(items: Item[], count: number): Item[] {
  if (items.length <= count) return items;
  return Array.from({ length: count }, (_, index) => items[Math.floor((index * items.length) / count)] as Item);
}

/** Box-samples down by a whole factor, so that frames kept for thumbnails stay small. */
function shrink(pixels: Pixels, side: number): Pixels {
  const factor = Math.max(1, Math.floor(Math.max(pixels.width, pixels.height) / side));
  const width = Math.max(1, Math.floor(pixels.width / factor));
  const height = Math.max(1, Math.floor(pixels.height / factor));
  const data = new Uint8Array(width * height * pixels.channels);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const from = (y * factor * pixels.width + x * factor) * pixels.channels;
      for (let c = 0; c < pixels.channels; c += 1)
        data[(y * width + x) * pixels.channels + c] = pixels.data[from + c] ?? 0;
    }
  }
  return { width, height, channels: pixels.channels, data };
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
