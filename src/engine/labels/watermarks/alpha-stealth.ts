import { gunzipSync } from 'node:zlib';
import type { Signal } from '../../../contract/screening.ts';
import type { Pixels } from '../../media/pixels.ts';
import { recogniseComfyui } from '../traces/comfyui.ts';
import type { Fact, Field } from '../traces/facts.ts';
import { recogniseFooocus, recogniseSwarmui } from '../traces/local-tools.ts';
import { recogniseNovelai } from '../traces/novelai.ts';
import { recogniseSdWebui } from '../traces/sd-webui.ts';
import { parseObject } from '../traces/values.ts';

/**
 * "Stealth pnginfo": generation settings in the lowest bits of the alpha channel, or of red, green and blue, down the columns: a
 * signature of 15 letters, the length in bits (32 bits, big-endian), then text or gzip. NovelAI writes it into every PNG; an
 * extension writes the same for Stable Diffusion WebUI. `pixels` must be the whole picture: the order depends on its height.
 * One signal at most. (NovelAI/novelai-image-metadata nai_meta.py; ashen-sensored/sd_webui_stealth_pnginfo)
 */
export function readAlphaStealth(pixels: Pixels): Signal[] {
  const { width, height, channels, data } = pixels;
  if (!(width > 0 && height > 0) || data.length < width * height * channels) return [];
  for (const carrier of carriers) {
    if (carrier.name === 'alpha' && channels !== 4) continue;
    const bits = new ColumnBits(pixels, carrier.offsets);
    const signature = bits.text(signatureLength);
    if (!signature.startsWith(carrier.prefix)) continue;
    const kind = signature.slice(carrier.prefix.length);
    if (kind === 'info' || kind === 'comp') return [describe(carrier.name, readPayload(bits, kind === 'comp'))];
  }
  return [];
}

const carriers = [
  { name: 'alpha', prefix: 'stealth_png', offsets: [3] },
  { name: 'rgb', prefix: 'stealth_rgb', offsets: [0, 1, 2] },
] as const;
const signatureLength = 'stealth_pnginfo'.length;

/** Settings are a few kilobytes; a workflow graph may be some hundreds. */
const maxPayloadBytes = 4 * 1024 * 1024;
const maxTextBytes = 8 * 1024 * 1024;

/** The lowest bits of some channels, top to bottom, then left to right. Reads zeros beyond the end. */
class ColumnBits {
  private position = 0;
  private readonly pixels: Pixels;
  private readonly offsets: readonly number[];

  constructor(pixels: Pixels, offsets: readonly number[]) {
    this.pixels = pixels;
    this.offsets = offsets;
  }

  /** Whole bytes that are left. */
  get left(): number {
    return Math.max(0, Math.floor((this.pixels.width * this.pixels.height * this.offsets.length - this.position) / 8));
  }

  bytes(count: number): Uint8Array {
    const result = new Uint8Array(count);
    for (let index = 0; index < count * 8; index += 1) {
      const at = index >> 3;
      result[at] = ((result[at] ?? 0) << 1) | this.bit();
    }
    return result;
  }

  text(count: number): string {
    return Buffer.from(this.bytes(count)).toString('latin1');
  }

  private bit(): number {
    const { height, width, channels, data } = this.pixels;
    const pixel = Math.floor(this.position / this.offsets.length);
    const offset = this.offsets[this.position % this.offsets.length] ?? 0;
    this.position += 1;
    const row = pixel % height;
    const column = Math.floor(pixel / height);
    return (data[(row * width + column) * channels + offset] ?? 0) & 1;
  }
}

/** The hidden text, or null when the length or the compression is impossible. */
function readPayload(bits: ColumnBits, compressed: boolean): string | null {
  const declared = Buffer.from(bits.bytes(4)).readUInt32BE(0) / 8;
  // Attacker-controlled length: check before allocating.
  if (!Number.isInteger(declared) || declared === 0 || declared > Math.min(bits.left, maxPayloadBytes)) return null;
  const bytes = bits.bytes(declared);
  if (!compressed) return Buffer.from(bytes).toString('utf8');
  try {
    return gunzipSync(bytes, { maxOutputLength: maxTextBytes }).toString('utf8');
  } catch {
    // Damaged or oversized: the signature alone still says something.
    return null;
  }
}

function describe(carrier: 'alpha' | 'rgb', text: string | null): Signal {
  const trace = text === null ? undefined : recognise(text);
  return {
    id: 'watermark.alpha-stealth#1',
    layer: 'label',
    method: 'watermark.alpha-stealth',
    claim: trace?.claim ?? 'ai-generated',
    strength: trace ? 'strong' : 'some',
    code: trace ? 'watermark-alpha-stealth' : 'watermark-alpha-stealth-unread',
    params: trace ? { tool: trace.tool } : {},
    place: { location: `pixels.${carrier}` },
    checks: [],
    errorRate: {
      // Four signatures of 120 bits against arbitrary lowest bits.
      falsePositive: { rate: 2 ** -118, n: null },
      falseNegative: null,
      source: 'computed: signature of 120 bits; any change of the lowest bits removes the mark',
    },
    evidence: { carrier, textLength: text?.length ?? null, ...(trace ? trace.evidence : {}) },
  };
}

function recognise(text: string) {
  const facts = factsIn(text);
  for (const recognise of [recogniseNovelai, recogniseSwarmui, recogniseFooocus, recogniseComfyui, recogniseSdWebui]) {
    const trace = recognise(facts)[0];
    if (trace && trace.strength === 'strong') return trace;
  }
  return undefined;
}

/** NovelAI hides its text chunks as one JSON object; the extension hides the text of `parameters`. */
function factsIn(text: string): Fact[] {
  const fields: [string, Field, unknown][] = [['parameters', 'other', text]];
  const value = parseObject(text);
  fields.push(['Software', 'software', value?.['Software']], ['Source', 'source', value?.['Source']]);
  fields.push(['Comment', 'comment', value?.['Comment']], ['parameters', 'other', value?.['parameters']]);
  return fields.flatMap(([key, field, of], carrier) =>
    typeof of === 'string' ? [{ key, field, value: of, place: { location: 'pixels', path: key }, carrier }] : [],
  );
}
