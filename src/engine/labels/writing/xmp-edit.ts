import { type LabelChange, LabelRefusal } from './change.ts';
import { type ScannedAttribute, type ScannedElement, scanXml } from './xml-scan.ts';

/**
 * The text of an XMP packet (ISO 16684-1) after a label's change: its old labels cut out, the new one put in as
 * `TC260:AIGC`, `Iptc4xmpExt:DigitalSourceType` likewise; all else stays character by character. `packet` null makes a new one;
 * null comes back where nothing needs a packet or nothing is left in it. Throws a LabelRefusal for a packet that is not well-formed.
 *
 * Practice guide TC260-PG-20259A: the namespace is added to what is there, never put in its place.
 */
export function editXmp(packet: string | null, change: LabelChange): string | null {
  const isWanted = change.aigc !== null || typeof change.digitalSourceType === 'string';
  if (packet === null || packet.trim() === '') return isWanted ? newPacket(change) : null;
  const roots = scanXml(packet);
  const rdf = roots ? find(roots, isRdf('RDF')) : null;
  if (!rdf) throw new LabelRefusal('container-damaged', 'xmp');

  const cuts = cutsIn(rdf, change.digitalSourceType !== undefined);
  if (!isWanted && cuts.length > 0 && isEmptied(rdf, cuts)) return null;
  if (!isWanted && cuts.length === 0) return packet;
  const insertion = isWanted ? description(change, aboutOf(rdf)) : '';
  return apply(packet, rdf, cuts, insertion);
}

/** The packet with less padding before its end, so that it fits into so many bytes of UTF-8; unchanged when it fits already. */
export function trimPadding(packet: string, maxBytes: number): string {
  if (Buffer.byteLength(packet) <= maxBytes) return packet;
  const end = packet.lastIndexOf('<?xpacket end=');
  if (end < 0) return packet;
  return `${packet.slice(0, end).trimEnd()}\n${packet.slice(end)}`;
}

const rdfNamespace = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
export const tc260Namespace = 'http://www.tc260.org.cn/ns/AIGC/1.0/';
const iptcExtension = 'http://iptc.org/std/Iptc4xmpExt/2008-02-29/';

type Named = Pick<ScannedElement, 'prefix' | 'local' | 'namespace'>;

function isRdf(local: string): (name: Named) => boolean {
  return (name) => name.local === local && (name.namespace === rdfNamespace || name.prefix === 'rdf');
}

/** Whatever the label reader takes for a label: a property called AIGC anywhere, or one of the standard's own namespace. */
function isLabel({ local, namespace }: Named): boolean {
  return local.toLowerCase().replace(/[^a-z0-9]/g, '') === 'aigc' || /tc260\.org\.cn/i.test(namespace);
}

/** `DigitalSourcefileType` is the name of before 2010. */
function isSourceType({ local }: Named): boolean {
  return /^digitalsource(file)?type$/i.test(local);
}

interface Cut {
  start: number;
  end: number;
}

/** Depth-first; the depth is bounded by the scan. */
function cutsIn(element: ScannedElement, withSourceType: boolean): Cut[] {
  const goes = (name: Named) => isLabel(name) || (withSourceType && isSourceType(name));
  const inAttributes = element.attributes.filter((attribute) => attribute.prefix !== 'xmlns' && goes(attribute));
  const cuts: Cut[] = inAttributes.map(({ start, end }) => ({ start, end }));
  for (const child of element.children) {
    const inner = goes(child) ? [child] : cutsIn(child, withSourceType);
    // A description that held nothing else goes as a whole: writing again and again leaves no shells behind.
    if (inner.length > 0 && child.parent !== null && isRdf('Description')(child) && isEmptied(child, inner)) {
      cuts.push(child);
    } else cuts.push(...inner);
  }
  return cuts;
}

/** Whether an element says nothing any more once the cuts are made. */
function isEmptied(element: ScannedElement, cuts: readonly Cut[]): boolean {
  const isCut = ({ start, end }: Cut) => cuts.some((cut) => cut.start <= start && end <= cut.end);
  const speaks = (attribute: ScannedAttribute) =>
    !isCut(attribute) &&
    attribute.prefix !== 'xmlns' &&
    attribute.local !== 'xmlns' &&
    !(attribute.local === 'about' && isRdf('about')(attribute));
  return !element.attributes.some(speaks) && element.children.every((child) => isCut(child) || isShell(child, cuts));
}

function isShell(child: ScannedElement, cuts: readonly Cut[]): boolean {
  return isRdf('Description')(child) && isEmptied(child, cuts);
}

/** All descriptions of a packet speak about the same thing (ISO 16684-1 7.4): ours too. */
function aboutOf(rdf: ScannedElement): string {
  const first = rdf.children.find(isRdf('Description'));
  return first?.attributes.find(({ local }) => local === 'about')?.value ?? '';
}

function description(change: LabelChange, about: string): string {
  const label =
    change.aigc === null
      ? { space: '', property: '' }
      : {
          space: ` xmlns:TC260="${tc260Namespace}"`,
          property: `\n   <TC260:AIGC>${escaped(change.aigc)}</TC260:AIGC>`,
        };
  const source =
    typeof change.digitalSourceType === 'string'
      ? {
          space: ` xmlns:Iptc4xmpExt="${iptcExtension}"`,
          property: `\n   <Iptc4xmpExt:DigitalSourceType>${escaped(change.digitalSourceType)}</Iptc4xmpExt:DigitalSourceType>`,
        }
      : { space: '', property: '' };
  const spaces = ` xmlns:rdf="${rdfNamespace}"${label.space}${source.space}`;
  // The value came from between quotes, but perhaps single ones.
  const subject = about.replaceAll('"', '&quot;');
  return `  <rdf:Description rdf:about="${subject}"${spaces}>${label.property}${source.property}\n  </rdf:Description>\n`;
}

function newPacket(change: LabelChange): string {
  return `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="${rdfNamespace}">
${description(change, '')} </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>`;
}

function apply(packet: string, rdf: ScannedElement, cuts: readonly Cut[], insertion: string): string {
  let text = '';
  let at = 0;
  for (const cut of cuts.toSorted((a, b) => a.start - b.start)) {
    text += packet.slice(at, lineStart(packet, cut.start, at));
    at = cut.end;
    // The line that held nothing else goes with it.
    if (packet[cut.start] === '<' && packet[at] === '\n' && (text.endsWith('\n') || text === '')) at += 1;
  }
  if (insertion === '') return text + packet.slice(at);
  if (rdf.selfClosing) {
    const tag = packet.slice(rdf.start, rdf.end).replace(/\s*\/>$/, '>');
    const name = /^<([^\s/>]+)/.exec(tag)?.[1] ?? 'rdf:RDF';
    return `${text}${packet.slice(at, rdf.start)}${tag}\n${insertion}</${name}>${packet.slice(rdf.end)}`;
  }
  const before = lineStart(packet, rdf.contentEnd, Math.max(at, rdf.contentStart));
  const head = text + packet.slice(at, before);
  return `${head}${head.endsWith('\n') ? '' : '\n'}${insertion}${packet.slice(before)}`;
}

/** Where the blanks before an element begin when nothing else stands on its line. */
function lineStart(packet: string, at: number, notBefore: number): number {
  let start = at;
  while (start > notBefore && (packet[start - 1] === ' ' || packet[start - 1] === '\t')) start -= 1;
  return packet[start - 1] === '\n' && packet[at] === '<' ? start : at;
}

function find(elements: readonly ScannedElement[], is: (element: ScannedElement) => boolean): ScannedElement | null {
  for (const element of elements) {
    if (is(element)) return element;
    const inner = find(element.children, is);
    if (inner) return inner;
  }
  return null;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
