import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bytes, u16be, u32le, utf16 } from '../../../../test/fixtures/labels-av/bytes.ts';
import { label } from '../../../../test/fixtures/labels-av/labels.ts';
import { newFolder } from '../../../../test/new-folder.ts';
import {
  expectAnyValue,
  expectRefusedOrRight,
  labelsIn,
  othersIn,
  refusalOf,
  rewritten,
  wanted,
} from '../../../../test/writing-labels.ts';
import { bufferSource } from '../../media/bytes.ts';
import { sniff } from '../../media/sniff.ts';
import { readOoxml } from '../containers/ooxml.ts';
import type { LabelChange } from './change.ts';
import { writeOoxml } from './ooxml.ts';

const ooxml = { format: 'ooxml', write: writeOoxml, read: readOoxml } as const;
const one = [{ at: 'ooxml.custom AIGC', text: wanted, place: 'place-named' }];

type Part = { name: string; content: string | Uint8Array; stored?: boolean; descriptor?: boolean; flags?: number };

/** A zip archive; `descriptor`: checksum and sizes stand behind the data. */
function zip(parts: readonly Part[], options: { comment?: string; before?: string } = {}): Buffer {
  const locals: Uint8Array[] = [bytes(options.before ?? '')];
  const records: Uint8Array[] = [];
  const u16le = (value: number) => Buffer.from(u16be(value)).swap16();
  let at = locals[0]?.length ?? 0;
  for (const { name, content, stored, descriptor, flags = 0 } of parts) {
    const whole = Buffer.from(content);
    const data = stored ? whole : deflateRawSync(whole);
    const sizes = bytes(u32le(crc32(whole)), u32le(data.length), u32le(whole.length));
    const bits = flags | (descriptor ? 8 : 0);
    const head = bytes(u16le(20), u16le(bits), u16le(stored ? 0 : 8), u16le(0x6000), u16le(0x5a21));
    const names = bytes(u16le(Buffer.byteLength(name)), u16le(0));
    const local = bytes(
      'PK\x03\x04',
      head,
      descriptor ? '\0'.repeat(12) : sizes,
      names,
      name,
      data,
      descriptor ? bytes('PK\x07\x08', sizes) : '',
    );
    records.push(bytes('PK\x01\x02', u16le(20), head, sizes, names, '\0'.repeat(10), u32le(at), name));
    locals.push(local);
    at += local.length;
  }
  const directory = bytes(...records);
  const counts = bytes(u16le(parts.length), u16le(parts.length), u32le(directory.length), u32le(at));
  const comment = options.comment ?? '';
  return Buffer.from(bytes(...locals, directory, 'PK\x05\x06\0\0\0\0', counts, u16le(comment.length), comment));
}

/** Name, content and stored bytes of each member by the local headers of the directory. */
function unzip(file: Buffer): Map<string, { content: string; packed: Buffer }> {
  const members = new Map<string, { content: string; packed: Buffer }>();
  const end = file.lastIndexOf('PK\x05\x06');
  let at = file.readUInt32LE(end + 16);
  expect(at + file.readUInt32LE(end + 12)).toBe(end);
  for (let count = file.readUInt16LE(end + 10); count > 0; count -= 1) {
    const local = file.readUInt32LE(at + 42);
    const dataAt = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
    const packed = file.subarray(dataAt, dataAt + file.readUInt32LE(at + 20));
    const content = file.readUInt16LE(at + 10) === 8 ? inflateRawSync(packed) : packed;
    expect(crc32(content)).toBe(file.readUInt32LE(at + 16));
    expect(file.readUInt32LE(local)).toBe(0x04034b50);
    const nameEnd = at + 46 + file.readUInt16LE(at + 28);
    members.set(file.toString('utf8', at + 46, nameEnd), { content: content.toString('utf8'), packed });
    at = nameEnd + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
  }
  return members;
}

const types = 'http://schemas.openxmlformats.org/package/2006/content-types';
const relations = 'http://schemas.openxmlformats.org/package/2006/relationships';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006';
const strict = 'http://purl.oclc.org/ooxml/officeDocument';
const declared = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

const contentTypes = (more = '') =>
  `${declared}<Types xmlns="${types}"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>${more}</Types>`;
const rels = (more = '') =>
  `${declared}<Relationships xmlns="${relations}"><Relationship Id="rId2" Type="${office}/relationships/officeDocument" Target="word/document.xml"/>${more}</Relationships>`;
const customType = (name = 'docProps/custom.xml') =>
  `<Override PartName="/${name}" ContentType="application/vnd.openxmlformats-officedocument.custom-properties+xml"/>`;
const customRelation = (name = 'docProps/custom.xml', more = '') =>
  `<Relationship Id="rId9" Type="${office}/relationships/custom-properties" Target="${name}"${more}/>`;
const property = (pid: number, name: string, value: string) =>
  `<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="${pid}" name="${name}"><vt:lpwstr>${escaped(value)}</vt:lpwstr></property>`;
const custom = (...properties: string[]) =>
  `${declared}<Properties xmlns="${office}/custom-properties" xmlns:vt="${office}/docPropsVTypes">${properties.join('')}</Properties>`;
const core = (more = '') =>
  `${declared}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>T &amp; U</dc:title>${more}</cp:coreProperties>`;
const text = { name: 'word/document.xml', content: '<w:document xmlns:w="w"><w:body/></w:document>'.repeat(20) };
const macros = { name: 'word/vbaProject.bin', content: Buffer.alloc(300, 7), stored: true };

function office3(
  parts: { types?: string; rels?: string; custom?: string | Uint8Array; core?: string },
  more: Part[] = [],
): Part[] {
  return [
    { name: '[Content_Types].xml', content: parts.types ?? contentTypes() },
    { name: '_rels/.rels', content: parts.rels ?? rels() },
    text,
    ...(parts.custom === undefined ? [] : [{ name: 'docProps/custom.xml', content: parts.custom }]),
    { name: 'docProps/core.xml', content: parts.core ?? core(), descriptor: true },
    macros,
    ...more,
  ];
}

const known = { types: contentTypes(customType()), rels: rels(customRelation()) };
const oldLabel = property(3, 'AIGC', label);
const files: [what: string, file: Buffer][] = [
  ['no custom properties', zip(office3({}))],
  [
    'custom properties',
    zip(office3({ ...known, custom: custom(property(2, 'Client', 'A & B'), property(7, 'N', '')) })),
  ],
  [
    'custom properties without any',
    zip(office3({ ...known, custom: `<Properties xmlns="${office}/custom-properties"/>` })),
  ],
  [
    'an old label',
    zip(office3({ ...known, custom: custom(property(2, 'Client', 'A'), oldLabel, property(4, 'N', 'n')) })),
  ],
  [
    'two old labels',
    zip(office3({ ...known, custom: custom(oldLabel, property(2, 'A', 'a'), property(4, 'aigc', label)) })),
  ],
  [
    'a label among core properties',
    zip(office3({ core: core(`<dc:description>${escaped(`{"AIGC":${label}}`)}</dc:description>`) })),
  ],
  [
    'a label in a description',
    zip(office3({ core: core(`<dc:description>see ${escaped(`{"AIGC":${label}}`)}</dc:description>`) })),
  ],
  ['a part that no relationship names', zip(office3({ custom: custom(oldLabel) }))],
  [
    'a part elsewhere',
    zip(
      office3({ types: contentTypes(customType('meta/c.xml')), rels: rels(customRelation('/meta/c.xml')) }, [
        { name: 'meta/c.xml', content: custom(oldLabel), descriptor: true },
      ]),
    ),
  ],
  ['a relationship to nothing', zip(office3({ rels: rels(customRelation('docProps/own.xml')) }))],
  [
    'prefixes',
    zip(
      office3({
        ...known,
        custom: `<op:Properties xmlns:op="${office}/custom-properties" xmlns:v="${office}/docPropsVTypes"><op:property fmtid="x" pid="2" name="A"><v:i4>1</v:i4></op:property></op:Properties>`,
      }),
    ),
  ],
  ['UTF-16', zip(office3({ ...known, custom: bytes(utf16(custom(oldLabel).replace('UTF-8', 'UTF-16'), 'le')) }))],
  ['the strict kind', zip(office3({ rels: rels().replaceAll(office, strict) }))],
  [
    'an archive with a comment, stored',
    zip(
      office3({}).map((part) => ({ ...part, stored: true })),
      { comment: 'PK' },
    ),
  ],
];

function write(before: Uint8Array, change: LabelChange = { aigc: wanted }): Buffer {
  return rewritten(ooxml, before, change);
}

function named(wantedName: string): Buffer {
  const file = files.find(([what]) => what === wantedName)?.[1];
  if (!file) throw new Error(`no file called ${wantedName}`);
  return file;
}

const propertyParts = /^(\[Content_Types\]|_rels\/|docProps\/|meta\/)/;

describe('the label of an Office Open XML file', () => {
  it.each(files)('%s', (_what, before) => {
    const kept = [...unzip(before)].filter(([name]) => !propertyParts.test(name));
    for (const change of [{ aigc: wanted }, { aigc: null }]) {
      const after = write(before, change);
      expect(labelsIn(ooxml, after)).toEqual(change.aigc === null ? [] : one);
      const own = (entries: string[]) => entries.filter((entry) => !entry.includes('description=see'));
      expect(own(othersIn(ooxml, after))).toEqual(own(othersIn(ooxml, before)));
      const members = unzip(after);
      for (const [name, { packed }] of kept) expect(members.get(name)?.packed.equals(packed), name).toBe(true);
      expect(members.keys().next().value).toBe('[Content_Types].xml');
      expect(sniff(bufferSource(after))?.format).toBe('ooxml');
      expect(write(after, change).equals(after)).toBe(true);
      expect(labelsIn(ooxml, write(after, { aigc: null }))).toEqual([]);
    }
  });

  it('is read by exiftool', () => {
    const folder = newFolder();
    for (const [what, before] of files) {
      writeFileSync(join(folder, `${what}.docx`), write(before));
    }
    const asked = ['-j', '-AIGC', '-Title', '-Warning', '-Error', folder];
    const read = JSON.parse(execFileSync('exiftool', asked, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
    expect(read).toHaveLength(files.length);
    for (const { SourceFile, ...told } of read) {
      // exiftool looks for the part under its usual name, and for its elements without a prefix.
      const isFound = !/elsewhere|to nothing|UTF-16|prefixes/.test(SourceFile);
      if (isFound) expect(told, SourceFile).toEqual({ AIGC: wanted, Title: 'T & U' });
    }
  });

  it('adds a part with its type and its relationship, once, and keeps numbers of properties', () => {
    const fresh = unzip(write(named('no custom properties')));
    expect(fresh.get('[Content_Types].xml')?.content).toBe(contentTypes(customType()));
    expect(fresh.get('_rels/.rels')?.content).toBe(rels(customRelation().replace('rId9', 'rId3')));
    expect(fresh.get('docProps/custom.xml')?.content).toContain('pid="2" name="AIGC"');
    const pids = (file: Buffer) =>
      [...(unzip(file).get('docProps/custom.xml')?.content ?? '').matchAll(/pid="(\d+)" name="(\w+)"/g)].map(
        ([, pid, name]) => `${name} ${pid}`,
      );
    expect(pids(write(named('custom properties')))).toEqual(['Client 2', 'N 7', 'AIGC 8']);
    expect(pids(write(named('an old label')))).toEqual(['Client 2', 'AIGC 3', 'N 4']);
    expect(pids(write(named('two old labels')))).toEqual(['AIGC 3', 'A 2']);
    const most = zip(office3({ ...known, custom: custom(property(2 ** 31 - 1, 'Z', 'z'), property(2, 'B', 'b')) }));
    expect(pids(write(most))).toEqual(['Z 2147483647', 'B 2', 'AIGC 3']);
    const prefixed = unzip(write(named('prefixes'))).get('docProps/custom.xml')?.content;
    expect(prefixed).toContain(
      '</op:property><op:property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="3" name="AIGC"><v:lpwstr>',
    );
    const purl = unzip(write(named('the strict kind')));
    expect(purl.get('_rels/.rels')?.content).toContain(`${strict}/relationships/customProperties`);
  });

  it('goes from files that other programs made', () => {
    for (const name of ['docx-custom.docx', 'pptx-custom-elsewhere.pptx']) {
      const before = readFileSync(`test/fixtures/labels-images/${name}`);
      expect(labelsIn(ooxml, write(before))).toEqual(one);
      expect(labelsIn(ooxml, write(before, { aigc: null }))).toEqual([]);
    }
  });

  const signature = { name: '_xmlsignatures/origin.sigs', content: '' };
  it.each([
    ['a signed package', zip(office3({}, [signature])), 'container-variant _xmlsignatures/origin.sigs'],
    [
      'one that says it is signed',
      zip(
        office3({ rels: rels(`<Relationship Id="s" Type="${relations}/digital-signature/origin" Target="o.sigs"/>`) }),
      ),
      'container-variant _rels/.rels',
    ],
    [
      'a document with a password',
      bytes('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', '\0'.repeat(600)),
      'container-encrypted package',
    ],
    [
      'an encrypted member',
      zip(office3({}).map((part) => ({ ...part, flags: 1 }))),
      'container-encrypted [Content_Types].xml',
    ],
    [
      'zip64',
      readFileSync('test/fixtures/labels-images/xlsx-custom-zip64.xlsx'),
      'container-variant central directory (zip64)',
    ],
    [
      'something before the archive',
      zip(office3({}), { before: '' }).subarray(1),
      'container-damaged central directory',
    ],
    [
      'no relationships',
      zip(office3({}).filter(({ name }) => name !== '_rels/.rels')),
      'container-damaged _rels/.rels',
    ],
    [
      'two parts of one name',
      zip(office3({ ...known, custom: custom() }, [{ name: 'docProps/Custom.xml', content: custom(oldLabel) }])),
      'container-damaged docProps/Custom.xml',
    ],
    [
      'properties that are not well-formed',
      zip(office3({ ...known, custom: '<Properties><property></Properties>' })),
      'container-damaged docProps/custom.xml',
    ],
    [
      'properties with a document type',
      zip(office3({ ...known, custom: '<!DOCTYPE x []><Properties/>' })),
      'container-damaged docProps/custom.xml',
    ],
    [
      'another type of content',
      zip(office3({ types: contentTypes(customType().replace('custom-properties', 'other')) })),
      'container-damaged [Content_Types].xml',
    ],
    [
      'a target outside',
      zip(office3({ rels: rels(customRelation('http://x/y', ' TargetMode="External"')) })),
      'container-variant _rels/.rels',
    ],
    [
      'a bomb',
      zip(office3({ ...known, custom: custom(property(2, 'A', ' '.repeat(3_000_000))) })),
      'container-damaged docProps/custom.xml',
    ],
  ])('refuses %s', (_what, file, refusal) => {
    expect(refusalOf(() => write(file))).toBe(refusal);
  });

  it('refuses a member whose checksum is wrong', () => {
    const file = zip(office3({ ...known, custom: custom(oldLabel) }).map((part) => ({ ...part, stored: true })));
    file[file.indexOf('name="AIGC"') + 6] = 0x42;
    expect(refusalOf(() => write(file))).toBe('container-damaged docProps/custom.xml');
  });
});

describe('any value and any damage', () => {
  it('every printable value comes back as it went in', () => expectAnyValue(ooxml, named('custom properties'), 200));

  it('a damaged file is refused, or gets exactly this label', () => {
    const stored = files.map(([, file]) => file);
    expectRefusedOrRight(ooxml, stored, 900);
  });
});
