import { decodeUtf8, trimNul } from '../containers/decode-text.ts';
import { type LabelChange, LabelRefusal } from './change.ts';
import { isLabelledXmp, withoutLabels } from './old-labels.ts';
import { editXmp } from './xmp-edit.ts';

/**
 * The bytes of an XMP packet after a change; null where none is needed or left, the same array where nothing changes.
 * Throws a LabelRefusal for packets that are not UTF-8.
 */
export function changePacket(packet: Uint8Array | null, change: LabelChange, where: string): Uint8Array | null {
  const text = packet === null ? null : decodeUtf8(packet);
  if (packet !== null && text === null) throw new LabelRefusal('container-variant', where);
  const before = text === null ? null : trimNul(text);
  let after = editXmp(before, change);
  if (after === null || after === before) return after === null ? null : packet;
  // A label inside a description is no property of its own.
  if (change.aigc === null && isLabelledXmp(after)) after = withoutLabels({ key: '', value: after, location: where });
  return after === null ? null : new Uint8Array(Buffer.from(after));
}

/** A packet made longer by the blanks that XMP allows before its end (ISO 16684-1 7.3.2); never shorter. */
export function paddedPacket(packet: Uint8Array, length: number): Uint8Array {
  const missing = length - packet.length;
  if (missing <= 0) return packet;
  const end = Buffer.from(packet).lastIndexOf('<?xpacket end=');
  const at = end < 0 ? packet.length : end;
  return new Uint8Array(Buffer.concat([packet.subarray(0, at), Buffer.alloc(missing, 0x20), packet.subarray(at)]));
}
