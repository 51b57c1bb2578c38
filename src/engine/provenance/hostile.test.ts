import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import type { MediaFormat } from '../../contract/screening.ts';
import { bufferSource } from '../media/bytes.ts';
import { openProvenance, type ProvenanceReader } from './provenance.ts';

/** Small files that ask the library for gigabytes or for minutes. */
const wasm = readFileSync(new URL('../../../node_modules/@contentauth/c2pa-wasm/pkg/c2pa_bg.wasm', import.meta.url));
let reader: ProvenanceReader;
beforeEach(async () => {
  reader = await openProvenance(wasm);
});

async function codesOf(bytes: Buffer, format: MediaFormat): Promise<unknown> {
  const trust = { anchorsPem: '', tsaAnchorsPem: '', lists: [] };
  const { findings, signals } = await reader.read({ source: bufferSource(bytes), format, mime: '', trust });
  expect(signals).toEqual([]);
  return findings.map(({ code, params }) => [code, params['reason']].filter(Boolean).join(' '));
}

describe('a length that no file could have', () => {
  test.each([0x7fffffff, 0xf0000000, 0x60000000, 0x30000000])(
    'fails the library inside, not the process: %i',
    async (length) => {
      expect(await codesOf(mp3WithFrame(length), 'mp3')).toEqual(['provenance-unreadable LibraryFailure']);
      // What trapped once is not asked again.
      expect(reader.healthy()).toBe(false);
      expect(reader.memoryBytes()).toBeLessThanOrEqual(640 * 1024 * 1024);
    },
  );
});

describe('more parts than the library gets through', () => {
  const crowd = Buffer.concat(Array.from({ length: 30_000 }, () => box('free', Buffer.alloc(0))));

  const manifest = box('uuid', Buffer.from('d8fec3d61b0e483c92975828877ec481', 'hex'));
  const movie = box('moov', box('udta', crowd));
  test.each([
    ['side by side', [crowd], ['provenance-too-many-parts']],
    ['in a movie beside a manifest', [manifest, movie], ['provenance-too-many-parts']],
    // The top level is short enough to see that there is none.
    ['in a movie without one', [movie], []],
    ['in a meta box', [box('meta', Buffer.concat([Buffer.alloc(4), crowd])), manifest], ['provenance-too-many-parts']],
  ])('boxes %s', async (_where, boxes, codes) => {
    expect(await codesOf(Buffer.concat([fileType(), ...boxes]), 'mp4')).toEqual(codes);
  });

  test('streams of a PDF that never end', async () => {
    const bytes = Buffer.from(`%PDF-1.5\n${'1 0 obj<</Length 9>>stream\n'.repeat(30_000)}trailer<</Root 1 0 R>>`);
    expect(await codesOf(bytes, 'pdf')).toEqual(['provenance-too-many-parts']);
  });

  test('a few thousand boxes are no crowd', async () => {
    const bytes = Buffer.concat([fileType(), crowd.subarray(0, 8 * 5_000)]);
    expect(await codesOf(bytes, 'mp4')).toEqual([]);
  });
});

function mp3WithFrame(length: number): Buffer {
  const frame = Buffer.from('TXXX\0\0\0\0\0\0\0a\0b', 'latin1');
  frame.writeUInt32BE(length, 4);
  return Buffer.concat([Buffer.from([0x49, 0x44, 0x33, 3, 0, 0, 0, 0, 0, frame.length]), frame]);
}

function box(type: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + content.length);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, content]);
}

function fileType(): Buffer {
  return box('ftyp', Buffer.from('isom\0\0\x02\0isomiso2mp41', 'latin1'));
}
