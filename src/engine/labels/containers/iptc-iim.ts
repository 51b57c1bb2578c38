import type { Collector } from './collect.ts';
import { decodeText, decodeXml, nulParts, textOrNull, trimNul } from './decode-text.ts';
import { latin1, startsWith, u16be, u32be } from './integers.ts';

/** Where a block of resources or records stands, for the places of its entries. */
export interface BlockPlace {
  location: string;
  path: string;
  /** Offset of the block in the file. */
  offset: number;
}

/**
 * Photoshop image resource blocks: `8BIM`, id, name, size, data (Adobe Photoshop File Formats, "Image Resource Blocks").
 * Yields IPTC records, XMP and the version block's writer name; other resources only when they are plain text.
 * EXIF goes to `onExif`: EXIF may hold resources in turn, and only the outermost caller may open both.
 */
export function collectPhotoshopResources(
  collector: Collector,
  bytes: Uint8Array,
  place: BlockPlace,
  onExif?: (data: Uint8Array, place: BlockPlace) => void,
): void {
  let at = 0;
  while (at + 12 <= bytes.length) {
    if (!collector.step(place.path)) return;
    // Other applications sign their resources differently but keep the shape.
    if (!['8BIM', 'AgHg', 'DCSR', 'PHUT', 'MeSa'].includes(latin1(bytes, at, at + 4))) {
      collector.finding('bad-structure', place.path);
      return;
    }
    const id = u16be(bytes, at + 4);
    const nameBytes = (bytes[at + 6] ?? 0) + 1;
    const sizeAt = at + 6 + nameBytes + (nameBytes % 2);
    const size = u32be(bytes, sizeAt);
    const dataAt = sizeAt + 4;
    if (dataAt + size > bytes.length) collector.finding('truncated', place.path);
    const data = bytes.subarray(dataAt, dataAt + size);
    const resource = {
      location: place.location,
      path: `${place.path}/8BIM[0x${id.toString(16).padStart(4, '0')}]`,
      offset: place.offset + dataAt,
    };
    if (id === 0x0422 || id === 0x0423) onExif?.(data, resource);
    else collectResource(collector, id, data, resource);
    at = dataAt + size + (size % 2);
  }
}

function collectResource(collector: Collector, id: number, data: Uint8Array, place: BlockPlace): void {
  const carrier = { ...place, length: data.length };
  if (id === 0x0404) {
    collectIptc(collector, data, place);
    return;
  }
  if (id === 0x0424) {
    collector.xmp(decodeXml(data), carrier);
    return;
  }
  if (id === 0x0421) {
    // Version, hasRealMergedData, then writer and reader names as UTF-16 with a count of characters.
    const writer = decodeText(new Uint8Array([0xfe, 0xff, ...data.subarray(9, 9 + Math.min(512, u32be(data, 5) * 2))]));
    if (writer !== '') collector.text('Software', trimNul(writer), carrier);
    return;
  }
  const text = data.length >= 8 && data.length <= 65_536 ? textOrNull(data) : null;
  if (text !== null) collector.text(`8BIM[0x${id.toString(16).padStart(4, '0')}]`, text, carrier);
}

/** IPTC-IIM 4.2 records: 0x1C, record, dataset, length (15 bits, or a count of length bytes when the top bit is set), data. */
export function collectIptc(collector: Collector, bytes: Uint8Array, place: BlockPlace): void {
  let at = 0;
  while (at + 5 <= bytes.length && bytes[at] === 0x1c) {
    if (!collector.step(place.path)) return;
    const record = bytes[at + 1] ?? 0;
    const dataset = bytes[at + 2] ?? 0;
    let size = u16be(bytes, at + 3);
    let dataAt = at + 5;
    if (size & 0x8000) {
      const lengthBytes = size & 0x7fff;
      if (lengthBytes > 4) {
        collector.finding('bad-structure', place.path);
        return;
      }
      size = 0;
      for (let i = 0; i < lengthBytes; i += 1) size = size * 256 + (bytes[dataAt + i] ?? 0);
      dataAt += lengthBytes;
    }
    if (dataAt + size > bytes.length) collector.finding('truncated', place.path);
    const data = bytes.subarray(dataAt, dataAt + size);
    const key = record === 2 ? (datasetNames[dataset] ?? `2:${dataset}`) : `${record}:${dataset}`;
    const carrier = {
      location: place.location,
      path: `${place.path}/${key}`,
      offset: place.offset + dataAt,
      length: size,
    };
    if (record >= 2 && record <= 6 && !binaryDatasets.has(dataset)) {
      for (const part of nulParts(decodeText(data))) collector.text(key, part, carrier);
    } else if (record >= 7 && textOrNull(data) !== null) {
      collector.text(key, decodeText(data), carrier);
    }
    at = dataAt + size;
  }
}

/** Application record version, rasterised caption: numbers and pixels. */
const binaryDatasets = new Set([0, 125]);

const datasetNames: Record<number, string> = {
  5: 'ObjectName',
  7: 'EditStatus',
  15: 'Category',
  20: 'SupplementalCategories',
  25: 'Keywords',
  40: 'SpecialInstructions',
  55: 'DateCreated',
  60: 'TimeCreated',
  62: 'DigitalCreationDate',
  63: 'DigitalCreationTime',
  65: 'OriginatingProgram',
  70: 'ProgramVersion',
  80: 'By-line',
  85: 'By-lineTitle',
  90: 'City',
  101: 'Country-PrimaryLocationName',
  103: 'OriginalTransmissionReference',
  105: 'Headline',
  110: 'Credit',
  115: 'Source',
  116: 'CopyrightNotice',
  118: 'Contact',
  120: 'Caption-Abstract',
  122: 'Writer-Editor',
};

/** True for the marks under which Photoshop has written its resources into JPEG APP13. */
export function photoshopHeaderBytes(segment: Uint8Array): number {
  if (startsWith(segment, 'Photoshop 3.0\0')) return 14;
  if (startsWith(segment, 'Adobe_Photoshop2.5:')) return 27;
  return 0;
}
