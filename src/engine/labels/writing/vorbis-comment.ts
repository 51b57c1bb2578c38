import { decodeText } from '../containers/decode-text.ts';
import { concat, latin1, u32le } from '../containers/integers.ts';
import { maxNodes } from '../metadata.ts';
import { LabelRefusal } from './change.ts';
import { withoutLabels } from './old-labels.ts';

/**
 * A Vorbis comment (Vorbis I specification 5; bare, as in FLAC) with its labels taken out and, unless `aigc` is null, one field
 * `AIGC=…` put in: where the first label stood, else before all fields. Vendor, other fields and what follows them stay byte by byte;
 * the same array comes back when nothing changes. Throws a LabelRefusal where the lengths inside do not fit.
 */
export function editVorbisComment(
  bytes: Uint8Array,
  aigc: string | null,
  place: { location: string; where: string },
): Uint8Array {
  const { head, fields, tail } = parse(bytes, place.where);
  const kept: Uint8Array[] = [];
  let labelAt: number | null = null;
  let isChanged = aigc !== null;
  for (const field of fields) {
    const edited = withoutLabel(field, place.location);
    if (edited !== field) isChanged = true;
    if (edited === null) labelAt ??= kept.length;
    else kept.push(edited);
  }
  if (!isChanged) return bytes;
  if (aigc !== null) kept.splice(labelAt ?? 0, 0, Buffer.from(`AIGC=${aigc}`, 'latin1'));
  return concat([head, counted(kept.length), ...kept.flatMap((field) => [counted(field.length), field]), tail]);
}

/** A Vorbis comment with one label in it, for a stream that has none. */
export function newVorbisComment(aigc: string): Uint8Array {
  const vendor = Buffer.from('Clearmirror');
  return editVorbisComment(concat([counted(vendor.length), vendor, counted(0)]), aigc, { location: '', where: '' });
}

/** `head` is the vendor with its length, `tail` what stands behind the last field: a framing bit, or padding. */
function parse(bytes: Uint8Array, where: string): { head: Uint8Array; fields: Uint8Array[]; tail: Uint8Array } {
  const damaged = new LabelRefusal('container-damaged', where);
  const vendorBytes = u32le(bytes, 0);
  if (bytes.length < 8 || vendorBytes > bytes.length - 8) throw damaged;
  const headEnd = 4 + vendorBytes;
  const count = u32le(bytes, headEnd);
  const fields: Uint8Array[] = [];
  let at = headEnd + 4;
  // attacker-controlled count: each field takes four bytes at least
  if (count > (bytes.length - at) / 4) throw damaged;
  if (count > maxNodes) throw new LabelRefusal('container-too-large', where);
  for (let number = 0; number < count; number += 1) {
    const length = u32le(bytes, at);
    if (at + 4 > bytes.length || length > bytes.length - at - 4) throw damaged;
    fields.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return { head: bytes.subarray(0, headEnd), fields, tail: bytes.subarray(at) };
}

/** Null for a field that is a label, the same bytes for one without. */
function withoutLabel(field: Uint8Array, location: string): Uint8Array | null {
  const equals = field.indexOf(0x3d);
  const key = latin1(field, 0, Math.max(equals, 0)).toUpperCase();
  if (key === 'METADATA_BLOCK_PICTURE' || key === 'COVERART') return field;
  const value = decodeText(field.subarray(equals + 1));
  const rest = withoutLabels({ key, value, location });
  if (rest === value || rest === null) return rest === null ? null : field;
  return concat([field.subarray(0, equals + 1), Buffer.from(rest)]);
}

function counted(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
