import type { ByteSource } from '../../media/bytes.ts';
import type { Metadata } from '../metadata.ts';
import type { Collector } from './collect.ts';
import { collect, maxFieldBytes } from './collect.ts';
import { decodeXml } from './decode-text.ts';
import { localName, scanXml } from './xml-text.ts';
import { listZip, readZipMember } from './zip.ts';
import type { ZipMember } from './zip-directory.ts';

/**
 * Reads the property parts of a DOCX, XLSX or PPTX: custom properties by their names (`ooxml.custom`), core (`ooxml.core`) and
 * application properties (`ooxml.app`), wherever the package's relationships put them. Nothing else is inflated. Never throws.
 * Sources: ECMA-376 part 1 §15.2.12 and §22.2–22.3, part 2 §10–11 (OPC).
 */
export function readOoxml(source: ByteSource): Metadata {
  const collector = collect(source.size);
  const head = source.read(0, 8);
  // A document with a password is an OLE compound file around the encrypted package (MS-OFFCRYPTO 2.3).
  if (head[0] === 0xd0 && head[1] === 0xcf && head[2] === 0x11 && head[3] === 0xe0) {
    collector.finding('encrypted-document', 'package');
    return collector.metadata;
  }
  const members = listZip(collector, source);
  const kinds = partKinds(collector, source, members);
  let opened = 0;
  for (const member of members) {
    const kind = kinds.get(partName(member.name));
    if (!kind) continue;
    opened += 1;
    // One part of each kind is usual; copies with the same name are read too, so that none can hide.
    if (opened > 16) {
      collector.finding('too-many-entries', 'parts');
      break;
    }
    const xml = decodeXml(readZipMember(collector, source, member, maxFieldBytes));
    const part: Part = { location: `ooxml.${kind}`, name: member.name, offset: member.at, length: member.packedBytes };
    if (kind === 'custom') collectCustom(collector, xml, part);
    else collectLeaves(collector, xml, part);
  }
  return collector.metadata;
}

export type PartKind = 'custom' | 'core' | 'app';

interface Part {
  location: string;
  name: string;
  offset: number;
  length: number;
}

/** The usual names, and those the package's relationships give. */
export function partKinds(
  collector: Collector,
  source: ByteSource,
  members: readonly ZipMember[],
): Map<string, PartKind> {
  const kinds = new Map<string, PartKind>([
    ['docprops/custom.xml', 'custom'],
    ['docprops/core.xml', 'core'],
    ['docprops/app.xml', 'app'],
  ]);
  const relationships = members.find((member) => partName(member.name) === '_rels/.rels');
  if (!relationships) return kinds;
  const xml = decodeXml(readZipMember(collector, source, relationships, maxFieldBytes));
  scanXml(xml, {
    open: (_name, attributes) => {
      const type = attributes.find(({ name }) => name === 'Type')?.value ?? '';
      const target = attributes.find(({ name }) => name === 'Target')?.value ?? '';
      const kind = relationshipKinds.find(([ending]) => type.endsWith(ending))?.[1];
      if (kind && target !== '' && kinds.size < 16) kinds.set(partName(target), kind);
      return collector.step('_rels/.rels');
    },
  });
  return kinds;
}

const relationshipKinds: [string, PartKind][] = [
  ['/custom-properties', 'custom'],
  ['/customProperties', 'custom'],
  ['/core-properties', 'core'],
  ['/extended-properties', 'app'],
  ['/extendedProperties', 'app'],
];

/** Part names are compared without case, and without the slash that may lead them (OPC §6.2.2.3). */
export function partName(name: string): string {
  return name
    .replaceAll('\\', '/')
    .replace(/^(\.?\/)+/, '')
    .toLowerCase();
}

/** `<property name="AIGC"><vt:lpwstr>…</vt:lpwstr></property>`: the text of any value type, under the property's name. */
function collectCustom(collector: Collector, xml: string, part: Part): void {
  let property: { name: string; text: string } | null = null;
  const whole = scanXml(xml, {
    open: (name, attributes) => {
      if (localName(name) === 'property') {
        property = { name: attributes.find((attribute) => attribute.name === 'name')?.value ?? '', text: '' };
      }
      return collector.step(part.name);
    },
    text: (text) => {
      if (property) property.text += text;
    },
    close: (name) => {
      if (localName(name) !== 'property' || !property) return;
      const path = `${part.name}/${property.name}`;
      collector.text(property.name, property.text.trim(), { ...placeOf(part), path });
      property = null;
    },
  });
  if (!whole) collector.finding('bad-structure', part.name);
}

/** Every element that holds text and no other element, under its name: `dc:creator`, `Application` … */
function collectLeaves(collector: Collector, xml: string, part: Part): void {
  let leaf: { name: string; text: string } | null = null;
  let depth = 0;
  const whole = scanXml(xml, {
    open: (name) => {
      depth += 1;
      // Lists of sheet and slide titles lie deeper: content, not properties.
      leaf = depth === 2 ? { name, text: '' } : null;
      return collector.step(part.name);
    },
    text: (text) => {
      if (leaf) leaf.text += text;
    },
    close: () => {
      depth -= 1;
      const value = leaf?.text.trim() ?? '';
      if (leaf && value !== '') {
        collector.text(leaf.name, value, { ...placeOf(part), path: `${part.name}/${leaf.name}` });
      }
      leaf = null;
    },
  });
  if (!whole) collector.finding('bad-structure', part.name);
}

function placeOf(part: Part): { location: string; path: string; offset: number; length: number } {
  return { location: part.location, path: part.name, offset: part.offset, length: part.length };
}
