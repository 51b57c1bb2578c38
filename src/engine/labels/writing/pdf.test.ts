import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { browserPath } from '../../../../test/browser/browser-path.ts';
import { label, xmpPacket } from '../../../../test/fixtures/labels-av/labels.ts';
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
import { readPdf } from '../containers/pdf.ts';
import type { LabelChange } from './change.ts';
import { writePdf } from './pdf.ts';

const pdf = { format: 'pdf', write: writePdf, read: readPdf } as const;
const source = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';
const one = [{ at: 'pdf.info AIGC', text: wanted, place: 'place-named' }];
const escaped = (text: string) => text.replace(/[\\()]/g, '\\$&');

interface Made {
  info?: string | undefined;
  catalog?: string;
  xmp?: string;
  trailer?: string;
  kind?: 'table' | 'stream' | 'packed' | 'hybrid';
  lineEnd?: string;
}

/** One empty page; object 1 is the catalog, 4 the information, 5 the metadata, 6 what packs them. */
function document({ info, catalog = '', xmp, trailer = '', kind = 'table', lineEnd = '\n' }: Made): Buffer {
  const packedInfo = (kind === 'packed' || kind === 'hybrid') && info !== undefined;
  const bodies = new Map<number, string>([
    [1, `<< /Type /Catalog /Pages 2 0 R${xmp === undefined ? '' : ' /Metadata 5 0 R'}${catalog} >>`],
    [2, '<< /Type /Pages /Kids [3 0 R] /Count 1 >>'],
    [3, '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] /Resources << >> >>'],
  ]);
  if (info !== undefined && !packedInfo) bodies.set(4, info);
  if (xmp !== undefined) bodies.set(5, stream('/Type /Metadata /Subtype /XML', Buffer.from(xmp)));
  if (packedInfo) bodies.set(6, stream('/Type /ObjStm /N 1 /First 4', Buffer.from(`4 0 ${info}`, 'latin1'), true));
  let text = `%PDF-1.5${lineEnd}%\xe2\xe3\xcf\xd3${lineEnd}`;
  const offsets = new Map<number, number>();
  for (const [number, body] of bodies) {
    offsets.set(number, text.length);
    text += `${number} 0 obj${lineEnd}${body}${lineEnd}endobj${lineEnd}`;
  }
  const names = `/Root 1 0 R${info === undefined ? '' : ' /Info 4 0 R'} /ID [<0102> (a\\)b)]${trailer}`;
  const row = (number: number) => {
    if (packedInfo && number === 4) return [2, 6, 0];
    const at = offsets.get(number);
    return at === undefined ? [0, 0, 0] : [1, at, 0];
  };
  const rows = [0, 1, 2, 3, 4, 5, 6, 7].map(row);
  if (kind === 'stream' || kind === 'packed') {
    const at = text.length;
    rows[7] = [1, at, 0];
    const body = stream(`/Type /XRef /Size 8 /W [1 4 1] ${names}`, packedRows(rows), true);
    return Buffer.from(
      `${text}7 0 obj${lineEnd}${body}${lineEnd}endobj${lineEnd}startxref${lineEnd}${at}${lineEnd}%%EOF`,
      'latin1',
    );
  }
  let beside = '';
  if (kind === 'hybrid') {
    beside = ` /XRefStm ${text.length}`;
    const body = stream('/Type /XRef /Size 8 /W [1 4 1] /Index [4 1]', packedRows([row(4)]), true);
    text += `7 0 obj${lineEnd}${body}${lineEnd}endobj${lineEnd}`;
  }
  const lines = rows.map(([type, at = 0], number) =>
    type === 1 ? `${String(at).padStart(10, '0')} 00000 n\r\n` : `0000000000 ${number === 0 ? '65535' : '00000'} f\r\n`,
  );
  const at = text.length;
  // What only the stream tells must not be called free in the same section (ISO 32000-2 §7.5.8.4).
  const part = (from: number, to: number) => `${from} ${to - from}${lineEnd}${lines.slice(from, to).join('')}`;
  const sections = kind === 'hybrid' ? `${part(0, 4)}${part(5, 8)}` : part(0, 8);
  text += `xref${lineEnd}${sections}trailer${lineEnd}<< /Size 8 ${names}${beside} >>${lineEnd}`;
  return Buffer.from(`${text}startxref${lineEnd}${at}${lineEnd}%%EOF${lineEnd}`, 'latin1');
}

function stream(entries: string, content: Buffer, isDeflated = false): string {
  const bytes = isDeflated ? deflateSync(content) : content;
  const filter = isDeflated ? ' /Filter /FlateDecode' : '';
  return `<< ${entries} /Length ${bytes.length}${filter} >>\nstream\n${bytes.toString('latin1')}\nendstream`;
}

function packedRows(rows: readonly number[][]): Buffer {
  return Buffer.concat(
    rows.map(([type = 0, at = 0, index = 0]) => {
      const row = Buffer.alloc(6);
      row[0] = type;
      row.writeUInt32BE(at, 1);
      row[5] = index;
      return row;
    }),
  );
}

function write(before: Uint8Array, change: LabelChange = { aigc: wanted }): Buffer {
  return rewritten(pdf, before, change);
}

const info = '<< /Title (T \\(x\\)) % why\n/Author <feff4f60> /Custom#20Key /Name /Trapped /False >>';
const plainXmp = xmpPacket
  .replace(label, '')
  .replace('<TC260:AIGC></TC260:AIGC>', '<dc:title xmlns:dc="http://purl.org/dc/elements/1.1/">T</dc:title>');
const files: [what: string, file: Buffer][] = [
  ['a table', document({ info })],
  ['a table with old line ends', document({ info, lineEnd: '\r' })],
  ['a table and no information', document({})],
  ['a stream', document({ info, kind: 'stream' })],
  ['a stream and no information', document({ kind: 'stream' })],
  ['packed information', document({ info, kind: 'packed' })],
  ['a table and a stream beside it', document({ info, kind: 'hybrid' })],
  ['an old label', document({ info: `<< /AIGC (${escaped(label)}) /Title (T) >>` })],
  ['two old labels', document({ info: `<< /AIGC (${escaped(label)}) /Title (T) /aigc <7b7d> >>`, kind: 'packed' })],
  [
    'a label in the catalog and the trailer',
    document({ info, catalog: ` /AIGC (${escaped(label)})`, trailer: ` /AIGC (${escaped(label)})` }),
  ],
  ['a label in the subject', document({ info: `<< /Subject (see {"AIGC":${escaped(label)}} here) >>` })],
  ['a label in XMP', document({ info, xmp: xmpPacket })],
  ['XMP without a label', document({ info, xmp: plainXmp, kind: 'stream' })],
  ['information in the trailer itself', document({ trailer: ` /Info ${info.replace('% why\n', '')}` })],
];

describe('the label of a PDF', () => {
  it.each(files)('%s', (_what, before) => {
    for (const change of [{ aigc: wanted }, { aigc: wanted, digitalSourceType: source }, { aigc: null }]) {
      const after = write(before, change);
      expect(after.subarray(0, before.length).equals(before)).toBe(true);
      expect(labelsIn(pdf, after)).toEqual(change.aigc === null ? [] : one);
      const own = (entries: string[]) => entries.filter((entry) => !/^pdf\.xmp|Subject/.test(entry));
      expect(own(othersIn(pdf, after))).toEqual(own(othersIn(pdf, before)));
      expect(readPdf(bufferSource(after)).findings).toEqual([]);
      expect(write(after, change).equals(after)).toBe(true);
      expect(labelsIn(pdf, write(after, { aigc: null }))).toEqual([]);
    }
  });

  it('is read by exiftool, in every kind of file', () => {
    const folder = newFolder();
    for (const [what, before] of files) {
      writeFileSync(join(folder, `${what}.pdf`), write(before, { aigc: wanted, digitalSourceType: source }));
    }
    const asked = ['-j', '-G1', '-AIGC', '-DigitalSourceType', '-Warning', '-Error', folder];
    const read = JSON.parse(execFileSync('exiftool', asked, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
    expect(read).toHaveLength(files.length);
    for (const { SourceFile, ...told } of read)
      expect(told, SourceFile).toEqual({ 'PDF:AIGC': wanted, 'XMP-iptcExt:DigitalSourceType': source });
  });

  it('writes a section of the kind that was there, pointing back, and a new version in ID', () => {
    const table = write(document({ info })).toString('latin1').split('%%EOF')[1] ?? '';
    expect(table).toMatch(
      /^\s4 0 obj\n<< \/Title \(T \\\(x\\\)\) % why\n\/Author <feff4f60> \/Custom#20Key \/Name \/Trapped \/False\n\/AIGC/,
    );
    expect(table).toMatch(/xref\n0 1\n0{10} 65535 f\r\n4 1\n\d{10} 00000 n\r\ntrailer\n/);
    expect(table).toMatch(/\/Prev \d+\n\/Root 1 0 R\n\/Info 4 0 R\n\/ID \[<0102> <[0-9a-f]{32}>\]/);
    const packed =
      write(document({ info, kind: 'packed' }))
        .toString('latin1')
        .split('%%EOF')[1] ?? '';
    expect(packed).toMatch(/8 0 obj\n<<\n\/Type \/XRef\n\/W \[1 6 2\]\n\/Index \[4 1 8 1\]\n\/Size 9\n\/Prev \d+/);
    expect(packed).not.toContain('trailer');
    const fresh =
      write(document({}), { aigc: wanted, digitalSourceType: source }).toString('latin1').split('%%EOF')[1] ?? '';
    expect(fresh).toMatch(/xref\n0 1\n[^\n]*\n1 1\n[^\n]*\n8 2\n/);
    // A whole new version must not repeat what is said already.
    expect(
      write(write(document({ info })), { aigc: wanted })
        .toString('latin1')
        .split('%%EOF'),
    ).toHaveLength(3);
  });

  it('brings the source type along in readable XMP, and takes it away again', () => {
    const types = (file: Uint8Array) =>
      readPdf(bufferSource(file)).entries.flatMap(({ kind, value, place }) =>
        kind === 'xmp' && place.path === 'Root/Metadata'
          ? (/DigitalSourceType>([^<]+)/.exec(value)?.[1] ?? 'none')
          : [],
      );
    for (const [, before] of files) {
      const after = write(before, { aigc: wanted, digitalSourceType: source });
      expect(types(after)).toEqual([source]);
      expect(after.subarray(before.length).includes(source)).toBe(true);
      expect(types(write(after, { aigc: wanted }))).toEqual([source]);
      expect(types(write(after, { aigc: wanted, digitalSourceType: null })).filter((type) => type !== 'none')).toEqual(
        [],
      );
    }
  });

  it('labels what Chromium prints', async () => {
    const browser = await chromium.launch({ executablePath: browserPath(), args: ['--no-sandbox'] });
    const page = await browser.newPage();
    await page.setContent('<title>A mirror</title><p>text');
    const before = await page.pdf();
    await browser.close();
    const after = write(before);
    expect(labelsIn(pdf, after)).toEqual(one);
    expect(othersIn(pdf, after)).toEqual(othersIn(pdf, before));
    expect(othersIn(pdf, after)).toContain('pdf.info Title=A mirror');
  }, 60_000);

  it.each([
    [
      'an encrypted document',
      document({ info, trailer: ' /Encrypt << /Filter /Standard /V 1 >>' }),
      'container-encrypted document',
    ],
    [
      'a signed one',
      document({ info, catalog: ' /AcroForm << /SigFlags 3 /V << /Type /Sig /ByteRange [0 1 2 3] >> >>' }),
      'container-variant signature',
    ],
    ['something before the header', Buffer.concat([Buffer.from('\n'), document({ info })]), 'container-variant header'],
    ['no cross-reference', document({ info }).subarray(0, 300), 'container-damaged cross-reference'],
    ['information that is not there', document({ trailer: ' /Info 9 0 R' }), 'container-damaged Info'],
    ['a size that lies', document({ info, trailer: ' /Size 99999999999' }), 'container-damaged cross-reference'],
    ['broken XMP', document({ info, xmp: '<x:xmpmeta><rdf:RDF>AIGC' }), 'container-damaged xmp'],
    [
      'XMP that nobody can unpack',
      document({ info, xmp: 'x' }).toString('latin1').replace('/Subtype /XML', '/Filter /Other'),
      'container-variant Root/Metadata',
    ],
  ])('refuses %s', (_what, file, refusal) => {
    const bytes = typeof file === 'string' ? Buffer.from(file, 'latin1') : file;
    expect(refusalOf(() => write(bytes, { aigc: wanted, digitalSourceType: source }))).toBe(refusal);
  });
});

describe('any value and any damage', () => {
  it('every printable value comes back as it went in', () => expectAnyValue(pdf, document({ info }), 200));

  it('a damaged file is refused, or gets exactly this label', () => {
    expectRefusedOrRight(
      pdf,
      files.map(([, file]) => file),
      700,
    );
  });
});
