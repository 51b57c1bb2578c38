import type { ByteSource } from '../../media/bytes.ts';
import type { Metadata } from '../metadata.ts';
import { collect } from './collect.ts';
import { decodeXml } from './decode-text.ts';
import { collectExif } from './exif.ts';
import { latin1, startsWith, u32le } from './integers.ts';
import { bareText, collectTrailer } from './trailer.ts';

/**
 * Reads the `XMP ` and `EXIF` chunks of a WebP, and bare text in chunks that no standard knows (`webp.other`). Chunks are walked even
 * where the extended header does not announce them. Never throws. Source: RFC 9649.
 */
export function readWebp(source: ByteSource): Metadata {
  const collector = collect(source.size);
  const header = source.read(0, 12);
  if (!startsWith(header, 'RIFF') || !startsWith(header, 'WEBP', 8)) {
    collector.finding('bad-structure', 'RIFF');
    return collector.metadata;
  }
  const declaredEnd = 8 + u32le(header, 4);
  if (declaredEnd > source.size) collector.finding('truncated', 'RIFF');
  const seen = new Map<string, number>();
  let at = 12;
  while (at + 8 <= source.size) {
    const head = source.read(at, 8);
    const id = latin1(head, 0, 4);
    const isChunk = /^[A-Za-z0-9]{3}[A-Za-z0-9 ]$/.test(id);
    // Careless writers append a chunk and leave the file's length as it was; only what is no chunk is a trailer.
    if (!isChunk || (at >= declaredEnd && at + 8 + u32le(head, 4) > source.size)) break;
    if (!collector.step('chunks')) return collector.metadata;

    const length = u32le(head, 4);
    const number = seen.get(id) ?? 0;
    seen.set(id, number + 1);
    const path = `${id.trim()}[${number}]`;
    const place = { path, offset: at + 8, length };
    if (at + 8 + length > source.size) collector.finding('truncated', path);
    if (at >= declaredEnd) collector.finding('bad-structure', path);
    if (id === 'EXIF') {
      const block = { start: at + 8, length: Math.min(length, source.size - at - 8), location: 'webp.exif', path };
      collectExif(collector, source, block);
    } else if (id.toUpperCase() === 'XMP ') {
      const data = collector.read(source, at + 8, length, path);
      const headerBytes = startsWith(data, 'http://ns.adobe.com/xap/1.0/\0') ? 29 : 0;
      collector.xmp(decodeXml(data.subarray(headerBytes)), { location: 'webp.xmp', ...place });
    } else if (!pictureChunks.has(id) && length <= 65_536) {
      const found = bareText(collector.read(source, at + 8, length, path));
      if (found) collector.text(found.key ?? id.trim(), found.text, { location: 'webp.other', ...place });
    }
    at += 8 + length + (length % 2);
  }
  if (at < declaredEnd && at < source.size) collector.finding('bad-structure', `offset ${at}`);
  collectTrailer(collector, source, at, { location: 'webp.trailer' });
  return collector.metadata;
}

const pictureChunks = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP', 'C2PA', 'JUMB']);
