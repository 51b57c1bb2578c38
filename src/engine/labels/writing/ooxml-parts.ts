import { partName } from '../containers/ooxml.ts';
import { resolveReferences } from '../containers/xml-text.ts';
import { LabelRefusal } from './change.ts';
import { withoutLabels } from './old-labels.ts';
import { type ScannedElement, scanXml } from './xml-scan.ts';

/** The XML text of a part with the places of its elements. */
export interface PartText {
  name: string;
  text: string;
  root: ScannedElement;
}

/** Throws a LabelRefusal for a part that is not well-formed, or has another root element. */
export function parsePart(name: string, text: string, rootName: string): PartText {
  const roots = scanXml(text);
  const [root, ...others] = roots ?? [];
  if (root?.local !== rootName || others.length > 0) throw new LabelRefusal('container-damaged', name);
  return { name, text, root };
}

const strict = 'http://purl.oclc.org/ooxml/officeDocument';
const transitional = 'http://schemas.openxmlformats.org/officeDocument/2006';
/** Properties that users define (MS-OLEPS 2.21); their numbers begin with 2. */
const userProperties = '{D5CDD505-2E9C-101B-9397-08002B2CF9AE}';
export const customContentType = 'application/vnd.openxmlformats-officedocument.custom-properties+xml';

/** An empty part of custom properties. */
export const emptyCustom = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<Properties xmlns="${transitional}/custom-properties" xmlns:vt="${transitional}/docPropsVTypes"></Properties>`;

/**
 * Custom properties (ECMA-376 part 1, 22.3) without labels and, unless `aigc` is null, with the property `AIGC`: in the place and with
 * the number of the first label that stood there, else behind all others with the next number.
 */
export function editCustom(part: PartText, aigc: string | null): string {
  const { root, text } = part;
  const properties = root.children.filter(({ local }) => local === 'property');
  const cuts: Cut[] = [];
  const labels = new Set<ScannedElement>();
  for (const property of properties) {
    const rest = withoutLabels({
      key: nameOf(property),
      value: textOf(text, property).trim(),
      location: 'ooxml.custom',
    });
    const [only] = property.children;
    if (rest === textOf(text, property).trim()) continue;
    if (rest === null || !only || property.children.length > 1 || only.children.length > 0) {
      labels.add(property);
      cuts.push({ start: property.start, end: property.end, text: '' });
    } else cuts.push({ start: only.contentStart, end: only.contentEnd, text: escaped(rest) });
  }
  if (aigc === null) return cutOut(text, cuts);
  const kept = properties.filter((property) => !labels.has(property)).map(pidOf);
  const [first] = [...labels];
  const reused = first ? pidOf(first) : 0;
  const pid = reused >= 2 && !kept.includes(reused) ? reused : nextPid(kept);
  const element = propertyElement(root, pid, aigc);
  const replaced = cuts.find(({ start }) => start === first?.start);
  if (!replaced) return cutOut(text, [...cuts, appended(part, element)]);
  replaced.text = element;
  return cutOut(text, cuts);
}

/** Core or application properties without labels. */
export function editLeaves(part: PartText, location: string): string {
  const { root, text } = part;
  const cuts = root.children.flatMap((leaf): Cut[] => {
    if (leaf.children.length > 0) return [];
    const value = textOf(text, leaf).trim();
    const key = text.slice(leaf.start + 1).match(/^[^\s/>]{1,200}/)?.[0] ?? '';
    const rest = withoutLabels({ key, value, location });
    if (value === '' || rest === value) return [];
    if (rest === null) return [{ start: leaf.start, end: leaf.end, text: '' }];
    return [{ start: leaf.contentStart, end: leaf.contentEnd, text: escaped(rest) }];
  });
  return cutOut(text, cuts);
}

/** `[Content_Types].xml` that tells the type of the part of custom properties (ECMA-376 part 2, 7.2.3). */
export function withContentType(part: PartText, target: string): string {
  const overrides = part.root.children.filter(({ local }) => local === 'Override');
  const known = overrides.find((override) => partName(attribute(override, 'PartName') ?? '') === partName(target));
  if (known && attribute(known, 'ContentType') !== customContentType)
    throw new LabelRefusal('container-damaged', part.name);
  if (known) return part.text;
  const written = `PartName="/${escaped(target)}" ContentType="${customContentType}"`;
  return cutOut(part.text, [appended(part, `<${prefixOf(part.root)}Override ${written}/>`)]);
}

/** Part that the package's relationships name as its custom properties, or null. */
export function customTarget({ root, name }: PartText): string | null {
  const found = root.children.find((relationship) => isCustomType(attribute(relationship, 'Type') ?? ''));
  if (!found) return null;
  const target = attribute(found, 'Target') ?? '';
  if (
    attribute(found, 'TargetMode') === 'External' ||
    target === '' ||
    /[?#%\\]|(^|\/)\.\.?\//.test(target.replace(/^\.\//, ''))
  )
    throw new LabelRefusal('container-variant', name);
  return target.replace(/^(\.?\/)+/, '');
}

function isCustomType(type: string): boolean {
  return /\/(custom-properties|customProperties)$/.test(type);
}

/** `_rels/.rels` with a relationship to the part. */
export function withRelationship(part: PartText, target: string): string {
  const { root } = part;
  const ids = new Set(root.children.map((relationship) => attribute(relationship, 'Id') ?? ''));
  let number = root.children.length + 1;
  while (ids.has(`rId${number}`)) number += 1;
  const isStrict = root.children.some((each) => attribute(each, 'Type')?.startsWith(strict) === true);
  const type = isStrict
    ? `${strict}/relationships/customProperties`
    : `${transitional}/relationships/custom-properties`;
  const element = `<${prefixOf(root)}Relationship Id="rId${number}" Type="${type}" Target="${escaped(target)}"/>`;
  return cutOut(part.text, [appended(part, element)]);
}

/** Whether the package says that it is signed (ECMA-376 part 2, 10). */
export function isSigned({ root }: PartText): boolean {
  return root.children.some((each) => attribute(each, 'Type')?.includes('/digital-signature/') === true);
}

function propertyElement(root: ScannedElement, pid: number, aigc: string): string {
  const prefix = prefixOf(root);
  const types = `${root.namespace.startsWith(strict) ? strict : transitional}/docPropsVTypes`;
  const bound = root.attributes.find((each) => each.prefix === 'xmlns' && each.value === types)?.local;
  const vt = bound ?? 'vt';
  const space = bound === undefined ? ` xmlns:vt="${types}"` : '';
  const value = `<${vt}:lpwstr${space}>${escaped(aigc)}</${vt}:lpwstr>`;
  return `<${prefix}property fmtid="${userProperties}" pid="${pid}" name="AIGC">${value}</${prefix}property>`;
}

function pidOf(property: ScannedElement): number {
  const pid = Number(attribute(property, 'pid') ?? '');
  return Number.isInteger(pid) && pid > 0 && pid < 2 ** 31 ? pid : 0;
}

function nextPid(used: readonly number[]): number {
  const next = used.reduce((most, pid) => Math.max(most, pid), 1) + 1;
  if (next < 2 ** 31) return next;
  const taken = new Set(used);
  let free = 2;
  while (taken.has(free)) free += 1;
  return free;
}

function nameOf(property: ScannedElement): string {
  return attribute(property, 'name') ?? '';
}

function attribute(element: ScannedElement, name: string): string | undefined {
  const found = element.attributes.find((each) => each.local === name && each.prefix === '');
  return found && resolveReferences(found.value);
}

function prefixOf({ prefix }: ScannedElement): string {
  return prefix === '' ? '' : `${prefix}:`;
}

/** All character data inside an element, references resolved. */
function textOf(text: string, element: ScannedElement): string {
  const inside = text.slice(element.contentStart, element.contentEnd);
  return inside
    .split(/(<!\[CDATA\[[\s\S]*?\]\]>)/)
    .map((piece) => (piece.startsWith('<![CDATA[') ? piece.slice(9, -3) : resolveReferences(withoutTags(piece))))
    .join('');
}

function withoutTags(text: string): string {
  return text.replace(/<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<[^>]*>/g, '');
}

interface Cut {
  start: number;
  end: number;
  text: string;
}

/** A place behind the last child. An empty element tag becomes a pair of tags. */
function appended({ text, root }: PartText, element: string): Cut {
  if (!root.selfClosing) return { start: root.contentEnd, end: root.contentEnd, text: element };
  const slash = text.lastIndexOf('/', root.end);
  return { start: slash, end: root.end, text: `>${element}</${prefixOf(root)}${root.local}>` };
}

function cutOut(text: string, cuts: readonly Cut[]): string {
  let out = '';
  let at = 0;
  for (const cut of cuts.toSorted((a, b) => a.start - b.start)) {
    out += text.slice(at, cut.start) + cut.text;
    at = cut.end;
  }
  return out + text.slice(at);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
