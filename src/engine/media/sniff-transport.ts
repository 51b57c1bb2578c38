import type { MediaKind } from '../../contract/screening.ts';
import { u16be } from '../labels/containers/integers.ts';
import type { ByteSource } from './bytes.ts';
import { type Sniffed, scanBytes } from './sniffed.ts';

/** Packets of 188 bytes, 192 (Blu-ray, a timecode before each) or 204 (with Reed-Solomon parity), from any offset in the first packet. */
export function sniffTransportStream(source: ByteSource): Sniffed | null {
  const bytes = source.read(0, scanBytes);
  for (const packet of [188, 192, 204]) {
    for (let at = 0; at < packet; at++) {
      // A recording cut in the middle of a packet must show more packets than one that starts with one.
      const wanted = at === 0 || (packet === 192 && at === 4) ? 5 : 10;
      if (bytes[at] === 0x47 && packetsFrom(bytes, at, packet, wanted)) {
        return { format: 'mpegts', kind: kindOfPrograms(bytes, at, packet), mime: 'video/mp2t' };
      }
    }
  }
  return null;
}

function packetsFrom(bytes: Uint8Array, start: number, packet: number, wanted: number): boolean {
  let count = 0;
  for (let at = start; at + 4 <= bytes.length && count < wanted; at += packet) {
    // ISO 13818-1 2.4.3.2: adaptation_field_control 00 is reserved, which also rules out text of the letter G.
    if (bytes[at] !== 0x47 || ((bytes[at + 3] ?? 0) & 0x30) === 0) return false;
    count++;
  }
  // A short file may end before the wanted number, but three are the least that mean anything.
  return count >= wanted || (count >= 3 && bytes.length < packet * wanted);
}

/** By the stream types of the program maps (ISO 13818-1 2.4.4.8) among the first packets; `video` when none is found. */
function kindOfPrograms(bytes: Uint8Array, start: number, packet: number): MediaKind {
  const maps = new Set<number>();
  let sound = false;
  for (let at = start; at + 188 <= bytes.length; at += packet) {
    const id = u16be(bytes, at + 1) & 0x1fff;
    const starts = (u16be(bytes, at + 1) & 0x4000) !== 0;
    if (!starts || (id !== 0 && !maps.has(id))) continue;
    const adapted = ((bytes[at + 3] ?? 0) & 0x20) !== 0 ? 1 + (bytes[at + 4] ?? 0) : 0;
    const table = at + 5 + adapted + (bytes[at + 4 + adapted] ?? 0);
    // A table that goes on in the next packet is read as far as this one goes; four bytes of checksum end it.
    const end = Math.min(at + 188, table + 3 + (u16be(bytes, table + 1) & 0xfff) - 4);
    if (id === 0) {
      for (let entry = table + 8; entry + 4 <= end; entry += 4)
        if (u16be(bytes, entry) !== 0) maps.add(u16be(bytes, entry + 2) & 0x1fff);
      continue;
    }
    for (
      let entry = table + 12 + (u16be(bytes, table + 10) & 0xfff);
      entry + 5 <= end;
      entry += 5 + (u16be(bytes, entry + 3) & 0xfff)
    ) {
      if (pictureStreams.has(bytes[entry] ?? 0)) return 'video';
      sound ||= soundStreams.has(bytes[entry] ?? 0);
    }
  }
  return sound ? 'audio' : 'video';
}

/** MPEG-1, 2 and 4, AVC, SVC, MVC, JPEG 2000, HEVC, AVS, VVC, Dirac, VC-1. */
const pictureStreams = new Set([
  0x01, 0x02, 0x10, 0x1b, 0x1e, 0x1f, 0x20, 0x21, 0x24, 0x25, 0x33, 0x34, 0x42, 0xd1, 0xd2, 0xd4, 0xea,
]);
/** MPEG audio, AAC, AC-3, DTS, E-AC-3, AVS audio. */
const soundStreams = new Set([0x03, 0x04, 0x0f, 0x11, 0x1c, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0xd3, 0xd5]);
