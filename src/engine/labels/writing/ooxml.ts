import type { ByteSource } from '../../media/bytes.ts';
import { collect } from '../containers/collect.ts';
import { decodeUtf8 } from '../containers/decode-text.ts';
import { startsWith } from '../containers/integers.ts';
import { partKinds, partName, readOoxml } from '../containers/ooxml.ts';
import { type LabelChange, LabelRefusal } from './change.ts';
import { confirmed } from './old-labels.ts';
import {
  customTarget,
  editCustom,
  editLeaves,
  emptyCustom,
  isSigned,
  parsePart,
  withContentType,
  withRelationship,
} from './ooxml-parts.ts';
import type { Edit } from './pieces.ts';
import { editZip, memberContent, openZip, type ZipArchive, type ZipEntry } from './zip-edit.ts';

/**
 * Writes the label of a DOCX, XLSX or PPTX as custom property `AIGC` (`vt:lpwstr`) of its part of custom properties, which comes into
 * being with content type and relationship where it is missing. Labels in core and application properties go. All other members keep
 * their compressed bytes. Signed packages are refused: the relationships belong to what is signed.
 */
export function writeOoxml(source: ByteSource, change: LabelChange): Edit[] {
  const head = source.read(0, 8);
  // A document with a password is an OLE compound file around the encrypted package (MS-OFFCRYPTO 2.3).
  if (startsWith(head, '\xd0\xcf\x11\xe0')) throw new LabelRefusal('container-encrypted', 'package');
  const archive = openZip(source);
  return confirmed(editPackage(source, archive, change.aigc), source, change, { format: 'ooxml', read: readOoxml });
}

const contentTypes = '[Content_Types].xml';
const relationships = '_rels/.rels';

function editPackage(source: ByteSource, archive: ZipArchive, aigc: string | null): Edit[] {
  const types = openPart(source, memberNamed(archive, contentTypes));
  const relations = openPart(source, memberNamed(archive, relationships));
  const relationsPart = parsePart(relationships, relations.text, 'Relationships');
  const signature = archive.members.find(({ name }) => partName(name).startsWith('_xmlsignatures/'));
  if (signature || isSigned(relationsPart))
    throw new LabelRefusal('container-variant', signature?.name ?? relationships);

  const changed = new Map<ZipEntry, Uint8Array>();
  const put = (part: OpenPart, text: string) => {
    if (text !== part.text) changed.set(part.member, part.encode(text));
  };
  const named = customTarget(relationsPart);
  const target = named ?? 'docProps/custom.xml';
  let isWritten = aigc === null;
  for (const [part, kind] of propertyParts(source, archive)) {
    if (kind !== 'custom' && !hint.test(part.text)) continue;
    if (kind !== 'custom') put(part, editLeaves(parsePart(part.member.name, part.text, roots[kind]), `ooxml.${kind}`));
    else {
      const isTarget = partName(part.member.name) === partName(target);
      put(part, editCustom(parsePart(part.member.name, part.text, 'Properties'), isTarget ? aigc : null));
      if (isTarget) isWritten = true;
    }
  }
  if (aigc === null) return editZip(source, archive, changed, []);
  put(types, withContentType(parsePart(contentTypes, types.text, 'Types'), target));
  if (named === null) put(relations, withRelationship(relationsPart, target));
  if (isWritten) return editZip(source, archive, changed, []);
  const content = Buffer.from(editCustom(parsePart(target, emptyCustom, 'Properties'), aigc));
  return editZip(source, archive, changed, [{ name: target, content, like: types.member }]);
}

/** A part that cannot hold a label may be as odd as it likes. */
const hint = /AIGC|Content-?_?Pro[dp]|Produce|Propagat|ServiceProvider|eyJ|eyA|%7B|&#/i;
const roots = { core: 'coreProperties', app: 'Properties' } as const;

/** Parts of properties by the reader's own notion; a package with two of one name is not one that a label can be put into. */
function propertyParts(source: ByteSource, archive: ZipArchive): [OpenPart, 'custom' | 'core' | 'app'][] {
  const kinds = partKinds(collect(source.size), source, archive.members);
  const seen = new Set<string>();
  return archive.members.flatMap((member): [OpenPart, 'custom' | 'core' | 'app'][] => {
    const name = partName(member.name);
    const kind = kinds.get(name);
    if (!kind) return [];
    if (seen.has(name)) throw new LabelRefusal('container-damaged', member.name);
    seen.add(name);
    return [[openPart(source, member), kind]];
  });
}

function memberNamed({ members }: ZipArchive, wanted: string): ZipEntry {
  const found = members.filter(({ name }) => partName(name) === partName(wanted));
  const [member] = found;
  if (!member || found.length > 1) throw new LabelRefusal('container-damaged', wanted);
  return member;
}

interface OpenPart {
  member: ZipEntry;
  text: string;
  /** Bytes of a text, encoded as the part was. */
  encode(text: string): Uint8Array;
}

/** Parts are UTF-8 or UTF-16 (ECMA-376 part 2, 6.2.5). */
function openPart(source: ByteSource, member: ZipEntry): OpenPart {
  const bytes = memberContent(source, member);
  const isLittle = startsWith(bytes, '\xff\xfe');
  if (isLittle || startsWith(bytes, '\xfe\xff')) {
    const swap = (units: Buffer) => (isLittle ? units : units.swap16());
    if (bytes.length % 2 === 1) throw new LabelRefusal('container-damaged', member.name);
    const text = swap(Buffer.from(bytes)).toString('utf16le');
    return { member, text, encode: (changed) => swap(Buffer.from(changed, 'utf16le')) };
  }
  const text = decodeUtf8(bytes);
  if (text === null || Buffer.byteLength(text) !== bytes.length)
    throw new LabelRefusal('container-damaged', member.name);
  return { member, text, encode: (changed) => Buffer.from(changed) };
}
