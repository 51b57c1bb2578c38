import { describe, expect, it } from 'vitest';
import {
  bytes,
  chunk,
  frame,
  id3,
  riff,
  silentWave,
  u32be,
  u32le,
  u64le,
  utf8,
} from '../../../../test/fixtures/labels-av/bytes.ts';
import { counting } from '../../../../test/fixtures/labels-av/counting.ts';
import { label } from '../../../../test/fixtures/labels-av/labels.ts';
import { entriesOf, findingsOf } from '../../../../test/fixtures/labels-av/telling.ts';
import { bufferSource } from '../../media/bytes.ts';
import { readAvi, readWav } from './riff.ts';

const wav = (file: Uint8Array) => readWav(counting(bufferSource(file)));
const avi = (file: Uint8Array) => readAvi(counting(bufferSource(file)));
const info = (...fields: Uint8Array[]) => chunk('LIST', 'INFO', ...fields);
const bigEndian = (id: string, ...body: (Uint8Array | string)[]) => bytes(id, u32be(bytes(...body).length), ...body);
const guid = (id: string) => bytes(id, Buffer.from('f3acd3118cd100c04f8edb8a', 'hex'));
const wave64 = (id: string, body: Uint8Array) =>
  bytes(guid(id), u64le(24 + body.length), body, '\0'.repeat((8 - (body.length % 8)) % 8));

describe('entries of RIFF files', () => {
  const table: [what: string, entries: string[], file: Uint8Array][] = [
    ['a label in lower case', [`wav.aigc aigc=${label}`], riff('WAVE', chunk('aigc', label))],
    [
      'a label behind the declared end',
      [`wav.aigc AIGC=${label}`],
      bytes(riff('WAVE', ...silentWave), chunk('AIGC', label)),
    ],
    [
      'an odd chunk without its pad byte',
      [`wav.aigc AIGC=${label}`],
      riff('WAVE', bytes('data', u32le(3), 'xxx'), chunk('AIGC', label)),
    ],
    [
      'an odd chunk whose pad byte looks like a letter',
      [`wav.aigc AIGC=${label}`],
      riff('WAVE', bytes('data', u32le(3), 'xxxx'), chunk('AIGC', label)),
    ],
    [
      'a size that was never filled in',
      ['wav.info ISFT=tool'],
      bytes('RIFF\xff\xff\xff\xffWAVE', info(chunk('ISFT', 'tool\0')), 'data\xff\xff\xff\xff', 'x'.repeat(99)),
    ],
    [
      'big-endian sizes',
      [`wav.aigc AIGC=${label}`],
      bigEndian('RIFX', 'WAVE', bigEndian('data', 'xx'), bigEndian('AIGC', label)),
    ],
    [
      'a table of 64-bit sizes',
      [`wav.aigc AIGC=${label}`],
      bytes(
        'RF64\xff\xff\xff\xffWAVE',
        chunk('ds64', u64le(0), u64le(4), u64le(0), u32le(1), 'levl', u64le(6)),
        'data\xff\xff\xff\xffxxxx',
        'levl\xff\xff\xff\xffyyyyyy',
        chunk('AIGC', label),
      ),
    ],
    [
      'Wave64',
      [`wav.aigc AIGC=${label}`],
      bytes(guid('riff'), u64le(0), guid('wave'), wave64('fmt ', bytes('12345')), wave64('AIGC', utf8(label))),
    ],
    [
      'ID3 inside',
      ['wav.id3 TIT2=title', 'wav.id3 PRIV:me=words'],
      riff('WAVE', chunk('ID3 ', id3(4, 0, frame(4, 'TIT2', 0, '\x03title'), frame(4, 'PRIV', 0, 'me\0words')))),
    ],
    [
      'iXML and other words',
      ['wav.ixml iXML=<BWFXML/>', 'wav.other note=words'],
      riff('WAVE', chunk('iXML', '<BWFXML/>\0'), chunk('note', 'words')),
    ],
    [
      'no entry for a manifest store or numbers',
      [],
      riff('WAVE', ...silentWave, chunk('C2PA', 'words'), chunk('fact', 'abcd'), chunk('cord', '\x01\x02\xff')),
    ],
    ['a coding history', ['wav.bext CodingHistory=A=PCM'], riff('WAVE', chunk('bext', '\0'.repeat(602), 'A=PCM\r\n'))],
  ];
  it.each(table)('%s', (_what, entries, file) => {
    const metadata = wav(file);
    expect(entriesOf(metadata)).toEqual(entries);
    expect(findingsOf(metadata)).toEqual([]);
  });

  it('finds INFO anywhere in an AVI but not in its media', () => {
    const media = chunk('LIST', 'movi', info(chunk('ISFT', 'not this')));
    const header = chunk(
      'LIST',
      'hdrl',
      chunk('LIST', 'strl', chunk('strn', 'Voice\0')),
      info(chunk('ISFT', 'in the header')),
    );
    const file = riff('AVI ', header, media, info(chunk('AIGC', label)), chunk('AIGC', label));
    expect(entriesOf(avi(file))).toEqual([
      'avi.other strn=Voice',
      'avi.info ISFT=in the header',
      `avi.info AIGC=${label}`,
      `avi.other AIGC=${label}`,
    ]);
  });
});

describe('hostile chunks', () => {
  it('finds what is declared and not there', () => {
    expect(findingsOf(wav(bytes('RIFF\xf0\xff\xff\x7fWAVE')))).toEqual(['truncated RIFF']);
    expect(findingsOf(wav(riff('WAVE', bytes('AIGC\xf0\xff\xff\x7f{}'))))).toEqual(['truncated AIGC']);
    expect(findingsOf(wav(riff('WAVE', info(bytes('ISFT', u32le(99), 'ab')), chunk('data', 'x'.repeat(200)))))).toEqual(
      ['bad-structure LIST/INFO/ISFT'],
    );
    expect(findingsOf(wav(riff('WAVE', bytes('\x01\x02\x03\x04\x05\x06\x07\x08'))))).toEqual(['bad-structure file']);
    expect(findingsOf(wav(bytes(riff('WAVE'), '\x01\x02\x03\x04\x05\x06\x07\x08')))).toEqual([]);
    expect(
      findingsOf(wav(bytes(guid('riff'), u64le(0), guid('wave'), guid('AIGC'), u64le(3), '\0'.repeat(16)))),
    ).toEqual(['bad-structure file']);
    expect(findingsOf(wav(riff('WAVE', chunk('id3 ', 'nothing of the kind'))))).toEqual(['bad-structure id3']);
  });

  it('keeps to its limits', () => {
    let nest = chunk('LIST', 'abcd');
    for (let depth = 0; depth < 500; depth++) nest = chunk('LIST', 'abcd', nest);
    expect(findingsOf(wav(riff('WAVE', nest))).map((finding) => finding.split(' ')[0])).toEqual(['nested-too-deep']);
    expect(findingsOf(wav(riff('WAVE', Buffer.alloc(8 * 200_010, chunk('note')))))).toEqual(['too-many-entries file']);
  });
});
