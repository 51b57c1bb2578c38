import type { ByteSource } from '../../media/bytes.ts';
import type { Metadata } from '../metadata.ts';
import { type Collector, collect } from './collect.ts';
import { decodeText } from './decode-text.ts';
import { collectLeadingId3, collectTrailingTags } from './id3.ts';
import { latin1, u16be, u32le } from './integers.ts';

/** Metadata of a FLAC file (RFC 9639 8): its Vorbis comment, and ID3 and APE tags that other programs put around it. */
export function readFlac(source: ByteSource): Metadata {
  const collector = collect();
  const start = collectLeadingId3(collector, source);
  let at = start + 4;
  let comments = 0;
  if (latin1(source.read(start, 4)) === 'fLaC') {
    for (let last = false; !last && at + 4 <= source.size && collector.step('file'); ) {
      const head = source.read(at, 4);
      const type = (head[0] ?? 0) & 0x7f;
      const length = ((head[1] ?? 0) << 16) | u16be(head, 2);
      last = (head[0] ?? 0) >= 0x80;
      if (at + 4 + length > source.size) collector.finding('truncated', 'file');
      if (type === 4) {
        const path = ++comments > 1 ? `VORBIS_COMMENT[${comments}]` : 'VORBIS_COMMENT';
        const bytes = collector.read(source, at + 4, length, path);
        collectVorbisComment(collector, bytes, {
          location: 'flac.vorbis-comment',
          path,
          offset: at + 4,
          length: bytes.length,
        });
      }
      if (type === 127) {
        collector.finding('bad-structure', 'file');
        break;
      }
      at += 4 + length;
    }
  } else {
    collector.finding('bad-structure', 'file');
  }
  collectTrailingTags(collector, source);
  return collector.metadata;
}

/**
 * The vendor (key `vendor`) and the fields (keys in upper case) of a Vorbis comment, bare as in FLAC: all lengths little-endian
 * (Vorbis I specification 5).
 */
export function collectVorbisComment(
  collector: Collector,
  bytes: Uint8Array,
  carrier: { location: string; path: string; offset: number; length: number },
): void {
  const vendorBytes = u32le(bytes, 0);
  if (bytes.length < 8 || vendorBytes > bytes.length - 8) {
    collector.finding(bytes.length < 8 ? 'truncated' : 'bad-structure', carrier.path);
    return;
  }
  collector.text('vendor', decodeText(bytes.subarray(4, 4 + vendorBytes)), {
    ...carrier,
    path: `${carrier.path}/vendor`,
  });
  const count = u32le(bytes, 4 + vendorBytes);
  let at = 8 + vendorBytes;
  for (let number = 1; number <= count; number++) {
    if (!collector.step(carrier.path)) return;
    const length = u32le(bytes, at);
    if (at + 4 > bytes.length || length > bytes.length - at - 4) {
      collector.finding('truncated', carrier.path);
      return;
    }
    addField(collector, bytes.subarray(at + 4, at + 4 + length), { ...carrier, path: `${carrier.path}[${number}]` });
    at += 4 + length;
  }
}

function addField(
  collector: Collector,
  bytes: Uint8Array,
  place: { location: string; path: string; offset: number; length: number },
): void {
  const equals = bytes.indexOf(0x3d);
  const key = latin1(bytes, 0, Math.max(equals, 0)).toUpperCase();
  // Pictures are long Base64 that no reader of words wants.
  if (key === 'METADATA_BLOCK_PICTURE' || key === 'COVERART') collector.binary(key, place);
  else collector.text(key, decodeText(bytes.subarray(equals + 1)), place);
}
