import { describe, expect, it } from 'vitest';
import {
  amfMixedArray,
  amfObject,
  amfString,
  bytes,
  flv,
  u16be,
  u32be,
} from '../../../../test/fixtures/labels-av/bytes.ts';
import { counting } from '../../../../test/fixtures/labels-av/counting.ts';
import { label } from '../../../../test/fixtures/labels-av/labels.ts';
import { entriesOf, findingsOf } from '../../../../test/fixtures/labels-av/telling.ts';
import { bufferSource } from '../../media/bytes.ts';
import { readFlv } from './flv.ts';

const read = (...scripts: Uint8Array[]) => readFlv(counting(bufferSource(flv(...scripts))));
const metaData = (value: Uint8Array) => bytes(amfString('onMetaData'), value);
const number = bytes('\0', '\x40\x24\0\0\0\0\0\0');

describe('script data of FLV', () => {
  const table: [what: string, value: Uint8Array, entries: string[]][] = [
    ['a long string', amfObject({ AIGC: bytes('\x0c', u32be(label.length), label) }), [`AIGC=${label}`]],
    [
      'text among everything else',
      amfMixedArray({
        a: number,
        b: bytes('\x01\x01'),
        c: bytes('\x05'),
        d: bytes('\x06'),
        e: bytes('\x07\0\x01'),
        f: bytes('\x0b', '\0'.repeat(10)),
        encoder: amfString('tool'),
      }),
      ['encoder=tool'],
    ],
    ['a list of texts', amfObject({ tags: bytes('\x0a', u32be(2), amfString('x'), number) }), ['tags=["x",10]']],
    ['no list of numbers', amfObject({ keyframes: amfObject({ times: bytes('\x0a', u32be(1), number) }) }), []],
    [
      'a typed object',
      bytes('\x10', u16be(1), 'T', amfObject({ encoder: amfString('tool') }).subarray(1)),
      ['encoder=tool'],
    ],
    [
      'a name that means something to JavaScript',
      amfObject({ ['__proto__']: amfString('x'), constructor: amfString('y') }),
      ['__proto__=x', 'constructor=y'],
    ],
    ['bare text instead of an object', amfString('words'), ['onMetaData=words']],
  ];
  it.each(table)('%s', (_what, value, entries) => {
    const metadata = read(metaData(value));
    expect(entriesOf(metadata)).toEqual(entries.map((entry) => `flv.onmetadata ${entry}`));
    expect(findingsOf(metadata)).toEqual([]);
  });

  it('shows a name that comes twice, twice', () => {
    const twice = bytes(
      amfObject({ AIGC: amfString('one') }).subarray(0, -3),
      amfObject({ AIGC: amfString('two') }).subarray(1),
    );
    expect(entriesOf(read(metaData(twice)))).toEqual(['flv.onmetadata AIGC=one', 'flv.onmetadata AIGC#2=two']);
    const tags = read(metaData(amfObject({ a: amfString('1') })), metaData(amfObject({ AIGC: amfString(label) })));
    expect(tags.entries.map(({ place }) => place.path)).toEqual([
      'script[1]/onMetaData/a',
      'script[2]/onMetaData/AIGC',
    ]);
  });
});

describe('hostile script data', () => {
  it('finds what is declared and not there', () => {
    expect(findingsOf(read(metaData(bytes('\x03', u16be(1), 'a\x0c\xff\xff\xff\xffxx'))))).toEqual([
      'truncated script[1]',
    ]);
    expect(findingsOf(read(metaData(bytes('\x63'))))).toEqual(['bad-structure script[1]']);
    expect(findingsOf(read(number))).toEqual(['bad-structure script[1]']);
    const short = flv(metaData(amfString('words'))).subarray(0, -20);
    expect(findingsOf(readFlv(bufferSource(short)))).toContain('truncated script[1]');
    expect(findingsOf(read(metaData(bytes('\x0a\xff\xff\xff\xff', number))))).toEqual([]);
  });

  it('keeps to its limits', () => {
    const deep = metaData(bytes('\x03\0\x01a'.repeat(100_000)));
    expect(findingsOf(read(deep))).toEqual(['nested-too-deep script[1]']);
    const many = Array.from({ length: 1_010 }, () => metaData(amfObject({ a: amfString('x') })));
    expect(read(...many).entries).toHaveLength(1_000);
  });
});
