/** One element of an XML text, with the places of everything that may have to be cut out. Offsets are UTF-16 units of the text. */
export interface ScannedElement {
  prefix: string;
  local: string;
  /** Namespace its prefix is bound to, empty when unbound. */
  namespace: string;
  /** Of the start tag's `<`. */
  start: number;
  /** Behind the start tag's `>`. */
  contentStart: number;
  /** Of the end tag's `<`; the same as `contentStart` in `<a/>`. */
  contentEnd: number;
  /** Behind the element. */
  end: number;
  selfClosing: boolean;
  attributes: ScannedAttribute[];
  children: ScannedElement[];
  parent: ScannedElement | null;
}

export interface ScannedAttribute {
  prefix: string;
  local: string;
  namespace: string;
  /** As written between the quotes. */
  value: string;
  /** From the blank before the name to behind the closing quote. */
  start: number;
  end: number;
}

/**
 * The element tree of an XML text with offsets, or null where it is not well-formed, has a document type, or is larger than metadata
 * gets: a text is only changed where its structure is beyond doubt. Entities are not expanded. Linear in the length of the text.
 */
export function scanXml(text: string): ScannedElement[] | null {
  const roots: ScannedElement[] = [];
  const open: Open[] = [];
  let elements = 0;
  for (let at = text.indexOf('<'); at >= 0; ) {
    if (text.startsWith('<?', at)) at = behind(text, '?>', at);
    else if (text.startsWith('<!--', at)) at = behind(text, '-->', at);
    else if (text.startsWith('<![CDATA[', at)) at = behind(text, ']]>', at);
    else if (text.startsWith('<!', at)) return null;
    else if (text.startsWith('</', at)) at = close(text, at, open);
    else {
      elements += 1;
      if (elements > maxElements || open.length >= maxDepth) return null;
      at = openElement(text, at, open, roots);
    }
    if (at < 0) return null;
    at = text.indexOf('<', at);
  }
  return open.length === 0 && roots.length > 0 ? roots : null;
}

const maxElements = 50_000;
const maxDepth = 64;
const maxAttributes = 500;

interface Open {
  element: ScannedElement;
  name: string;
  bindings: Map<string, string>;
}

/** Offset behind the next `end`, or -1. */
function behind(text: string, end: string, from: number): number {
  const at = text.indexOf(end, from);
  return at < 0 ? -1 : at + end.length;
}

function close(text: string, at: number, open: Open[]): number {
  const end = text.indexOf('>', at);
  const top = open.pop();
  if (end < 0 || !top || text.slice(at + 2, end).trimEnd() !== top.name) return -1;
  top.element.contentEnd = at;
  top.element.end = end + 1;
  return end + 1;
}

const tagName = /[^\s/>=<"']+/y;
const attribute = /\s+([^\s/>=<"']+)\s*=\s*("[^"<]*"|'[^'<]*')/y;
const tagEnd = /\s*(\/?)>/y;

function openElement(text: string, at: number, open: Open[], roots: ScannedElement[]): number {
  tagName.lastIndex = at + 1;
  const name = tagName.exec(text)?.[0];
  if (!name) return -1;
  let next = at + 1 + name.length;
  const written: { name: string; value: string; start: number; end: number }[] = [];
  for (;;) {
    attribute.lastIndex = next;
    const found = attribute.exec(text);
    if (!found) break;
    next += found[0].length;
    written.push({ name: found[1] ?? '', value: (found[2] ?? '').slice(1, -1), start: found.index, end: next });
    if (written.length > maxAttributes) return -1;
  }
  tagEnd.lastIndex = next;
  const end = tagEnd.exec(text);
  if (!end) return -1;
  next += end[0].length;

  const around = open.at(-1);
  const bindings = bind(around?.bindings, written);
  const element: ScannedElement = {
    ...split(name, bindings, true),
    start: at,
    contentStart: next,
    contentEnd: next,
    end: next,
    selfClosing: end[1] === '/',
    attributes: written.map((one) => ({
      ...split(one.name, bindings, false),
      value: one.value,
      start: one.start,
      end: one.end,
    })),
    children: [],
    parent: around?.element ?? null,
  };
  (around?.element.children ?? roots).push(element);
  if (!element.selfClosing) open.push({ element, name, bindings });
  return next;
}

function bind(
  outer: Map<string, string> | undefined,
  attributes: readonly { name: string; value: string }[],
): Map<string, string> {
  const declared = attributes.filter(({ name }) => name === 'xmlns' || name.startsWith('xmlns:'));
  if (declared.length === 0 && outer) return outer;
  const bindings = new Map(outer);
  for (const { name, value } of declared) bindings.set(name === 'xmlns' ? '' : name.slice(6), value);
  return bindings;
}

function split(name: string, bindings: Map<string, string>, isElement: boolean) {
  const colon = name.indexOf(':');
  const prefix = colon < 0 ? '' : name.slice(0, colon);
  const local = name.slice(colon + 1);
  // Attributes without a prefix belong to no namespace (Namespaces in XML 1.0 §6.2).
  const namespace = prefix === '' && !isElement ? '' : (bindings.get(prefix) ?? '');
  return { prefix, local, namespace };
}
