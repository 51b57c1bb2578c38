/** What a scan tells; every part may be left out. Offsets are characters in the scanned text. */
export interface XmlListener {
  /** `from` is at the `<`, `to` behind the `>`. An empty element is opened and closed. Return false to stop the scan. */
  open?(name: string, attributes: readonly XmlAttribute[], from: number, to: number): boolean;
  close?(name: string, from: number, to: number): void;
  /** Character data with its references resolved, CDATA as it stands. */
  text?(text: string): void;
  comment?(text: string, from: number): void;
}

export interface XmlAttribute {
  name: string;
  /** References resolved. */
  value: string;
}

/**
 * Walks the markup of an XML document from front to back once, without building anything: nesting costs nothing, and entities that the
 * document declares are never expanded. Returns false where the markup breaks off or the listener stopped.
 */
export function scanXml(xml: string, listener: XmlListener): boolean {
  let at = 0;
  while (at < xml.length) {
    const markup = xml.indexOf('<', at);
    const textEnd = markup < 0 ? xml.length : markup;
    if (textEnd > at) listener.text?.(resolveReferences(xml.slice(at, textEnd)));
    if (markup < 0) return true;
    const end = endOfMarkup(xml, markup);
    if (end === null) return false;
    if (xml.startsWith('<!--', markup)) listener.comment?.(xml.slice(markup + 4, end - 3), markup);
    else if (xml.startsWith('<![CDATA[', markup)) listener.text?.(xml.slice(markup + 9, end - 3));
    else if (xml[markup + 1] === '/') listener.close?.(nameAt(xml, markup + 2), markup, end);
    else if (xml[markup + 1] !== '!' && xml[markup + 1] !== '?') {
      const name = nameAt(xml, markup + 1);
      const inside = xml.slice(markup + 1 + name.length, end - 1);
      if (listener.open?.(name, attributesOf(inside), markup, end) === false) return false;
      if (inside.endsWith('/')) listener.close?.(name, end, end);
    }
    at = end;
  }
  return true;
}

/** Local part of a qualified name. */
export function localName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}

export function resolveReferences(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(lt|gt|amp|quot|apos));/g, (whole, hex, decimal, name) => {
    if (typeof name === 'string') return namedReferences[name] ?? whole;
    const point = typeof hex === 'string' ? Number.parseInt(hex, 16) : Number.parseInt(decimal, 10);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}

const namedReferences: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Offset behind the markup that begins at a `<`, or null where it never ends. */
function endOfMarkup(xml: string, from: number): number | null {
  if (xml.startsWith('<!--', from)) return behind(xml, '-->', from + 4);
  if (xml.startsWith('<![CDATA[', from)) return behind(xml, ']]>', from + 9);
  if (xml[from + 1] === '?') return behind(xml, '?>', from + 2);
  const isDeclaration = xml[from + 1] === '!';
  let brackets = 0;
  for (let at = from + 1; at < xml.length; at += 1) {
    const character = xml[at];
    if (character === '"' || character === "'") {
      at = xml.indexOf(character, at + 1);
      if (at < 0) return null;
    } else if (isDeclaration && character === '[') brackets += 1;
    else if (isDeclaration && character === ']') brackets -= 1;
    else if (isDeclaration && character === '<' && xml.startsWith('<!--', at)) {
      const end = behind(xml, '-->', at + 4);
      if (end === null) return null;
      at = end - 1;
    } else if (character === '>' && brackets <= 0) return at + 1;
  }
  return null;
}

function behind(xml: string, mark: string, from: number): number | null {
  const at = xml.indexOf(mark, from);
  return at < 0 ? null : at + mark.length;
}

function nameAt(xml: string, at: number): string {
  const pattern = /[^\s/>"'=<]{0,200}/y;
  pattern.lastIndex = at;
  return pattern.exec(xml)?.[0] ?? '';
}

const maxAttributes = 256;

/** By hand and forwards only: a pattern would go back and forth over what an attacker wrote. */
function attributesOf(inside: string): XmlAttribute[] {
  const attributes: XmlAttribute[] = [];
  let at = 0;
  while (attributes.length < maxAttributes) {
    const equals = inside.indexOf('=', at);
    if (equals < 0) break;
    const quoteAt = skipSpace(inside, equals + 1);
    const quote = inside[quoteAt];
    if (quote !== '"' && quote !== "'") {
      at = equals + 1;
      continue;
    }
    const end = inside.indexOf(quote, quoteAt + 1);
    if (end < 0) break;
    const name = /[^\s=/"'<>]{1,200}$/.exec(inside.slice(Math.max(at, equals - 220), equals).trimEnd())?.[0];
    if (name !== undefined) attributes.push({ name, value: resolveReferences(inside.slice(quoteAt + 1, end)) });
    at = end + 1;
  }
  return attributes;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && /\s/.test(text[at] ?? '')) at += 1;
  return at;
}
