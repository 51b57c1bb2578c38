/**
 * Frame headers of bare audio streams. They are weak magic (11 or 12 set bits), so callers must follow a chain of them before believing one.
 */
export interface AudioFrame {
  /** Length of the frame in bytes, header included; 0 when the header does not say (free-format MPEG audio). */
  bytes: number;
  /** What must not change from frame to frame: version, layer, sample rate. */
  family: number;
  /** 1, 2 or 3 for MPEG audio; 0 for ADTS. */
  layer: number;
  /** Offset from the frame's start to where a Xing or Info header would lie; 0 for ADTS. */
  xingAt: number;
}

/** MPEG-1, 2 and 2.5 audio, layers I to III (ISO 11172-3 2.4.1.3, ISO 13818-3), or null. */
export function mpegAudioFrame(bytes: Uint8Array, at: number): AudioFrame | null {
  const [b0, b1, b2, b3] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
  if (b0 !== 0xff || b1 === undefined || b2 === undefined || b3 === undefined || (b1 & 0xe0) !== 0xe0) return null;
  const version = (b1 >> 3) & 3;
  const layer = 4 - ((b1 >> 1) & 3);
  const rateIndex = (b2 >> 2) & 3;
  const bitrateIndex = b2 >> 4;
  if (version === 1 || layer === 4 || rateIndex === 3 || bitrateIndex === 15 || (b3 & 3) === 2) return null;
  const mpeg1 = version === 3;
  const sampleRate = (mpegRates[rateIndex] ?? 0) >> (mpeg1 ? 0 : version === 2 ? 1 : 2);
  const column = mpeg1 ? layer - 1 : layer === 1 ? 3 : 4;
  const bitrate = (bitrates[column]?.[bitrateIndex] ?? 0) * 1000;
  const padding = (b2 >> 1) & 1;
  const samplesPerSlot = layer === 1 ? 12 : layer === 3 && !mpeg1 ? 72 : 144;
  const slots = bitrate === 0 ? 0 : Math.floor((samplesPerSlot * bitrate) / sampleRate) + padding;
  const mono = b3 >> 6 === 3;
  const sideInfo = mpeg1 ? (mono ? 17 : 32) : mono ? 9 : 17;
  return {
    bytes: layer === 1 ? slots * 4 : slots,
    family: (version << 4) | (layer << 2) | rateIndex,
    layer,
    xingAt: 4 + sideInfo,
  };
}

/** AAC in ADTS (ISO 14496-3 1.A.2.2), or null. */
export function adtsFrame(bytes: Uint8Array, at: number): AudioFrame | null {
  const [b1, b2, b3, b4, b5, b6] = [1, 2, 3, 4, 5, 6].map((step) => bytes[at + step]);
  if (bytes[at] !== 0xff || b1 === undefined || b2 === undefined || b3 === undefined) return null;
  if (b4 === undefined || b5 === undefined || b6 === undefined || (b1 & 0xf6) !== 0xf0) return null;
  const rateIndex = (b2 >> 2) & 15;
  const length = ((b3 & 3) << 11) | (b4 << 3) | (b5 >> 5);
  const header = (b1 & 1) === 1 ? 7 : 9;
  if (rateIndex > 12 || length < header) return null;
  return { bytes: length, family: ((b1 & 8) << 8) | (b2 & 0xfc), layer: 0, xingAt: 0 };
}

/** Bytes of the ID3v2 tag that starts at `at`, header and footer included, or 0 when none does (id3.org, ID3v2.4.0 section 3.1). */
export function id3v2Bytes(bytes: Uint8Array, at: number): number {
  const header = bytes.subarray(at, at + 10);
  if (header.length < 10 || header[0] !== 0x49 || header[1] !== 0x44 || header[2] !== 0x33) return 0;
  const [version = 0, revision = 0xff, flags = 0] = header.subarray(3, 6);
  if (version < 2 || version > 4 || revision === 0xff) return 0;
  let size = 0;
  for (const byte of header.subarray(6, 10)) {
    if (byte > 0x7f) return 0;
    size = size * 128 + byte;
  }
  return 10 + size + (version === 4 && (flags & 0x10) !== 0 ? 10 : 0);
}

const mpegRates = [44_100, 48_000, 32_000];
/** kbit/s by bitrate index: MPEG-1 layers I, II, III, then MPEG-2 layer I, MPEG-2 layers II and III. */
const bitrates = [
  [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
];
