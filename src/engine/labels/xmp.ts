import { type SaxesAttributeNS, SaxesParser, type SaxesTagNS } from 'saxes';
import type { Finding } from '../../contract/screening.ts';
import { type Metadata, maxDepth, maxEntries } from './metadata.ts';

export interface XmpProperty {
  /** Namespace the prefix is bound to; empty when it is bound to none. */
  namespace: string;
  prefix: string;
  name: string;
  /** One string for a simple value, one per item for a bag, sequence or alternative. */
  values: string[];
  form: 'element' | 'attribute' | 'list' | 'resource';
  /** Properties around this one, outermost first, itself last: `xmpMM:History/stEvt:softwareAgent`. */
  path: string;
}

export interface XmpReading {
  /** In document order; at most `maxEntries`. */
  properties: XmpProperty[];
  /** Stage `labels`: `xmp-not-well-formed`, `xmp-has-doctype`, `nested-too-deep`, `too-many-entries`. */
  findings: Finding[];
}

/**
 * The properties of an XMP packet (ISO 16684-1), leaves only, whatever RDF form they are written in. Reads on over small mistakes
 * (unbound prefixes, missing wrappers, text after the end) because labels in the wild contain them. Entities of a document type are
 * never defined or expanded, nothing is fetched. Never throws.
 */
export function readXmp(packet: string): XmpReading {
  const reader = new PacketReader();
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', () => reader.mistake());
  parser.on('doctype', () => reader.note('xmp-has-doctype'));
  parser.on('opentag', (tag) => reader.open(tag));
  parser.on('text', (text) => reader.text(text));
  parser.on('cdata', (text) => reader.text(text));
  parser.on('closetag', () => reader.close());
  try {
    parser.write(withoutPadding(packet)).close();
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
  reader.closeAll();
  return { properties: reader.properties, findings: reader.findings() };
}

/** What a person should know about the XMP packets of a file: each finding of `readXmp` with the packet's path. */
export function readXmpFindings(metadata: Metadata): Finding[] {
  return metadata.entries
    .filter(({ kind }) => kind === 'xmp')
    .slice(0, maxPackets)
    .flatMap(({ value, place }) =>
      readXmp(value).findings.map((finding) => ({ ...finding, params: { where: place.path.slice(0, 200) } })),
    );
}

const maxPackets = 8;
const rdfNamespace = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
const maxElements = 20_000;
const maxMistakes = 1_000;

/** Thrown by our own handlers to stop the parser: it has no other way to be stopped. */
class Enough extends Error {}

type Frame =
  | { kind: 'wrapper' }
  | { kind: 'item'; text: string; inner: boolean; owner: PropertyFrame | null }
  | PropertyFrame;

interface PropertyFrame {
  kind: 'property';
  namespace: string;
  prefix: string;
  name: string;
  path: string;
  text: string;
  list: string[] | null;
  /** True once a property was found inside: then the text around it is layout, not a value. */
  inner: boolean;
}

class PacketReader {
  readonly properties: XmpProperty[] = [];
  private readonly codes = new Set<string>();
  private readonly frames: Frame[] = [];
  private elements = 0;
  private mistakes = 0;

  note(code: string): void {
    this.codes.add(code);
  }

  /** Each mistake costs the parser an Error with its stack: a packet made of mistakes would take seconds. */
  mistake(): void {
    this.mistakes += 1;
    this.note('xmp-not-well-formed');
    if (this.mistakes > maxMistakes) throw new Enough('xmp-not-well-formed');
  }

  findings(): Finding[] {
    return [...this.codes].sort().map((code) => ({ code, severity: 'warning', stage: 'labels', params: {} }));
  }

  open(tag: SaxesTagNS): void {
    this.elements += 1;
    if (this.elements > maxElements) this.stop('too-many-entries');
    // The parser's namespace look-up walks its whole stack: unlimited depth would cost quadratic time.
    if (this.frames.length >= maxDepth) this.stop('nested-too-deep');

    const owner = this.owner();
    const frame = this.frame(tag, owner);
    if (frame.kind === 'property') this.markInner();
    this.frames.push(frame);
    const attributes = Object.values(tag.attributes);
    this.readResource(frame, attributes);
    if (!isPacketWrapper(tag)) this.readAttributes(attributes, frame.kind === 'property' ? frame : owner);
  }

  text(text: string): void {
    const top = this.frames.at(-1);
    if (top && top.kind !== 'wrapper') top.text += text;
  }

  close(): void {
    const frame = this.frames.pop();
    if (!frame || frame.kind === 'wrapper') return;
    if (frame.kind === 'item') {
      if (frame.inner || !frame.owner) return;
      frame.owner.list ??= [];
      frame.owner.list.push(frame.text);
      return;
    }
    if (frame.list) this.add(frame, 'list', frame.list);
    else if (!frame.inner) this.add(frame, 'element', [frame.text]);
  }

  /** A packet that breaks off still says what its open elements hold. */
  closeAll(): void {
    while (this.frames.length > 0) this.close();
  }

  private frame(tag: SaxesTagNS, owner: PropertyFrame | null): Frame {
    const namespace = boundNamespace(tag.uri, tag.prefix);
    const isRdf = namespace === rdfNamespace || (namespace === '' && tag.prefix.toLowerCase() === 'rdf');
    if (isRdf && (tag.local === 'li' || tag.local === 'value')) return { kind: 'item', text: '', inner: false, owner };
    if (isRdf || isPacketWrapper(tag)) return { kind: 'wrapper' };
    const path = pathTo(owner, tag.name);
    return {
      kind: 'property',
      namespace,
      prefix: tag.prefix,
      name: tag.local,
      path,
      text: '',
      list: null,
      inner: false,
    };
  }

  private owner(): PropertyFrame | null {
    for (let index = this.frames.length - 1; index >= 0; index -= 1) {
      const frame = this.frames[index];
      if (frame?.kind === 'property') return frame;
    }
    return null;
  }

  /** Everything open around a new property holds structure now. */
  private markInner(): void {
    for (const frame of this.frames) if (frame.kind !== 'wrapper') frame.inner = true;
  }

  private readResource(frame: Frame, attributes: SaxesAttributeNS[]): void {
    for (const attribute of attributes) {
      if (attribute.local !== 'resource' || boundNamespace(attribute.uri, attribute.prefix) !== rdfNamespace) continue;
      if (frame.kind === 'item') frame.text = attribute.value;
      if (frame.kind === 'property') {
        this.add(frame, 'resource', [attribute.value]);
        frame.inner = true;
      }
    }
  }

  private readAttributes(attributes: SaxesAttributeNS[], owner: PropertyFrame | null): void {
    for (const attribute of attributes) {
      const { prefix, local } = attribute;
      const namespace = boundNamespace(attribute.uri, prefix);
      if (prefix === 'xmlns' || attribute.name === 'xmlns' || prefix === 'xml') continue;
      if (namespace === rdfNamespace || prefix.toLowerCase() === 'rdf') continue;
      if (prefix === '' && rdfAttributeNames.has(local)) continue;
      this.markInner();
      const path = pathTo(owner, attribute.name);
      this.add({ namespace, prefix, name: local, path }, 'attribute', [attribute.value]);
    }
  }

  private add(
    of: { namespace: string; prefix: string; name: string; path: string },
    form: XmpProperty['form'],
    values: string[],
  ): void {
    if (this.properties.length >= maxEntries) {
      // Called again while closing what is open: throwing there would escape.
      this.note('too-many-entries');
      return;
    }
    this.properties.push({ namespace: of.namespace, prefix: of.prefix, name: of.name, values, form, path: of.path });
  }

  private stop(code: string): never {
    this.note(code);
    throw new Enough(code);
  }
}

/** Names are cut in paths: thousands of properties under one endless name would each repeat it. */
function pathTo(owner: PropertyFrame | null, name: string): string {
  const short = name.slice(0, 100);
  return owner ? `${owner.path}/${short}` : short;
}

/** Attributes that old writers leave without the `rdf:` prefix. */
const rdfAttributeNames = new Set(['about', 'ID', 'nodeID', 'parseType', 'resource', 'datatype']);

function isPacketWrapper(tag: SaxesTagNS): boolean {
  return tag.uri === 'adobe:ns:meta/' || tag.local === 'xmpmeta' || tag.local === 'xapmeta';
}

/** The parser gives an unbound prefix itself as the namespace. */
function boundNamespace(uri: string, prefix: string): string {
  return prefix !== '' && uri === prefix ? '' : uri;
}

/** Writers pad packets with NULs and put byte order marks before them; both would count as text outside the root. */
function withoutPadding(packet: string): string {
  const start = packet.indexOf('<');
  if (start < 0) return '';
  let end = packet.length;
  // Not a pattern: `\s+$` takes quadratic time on a long run of blanks that is not at the end.
  while (end > start && packet.charCodeAt(end - 1) <= 0x20) end -= 1;
  return packet.slice(start, end);
}
