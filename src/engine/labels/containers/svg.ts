import type { ByteSource } from '../../media/bytes.ts';
import type { Metadata } from '../metadata.ts';
import type { Collector } from './collect.ts';
import { collect, maxFieldBytes } from './collect.ts';
import { decodeXml } from './decode-text.ts';
import { localName, scanXml, type XmlAttribute } from './xml-text.ts';

/**
 * Reads the XMP packet (`svg.xmp`, with the name spaces that elements around it declare), titles, descriptions, other metadata, comments
 * and telling attributes (`svg.text`) from the first 4 MiB of an SVG. Entities are never expanded, nothing named in it is fetched.
 * Never throws. Source: SVG 2 §5.7–5.8.
 */
export function readSvg(source: ByteSource): Metadata {
  const collector = collect(source.size);
  const svg = decodeXml(source.read(0, maxFieldBytes));
  if (source.size > maxFieldBytes) collector.finding('value-too-long', 'svg');
  const reader = new SvgReader(collector, svg);
  const whole = scanXml(svg, {
    open: (name, attributes, from, to) => reader.open(name, attributes, from, to),
    close: (name, from, to) => reader.close(name, from, to),
    text: (text) => reader.text(text),
    comment: (text) => reader.comment(text),
  });
  if (!whole || reader.isOpen()) collector.finding(source.size > maxFieldBytes ? 'truncated' : 'bad-structure', 'svg');
  reader.end();
  return collector.metadata;
}

/** A `metadata`, `title` or `desc` element, or bare RDF, from its start tag to its end tag. */
interface Capture {
  name: string;
  path: string;
  depth: number;
  /** Offset of its content. */
  from: number;
  /** Declarations of the elements around it, as attributes. */
  namespaces: string;
  /** Text of the elements inside, the capture's own first. */
  leaves: { name: string; text: string }[];
  open: { name: string; text: string }[];
}

const captured = new Set(['metadata', 'title', 'desc', 'xmpmeta', 'RDF']);
const maxLeaves = 500;
/** Attributes that draw, not tell. */
const plainAttribute = /^(xmlns|xml:|xlink:|style$|class$|id$|d$)/;

class SvgReader {
  private readonly namespaces = new Map<string, string>();
  private readonly seen = new Map<string, number>();
  private capture: Capture | null = null;
  private depth = 0;
  private readonly collector: Collector;
  private readonly svg: string;

  constructor(collector: Collector, svg: string) {
    this.collector = collector;
    this.svg = svg;
  }

  open(name: string, attributes: readonly XmlAttribute[], from: number, to: number): boolean {
    if (!this.collector.step('elements')) return false;
    this.depth += 1;
    const local = localName(name);
    if (this.capture) {
      this.capture.open.push({ name: local, text: '' });
      return true;
    }
    for (const { name: attribute, value } of attributes) {
      if (/^xmlns(:|$)/.test(attribute) && this.namespaces.size < 64) this.namespaces.set(attribute, value);
      else if (this.tells(attribute)) this.tellAttribute(local, attribute, value, from);
    }
    if (captured.has(local)) {
      const path = this.nextPath(local);
      // A packet that stands without `metadata` includes its own start tag.
      const start = local === 'xmpmeta' || local === 'RDF' ? from : to;
      const namespaces = this.declarations();
      const own = { name: local, text: '' };
      this.capture = { name: local, path, depth: this.depth, from: start, namespaces, leaves: [], open: [own] };
    }
    return true;
  }

  text(text: string): void {
    const innermost = this.capture?.open.at(-1);
    if (innermost && innermost.text.length < maxFieldBytes) innermost.text += text;
  }

  close(_name: string, from: number, to: number): void {
    const { capture } = this;
    if (capture) {
      const leaf = capture.open.pop();
      if (leaf && /\S/.test(leaf.text) && capture.leaves.length < maxLeaves) capture.leaves.push(leaf);
      if (this.depth <= capture.depth) this.finish(capture, capture.name === 'metadata' ? from : to);
    }
    this.depth -= 1;
  }

  comment(text: string): void {
    if (!/\S/.test(text) || this.capture?.name === 'metadata') return;
    this.collector.text('comment', text.trim(), { location: 'svg.text', path: this.nextPath('comment') });
  }

  isOpen(): boolean {
    return this.capture !== null;
  }

  /** The document broke off: what was captured so far still counts. */
  end(): void {
    if (!this.capture) return;
    this.capture.leaves.push(...this.capture.open.filter(({ text }) => /\S/.test(text)));
    this.finish(this.capture, this.svg.length);
  }

  private finish(capture: Capture, to: number): void {
    this.capture = null;
    const raw = this.svg.slice(capture.from, to);
    if (capture.name !== 'title' && capture.name !== 'desc' && /<(?:[\w.-]+:)?(?:RDF|xmpmeta)[\s>]/.test(raw)) {
      const packet = capture.namespaces === '' ? raw : `<metadata${capture.namespaces}>${raw}</metadata>`;
      this.collector.xmp(packet.trim(), { location: 'svg.xmp', path: capture.path });
      return;
    }
    for (const { name, text } of capture.leaves) {
      const path = name === capture.name ? capture.path : `${capture.path}/${name}`;
      this.collector.text(name, text.trim(), { location: 'svg.text', path });
    }
  }

  private tells(attribute: string): boolean {
    if (/aigc|generator/i.test(attribute)) return true;
    return this.depth === 1 && !plainAttribute.test(attribute) && /^data-|:/.test(attribute);
  }

  private tellAttribute(element: string, attribute: string, value: string, offset: number): void {
    const path = `${element}@${attribute} (character ${offset})`;
    this.collector.text(attribute, value, { location: 'svg.text', path });
  }

  private declarations(): string {
    let text = '';
    for (const [name, value] of this.namespaces) {
      text += ` ${name}="${value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')}"`;
    }
    return text;
  }

  private nextPath(name: string): string {
    const number = this.seen.get(name) ?? 0;
    this.seen.set(name, number + 1);
    return `${name}[${number}]`;
  }
}
