import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  box,
  bytes,
  chunk,
  element,
  elementOfUnknownSize,
  fullBox,
  handler,
  keysAndList,
  matroskaTags,
  riff,
  simpleTag,
  u32be,
  u32le,
  u64be,
  u64le,
} from '../../../../test/fixtures/labels-av/bytes.ts';
import { type Counted, counting } from '../../../../test/fixtures/labels-av/counting.ts';
import { label } from '../../../../test/fixtures/labels-av/labels.ts';
import { descriptorSource } from '../../media/bytes.ts';
import { sniff } from '../../media/sniff.ts';
import { readBmff } from './bmff.ts';
import { readMatroska } from './matroska.ts';
import { readAvi, readWav } from './riff.ts';

const gib = 1024 ** 3;
const media = 8 * gib;
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'labels-large-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('files of eight GiB, whose labels stand at the end', () => {
  it('mp4: the movie box behind the media', () => {
    const head = bytes(box('ftyp', 'isom', u32be(0)), u32be(1), 'mdat', u64be(16 + media));
    const meta = fullBox('meta', handler('mdta'), keysAndList({ AIGC: label }));
    withFile(head, box('moov', box('udta', meta)), (source) => {
      expect(sniff(source)?.format).toBe('mp4');
      expect(labelOf(readBmff(source))).toBe('bmff.moov.udta.meta.mdta AIGC');
      expectFewReads(source);
    });
  });

  it('mkv: tags behind the clusters, found through the SeekHead', () => {
    const tags = matroskaTags(simpleTag('AIGC', label));
    // Of unknown size, as in a live recording: it cannot be stepped over.
    const clusters = elementOfUnknownSize('1f43b675');
    const seekHead = (at: number) =>
      element('114d9b74', element('4dbb', element('53ab', hex('1254c367')), element('53ac', u64be(at))));
    const before = seekHead(0).length + clusters.length;
    const segment = bytes(hex('18538067'), ebmlSize(before + media + tags.length), seekHead(before + media), clusters);
    withFile(bytes(element('1a45dfa3', element('4282', 'matroska')), segment), tags, (source) => {
      expect(sniff(source)?.format).toBe('mkv');
      expect(labelOf(readMatroska(source))).toBe('matroska.tags AIGC');
      expectFewReads(source);
    });
  });

  it('mkv without a SeekHead: the cluster is stepped over by its size', () => {
    const tags = matroskaTags(simpleTag('AIGC', label));
    const cluster = bytes(hex('1f43b675'), ebmlSize(media));
    const segment = bytes(elementOfUnknownSize('18538067'), cluster);
    withFile(bytes(element('1a45dfa3', element('4282', 'webm')), segment), tags, (source) => {
      expect(sniff(source)?.format).toBe('webm');
      expect(labelOf(readMatroska(source))).toBe('matroska.tags AIGC');
      expectFewReads(source);
    });
  });

  it('wav: the chunk behind data of a 64-bit size', () => {
    const sizes = chunk('ds64', u64le(media + 1000), u64le(media), u64le(media), u32le(0));
    const head = bytes('RF64\xff\xff\xff\xffWAVE', sizes, 'data\xff\xff\xff\xff');
    withFile(head, chunk('AIGC', label), (source) => {
      expect(sniff(source)?.format).toBe('wav');
      expect(labelOf(readWav(source))).toBe('wav.aigc AIGC');
      expectFewReads(source);
    });
  });

  it('avi: a last OpenDML part behind eight others', () => {
    const source = partsOfOneGib(8, riff('AVIX', chunk('LIST', 'INFO', chunk('AIGC', label))));
    expect(labelOf(readAvi(source))).toBe('avi.info AIGC');
    expectFewReads(source);
  });
});

/** A file that starts and ends as given, with a hole of eight GiB between. */
function withFile(head: Uint8Array, tail: Uint8Array, look: (source: Counted) => void): void {
  const fd = openSync(join(folder, 'large'), 'w+');
  try {
    ftruncateSync(fd, 0);
    writeSync(fd, head, 0, head.length, 0);
    writeSync(fd, tail, 0, tail.length, head.length + media);
    look(counting(descriptorSource(fd)));
  } finally {
    closeSync(fd);
  }
}

/** An AVI file of parts that hold nothing but a hole. */
function partsOfOneGib(parts: number, last: Uint8Array): Counted {
  const heads = new Map<number, Uint8Array>();
  for (let part = 0; part < parts; part++) {
    const form = part === 0 ? 'AVI ' : 'AVIX';
    heads.set(part * gib, bytes('RIFF', u32le(gib - 8), form, 'LIST', u32le(gib - 20), 'movi'));
  }
  heads.set(parts * gib, last);
  return counting({
    size: parts * gib + last.length,
    read: (offset, length) => {
      const start = Math.floor(offset / gib) * gib;
      const head = heads.get(start) ?? bytes();
      const padded = bytes(head, '\0'.repeat(64));
      return padded.subarray(offset - start, offset - start + length);
    },
  });
}

function labelOf({ entries, findings }: ReturnType<typeof readBmff>): string {
  expect(findings).toEqual([]);
  return entries.map(({ key, place, value }) => (value === label ? `${place.location} ${key}` : '')).join('');
}

function expectFewReads(source: Counted): void {
  expect(source.reads).toBeLessThan(200);
  expect(source.bytes).toBeLessThan(64 * 1024);
}

/** An EBML size of eight bytes. */
function ebmlSize(size: number): Uint8Array {
  const field = u64be(size);
  field[0] = 1;
  return field;
}

function hex(digits: string): Uint8Array {
  return Buffer.from(digits, 'hex');
}
