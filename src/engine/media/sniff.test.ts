import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  box,
  bytes,
  chunk,
  element,
  u16be,
  u32be,
  u32le,
  utf8,
  utf16,
} from '../../../test/fixtures/labels-av/bytes.ts';
import { counting } from '../../../test/fixtures/labels-av/counting.ts';
import { bufferSource } from './bytes.ts';
import { sniff } from './sniff.ts';

// Files of audio and video formats are sniffed in labels/containers/av-fixtures.test.ts.
const fixture = (name: string) => readFileSync(`test/fixtures/labels-av/${name}`);
const ftyp = (...brands: string[]) => box('ftyp', brands[0] ?? '', u32be(0), ...brands.slice(1));
const track = (handler: string) => box('trak', box('mdia', box('hdlr', u32be(0), u32be(0), handler, '\0'.repeat(13))));
const office = 'application/vnd.openxmlformats-officedocument.';
const svg = '<svg xmlns="http://www.w3.org/2000/svg"/>';
const packet = (at: number) => bytes('G@\0', String.fromCharCode(0x10 | (at & 15)), '\xff'.repeat(184));
const packets = (count: number) => bytes(...Array.from({ length: count }, (_, index) => packet(index)));
const wave64 = bytes('riff', hex('2e91cf11a5d628db04c10000'), '\0'.repeat(8), 'wave', hex('f3acd3118cd100c04f8edb8a'));

const recognised: [what: string, content: Uint8Array, format: string, mime: string, kind: string][] = [
  ['JPEG', bytes('\xff\xd8\xff\xe0'), 'jpeg', 'image/jpeg', 'image'],
  ['PNG', bytes('\x89PNG\r\n\x1a\n'), 'png', 'image/png', 'image'],
  ['GIF', bytes('GIF89a'), 'gif', 'image/gif', 'image'],
  ['WebP', bytes('RIFF', u32le(4), 'WEBP'), 'webp', 'image/webp', 'image'],
  ['TIFF, Intel', bytes('II*\0', u32le(8)), 'tiff', 'image/tiff', 'image'],
  ['TIFF, Motorola', bytes('MM\0*', u32be(8)), 'tiff', 'image/tiff', 'image'],
  ['BigTIFF', bytes('II+\0\x08\0\0\0'), 'tiff', 'image/tiff', 'image'],
  ['AVIF by major brand', ftyp('avif', 'mif1'), 'avif', 'image/avif', 'image'],
  ['AVIF by compatible brand', ftyp('mif1', 'miaf', 'avif'), 'avif', 'image/avif', 'image'],
  ['AVIF sequence', ftyp('avis', 'msf1'), 'avif', 'image/avif', 'image'],
  ['HEIC', ftyp('heic', 'mif1'), 'heic', 'image/heic', 'image'],
  ['HEIF of an unnamed codec', ftyp('mif1', 'heic'), 'heic', 'image/heif', 'image'],
  ['MP4', bytes(ftyp('isom', 'mp42'), box('moov', track('vide'), track('soun'))), 'mp4', 'video/mp4', 'video'],
  ['MP4 with sound only', bytes(ftyp('isom'), box('moov', track('soun'))), 'mp4', 'audio/mp4', 'audio'],
  ['MP4 whose movie box is missing', ftyp('mp42'), 'mp4', 'video/mp4', 'video'],
  ['M4A', ftyp('M4A '), 'm4a', 'audio/mp4', 'audio'],
  ['M4A that hides a picture track', bytes(ftyp('M4A '), box('moov', track('vide'))), 'm4a', 'audio/mp4', 'video'],
  ['M4V', ftyp('M4V '), 'm4v', 'video/mp4', 'video'],
  ['MOV', ftyp('qt  '), 'mov', 'video/quicktime', 'video'],
  [
    'MOV without ftyp',
    bytes(box('wide'), box('mdat', 'x'), box('moov', track('vide'))),
    'mov',
    'video/quicktime',
    'video',
  ],
  ['a segment of a fragmented MP4', bytes(box('styp', 'msdh', u32be(0)), box('moof')), 'mp4', 'video/mp4', 'video'],
  ['Matroska of unknown document type', element('1a45dfa3'), 'mkv', 'video/x-matroska', 'video'],
  ['AVI', bytes('RIFF', u32le(4), 'AVI '), 'avi', 'video/x-msvideo', 'video'],
  ['FLV with sound only', bytes('FLV\x01\x04', u32be(9), u32be(0)), 'flv', 'video/x-flv', 'audio'],
  ['FLV whose header lies', bytes('FLV\x01\x04', u32be(9), u32be(0), '\x09\0\0\0'), 'flv', 'video/x-flv', 'video'],
  ['MPEG-TS', packets(5), 'mpegts', 'video/mp2t', 'video'],
  ['MPEG-TS of three packets', packets(3), 'mpegts', 'video/mp2t', 'video'],
  ['MPEG-TS that starts inside a packet', packets(12).subarray(100), 'mpegts', 'video/mp2t', 'video'],
  [
    'MPEG-TS with parity',
    bytes(...Array.from({ length: 6 }, () => bytes(packet(0), '\0'.repeat(16)))),
    'mpegts',
    'video/mp2t',
    'video',
  ],
  ['WAV', bytes('RIFF', u32le(4), 'WAVE'), 'wav', 'audio/wav', 'audio'],
  ['RF64', bytes('RF64\xff\xff\xff\xffWAVE'), 'wav', 'audio/wav', 'audio'],
  ['RIFX', bytes('RIFX', u32be(4), 'WAVE'), 'wav', 'audio/wav', 'audio'],
  ['Wave64', wave64, 'wav', 'audio/wav', 'audio'],
  ['MP3 with nothing but a tag', bytes('ID3\x04\0\0\0\0\0\0'), 'mp3', 'audio/mpeg', 'audio'],
  ['FLAC behind an ID3 tag', bytes('ID3\x04\0\0\0\0\0\0fLaC'), 'flac', 'audio/flac', 'audio'],
  ['AAC in ADIF', bytes('ADIF', '\0'.repeat(8)), 'aac', 'audio/aac', 'audio'],
  ['PDF', bytes('%PDF-1.7'), 'pdf', 'application/pdf', 'document'],
  ['PDF behind junk', bytes('junk '.repeat(200), '%PDF-1.7'), 'pdf', 'application/pdf', 'document'],
  ['SVG', utf8(svg), 'svg', 'image/svg+xml', 'image'],
  [
    'SVG with everything before its root',
    utf8(`\ufeff<?xml version="1.0"?>\n<!-- > -->\n<!DOCTYPE svg [<!ENTITY a "b>">]>\n${svg}`),
    'svg',
    'image/svg+xml',
    'image',
  ],
  ['SVG with a prefix', utf8('<s:svg xmlns:s="http://www.w3.org/2000/svg"></s:svg>'), 'svg', 'image/svg+xml', 'image'],
  ['SVG in UTF-16', utf16(svg, 'le'), 'svg', 'image/svg+xml', 'image'],
  ['Word', zip('[Content_Types].xml', 'word/document.xml'), 'ooxml', `${office}wordprocessingml.document`, 'document'],
  [
    'PowerPoint, types last',
    zip('ppt/presentation.xml', '[Content_Types].xml'),
    'ooxml',
    `${office}presentationml.presentation`,
    'document',
  ],
  [
    'Excel, end missing',
    zip('[Content_Types].xml', 'xl/workbook.xml').subarray(0, -60),
    'ooxml',
    `${office}spreadsheetml.sheet`,
    'document',
  ],
  [
    'Markdown with a label',
    utf8('---\ntitle: x\nAIGC:\n  Label: "1"\n---\n# x\n'),
    'markdown',
    'text/markdown',
    'document',
  ],
  [
    'Markdown with a quoted key',
    utf8('---\r\n"AIGC": {Label: "1"}\r\n---\r\n'),
    'markdown',
    'text/markdown',
    'document',
  ],
];

const unknown: [what: string, content: Uint8Array][] = [
  ['nothing', bytes()],
  ['one byte', bytes('\xff')],
  ['text', utf8('Hello, world')],
  ['the letter G', bytes('G'.repeat(4000))],
  ['ones', bytes('\xff'.repeat(70_000))],
  ['zeros', bytes('\0'.repeat(70_000))],
  ['noise', noise(70_000)],
  ['a page with a drawing in it', utf8(`<!doctype html><html><body>${svg}</body></html>`)],
  ['Markdown without a label', utf8('---\ntitle: x\n---\n# AIGC: no\n')],
  ['Markdown whose front matter never ends', utf8('---\nAIGC: {}\n')],
  ['front matter that does not start the file', utf8('\n---\nAIGC: {}\n---\n')],
  ['a zip that is no document', zip('a.txt', 'b.txt')],
  ['one MPEG audio header by chance', bytes('\xff\xfb\x90\0', 'x'.repeat(2000))],
  ['JPEG XL', ftyp('jxl ')],
  ['JPEG 2000', ftyp('jp2 ')],
  ['a raw picture in boxes', ftyp('crx ', 'isom')],
  ['free space', box('free', '\0'.repeat(100))],
];

describe('sniff', () => {
  it.each(recognised)('recognises %s', (_what, content, format, mime, kind) => {
    expect(sniff(bufferSource(content))).toEqual({ format, kind, mime });
  });

  it.each(unknown)('does not recognise %s', (_what, content) => {
    expect(sniff(bufferSource(content))).toBeNull();
  });

  it('believes the first bytes of a polyglot', () => {
    const pdf = '%PDF-1.4\n';
    expect(sniff(bufferSource(bytes('GIF89a', pdf)))?.format).toBe('gif');
    expect(sniff(bufferSource(bytes(pdf, zip('[Content_Types].xml', 'word/a'))))?.format).toBe('pdf');
    expect(sniff(bufferSource(bytes(zip('[Content_Types].xml', 'word/a'), pdf)))?.format).toBe('ooxml');
    expect(sniff(bufferSource(bytes(fixture('id3v24.mp3'), zip('[Content_Types].xml', 'word/a'))))?.format).toBe('mp3');
    expect(sniff(bufferSource(bytes(fixture('plain.mp4'), pdf)))?.format).toBe('mp4');
    expect(sniff(bufferSource(bytes(chunk('RIFF', 'WAVE', pdf))))?.format).toBe('wav');
  });

  it('finds AAC and MPEG audio behind junk', () => {
    for (const [name, format] of [
      ['bare.mp3', 'mp3'],
      ['bare.aac', 'aac'],
      ['layer-two.mp2', 'mp3'],
    ] as const) {
      expect(sniff(bufferSource(bytes('junk \xff\xfb\x90 junk', fixture(name))))?.format).toBe(format);
    }
    expect(sniff(bufferSource(bytes('ID3\x03\0\0\0\0\0\0', fixture('bare.aac'))))?.format).toBe('aac');
  });

  it('reads little of a file that declares much', () => {
    const bomb = bytes(ftyp('isom'), u32be(1), 'mdat', u32be(0x7fffffff), u32be(0), noise(200_000));
    const source = counting(bufferSource(bomb));
    expect(sniff(source)?.format).toBe('mp4');
    expect(source.bytes).toBeLessThan(10_000);
  });

  it('survives every truncation and many flips of a small file of each kind', () => {
    const random = counter(5);
    for (const [, content] of recognised) {
      for (let length = 0; length <= Math.min(content.length, 400); length += 7) {
        sniff(counting(bufferSource(content.subarray(0, length))));
      }
      for (let round = 0; round < 40; round++) {
        const flipped = content.slice();
        for (let flip = 0; flip < 3; flip++) flipped[random(flipped.length)] = random(256);
        sniff(counting(bufferSource(flipped)));
      }
    }
  });
});

function hex(digits: string): Uint8Array {
  return Buffer.from(digits, 'hex');
}

/** An archive whose files are all empty. */
function zip(...names: string[]): Uint8Array {
  const packed = deflateRawSync('');
  const fields = bytes('\x14\0\0\0\x08\0', u32le(0), u32le(0), u32le(packed.length), u32le(0));
  const size = (name: string) => bytes(Buffer.from([name.length, 0]), '\0\0');
  const locals = names.map((name) => bytes('PK\x03\x04', fields, size(name), name, packed));
  const entries = names.map((name) => bytes('PK\x01\x02\x14\0', fields, size(name), '\0'.repeat(14), name));
  const directory = bytes(...entries);
  const start = locals.reduce((sum, local) => sum + local.length, 0);
  const count = u16be(names.length).reverse();
  return bytes(...locals, directory, 'PK\x05\x06\0\0\0\0', count, count, u32le(directory.length), u32le(start), '\0\0');
}

function noise(length: number): Uint8Array {
  const random = counter(11);
  return Uint8Array.from({ length }, () => random(256));
}

/** A linear congruence: enough to scatter bytes, the same on every run. */
function counter(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
