import { isCurrentLabel } from '../aigc/aigc.ts';
import { findLabels } from '../aigc/find.ts';
import { maxValueCharacters } from '../metadata.ts';
import { type LabelChange, LabelRefusal } from './change.ts';
import { withoutLabels } from './old-labels.ts';
import { type ScannedElement, scanXml } from './xml-scan.ts';
import { editXmp } from './xmp-edit.ts';

/**
 * As `editXmp`, for the packet that shall hold the label, and rid of labels that stand as text in properties about something else.
 * What calls itself a packet and is nothing but a label's JSON counts as none. `where` is the packet's place, for refusals.
 */
export function labelledPacket(packet: string | null, change: LabelChange, where: string): string | null {
  if (packet !== null && packet.length >= maxValueCharacters) throw new LabelRefusal('container-too-large', where);
  const old = packet === null || isBareLabel(packet) ? null : withoutEmbeddedLabels(packet);
  try {
    return editXmp(old, change);
  } catch (error) {
    throw error instanceof LabelRefusal ? new LabelRefusal(error.code, where) : error;
  }
}

/** A packet beside the one that holds the label: without a label, and without a source type where the change names one. */
export function strippedPacket(packet: string, change: LabelChange, where: string): string | null {
  if (!/aigc|tc260|digitalsource|produce|propagat|serviceprovider/i.test(packet)) return packet;
  const digitalSourceType = change.digitalSourceType === undefined ? undefined : null;
  return labelledPacket(packet, { aigc: null, digitalSourceType }, where);
}

/** The packet as UTF-8 in exactly so many bytes, its padding made longer or shorter; null where it does not fit. */
export function paddedPacket(packet: string, bytes: number): Uint8Array | null {
  const mark = packet.lastIndexOf('<?xpacket end=');
  const head = packet.slice(0, mark < 0 ? packet.length : mark).trimEnd();
  const end = mark < 0 ? '' : packet.slice(mark).trimEnd();
  const missing = bytes - Buffer.byteLength(head) - Buffer.byteLength(end);
  return missing < 0 ? null : Buffer.from(`${head}${' '.repeat(missing)}${end}`, 'utf8');
}

/** A packet that says nothing, for places that cannot be taken out: readers complain about mere blanks there. */
export function emptyPacket(bytes: number): Uint8Array {
  const packet = `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"/><?xpacket end="w"?>`;
  return paddedPacket(packet, bytes) ?? new Uint8Array(bytes);
}

function isBareLabel(packet: string): boolean {
  return scanXml(packet) === null && withoutLabels({ key: 'XMP', value: packet, location: 'xmp' }) === null;
}

function withoutEmbeddedLabels(packet: string): string {
  const place = { location: 'xmp', path: 'xmp' };
  const entry = { key: 'XMP', kind: 'xmp' as const, value: packet, cut: false, place };
  const labels = findLabels({ entries: [entry], findings: [] });
  const roots = labels.some((label) => label.carrier === 'embedded' && isCurrentLabel(label)) ? scanXml(packet) : null;
  if (!roots) return packet;
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, key } of textsOf(packet, roots)) {
    const text = unescaped(packet.slice(start, end));
    const rest = withoutLabels({ key, value: text, location: 'xmp' });
    if (rest === text) continue;
    parts.push(packet.slice(at, start), escaped(rest ?? ''));
    at = end;
  }
  return parts.join('') + packet.slice(at);
}

interface Text {
  start: number;
  end: number;
  key: string;
}

/** Values of attributes and of elements without children, in the order of the packet. The scan bounds the depth. */
function textsOf(packet: string, elements: readonly ScannedElement[]): Text[] {
  return elements.flatMap((element) => {
    const values = element.attributes.map(({ local, value, end }) => ({
      key: local,
      start: end - 1 - value.length,
      end: end - 1,
    }));
    const own = { key: element.local, start: element.contentStart, end: element.contentEnd };
    const inner = element.children.length > 0 ? textsOf(packet, element.children) : own.end > own.start ? [own] : [];
    return [...values, ...inner];
  });
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescaped(text: string): string {
  const cdata = /^\s*<!\[CDATA\[(.*)\]\]>\s*$/s.exec(text)?.[1];
  if (cdata !== undefined && !cdata.includes(']]>')) return cdata;
  return text.replace(/&(?:(amp|lt|gt|quot|apos)|#x([0-9a-f]{1,6})|#([0-9]{1,7}));/gi, (all, name, hex, decimal) => {
    if (name) return entities[String(name).toLowerCase()] ?? all;
    const point = hex ? Number.parseInt(hex, 16) : Number(decimal);
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : all;
  });
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
