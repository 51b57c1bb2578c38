import { describe, expect, it } from 'vitest';
import {
  bytes,
  element,
  elementOfUnknownSize,
  matroskaTags,
  simpleTag,
  u32be,
  u64be,
  utf8,
} from '../../../../test/fixtures/labels-av/bytes.ts';
import { counting } from '../../../../test/fixtures/labels-av/counting.ts';
import { label } from '../../../../test/fixtures/labels-av/labels.ts';
import { entriesOf, findingsOf } from '../../../../test/fixtures/labels-av/telling.ts';
import { bufferSource } from '../../media/bytes.ts';
import { readMatroska } from './matroska.ts';

const head = element('1a45dfa3', element('4282', 'matroska'));
const read = (...parts: Uint8Array[]) => readMatroska(counting(bufferSource(bytes(head, ...parts))));
const segment = (...children: Uint8Array[]) => element('18538067', ...children);
const tags = matroskaTags(simpleTag('AIGC', label));
const block = element('a3', '\x81\0\0\x80', 'x'.repeat(100));
const seek = (id: string, at: number) =>
  element('4dbb', element('53ab', Buffer.from(id, 'hex')), element('53ac', u64be(at)));
const cluster = element('1f43b675', block);
/** A SeekHead that names cues, so many bytes behind itself. */
const indexAt = (behind: number) => {
  const index = (at: number) => element('114d9b74', seek('1c53bb6b', at));
  return index(index(0).length + behind);
};
const aigc = `matroska.tags AIGC=${label}`;

describe('entries of Matroska files', () => {
  const table: [what: string, file: Uint8Array, entries: string[]][] = [
    [
      'nested simple tags',
      segment(matroskaTags(simpleTag('A', '1', simpleTag('B', '2', simpleTag('AIGC', label))))),
      ['matroska.tags A=1', 'matroska.tags B=2', aigc],
    ],
    [
      'a name behind its value',
      segment(matroskaTags(element('67c8', element('4487', 'x'), element('45a3', 'LATE')))),
      ['matroska.tags LATE=x'],
    ],
    [
      'a label written as binary',
      segment(matroskaTags(element('67c8', element('45a3', 'AIGC'), element('4485', utf8(label))))),
      [aigc],
    ],
    [
      'bytes written as binary',
      segment(matroskaTags(element('67c8', element('45a3', 'COVER'), element('4485', '\xff\xd8')))),
      ['matroska.tags COVER='],
    ],
    [
      'names of tracks and attachments',
      segment(
        element('1654ae6b', element('ae', element('536e', 'Voice'))),
        element('1941a469', element('61a7', element('466e', 'a.ttf'))),
      ),
      ['matroska.info TrackName=Voice', 'matroska.attachment FileName=a.ttf'],
    ],
    [
      'tags behind clusters without an index',
      segment(element('1f43b675', block), element('1f43b675', block), tags),
      [aigc],
    ],
    [
      'tags behind clusters of unknown size',
      bytes(
        elementOfUnknownSize('18538067'),
        elementOfUnknownSize('1f43b675'),
        block,
        block,
        elementOfUnknownSize('1f43b675'),
        block,
        tags,
      ),
      [aigc],
    ],
    [
      'tags that an index does not name',
      segment(element('114d9b74', seek('1549a966', 1000)), element('1f43b675', block), tags),
      [aigc],
    ],
    ['tags behind what an index names', segment(indexAt(cluster.length), cluster, element('1c53bb6b'), tags), [aigc]],
    [
      'two segments',
      bytes(segment(element('1549a966', element('7ba9', 'one'))), segment(tags)),
      ['matroska.info Title=one', aigc],
    ],
    ['a repeated Tags element', segment(tags, tags), [aigc, aigc]],
  ];

  it.each(table)('%s', (_what, file, entries) => {
    expect(entriesOf(read(file))).toEqual(entries);
  });

  it('follows an index that points at itself, at clusters and into the dark', () => {
    const index = element(
      '114d9b74',
      seek('114d9b74', 0),
      seek('1f43b675', 0),
      seek('1254c367', 2 ** 50),
      seek('1254c367', 3),
    );
    const metadata = read(segment(index, tags));
    expect(entriesOf(metadata)).toEqual([aigc]);
    expect(findingsOf(metadata)).toContain('truncated Segment/SeekHead');
  });
});

describe('hostile elements', () => {
  it('finds what is declared and not there', () => {
    expect(findingsOf(read(bytes(Buffer.from('1853806708ffffffff', 'hex'))))).toEqual(['truncated file']);
    expect(findingsOf(read(bytes(Buffer.from('18538067010000ffffffffff', 'hex'), tags)))).toEqual(['truncated file']);
    expect(
      findingsOf(
        read(segment(element('1254c367', element('7373', bytes(Buffer.from('67c8', 'hex'), u32be(0x1ffffffe)))))),
      ),
    ).toEqual(['truncated Segment/Tags/Tag[1]']);
    expect(findingsOf(read(segment(bytes('\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0')), tags))).toContain(
      'bad-structure Segment',
    );
  });

  it('keeps to its limits', () => {
    let nest = simpleTag('DEEP', 'x');
    for (let depth = 0; depth < 100; depth++) nest = simpleTag('N', 'x', nest);
    const deep = read(segment(matroskaTags(nest)));
    expect(findingsOf(deep).map((finding) => finding.split(' ')[0])).toEqual(['nested-too-deep']);
    expect(deep.entries.length).toBeLessThan(40);

    const clusters = read(segment(Buffer.alloc(30_000 * 12, element('1f43b675')), tags));
    expect(findingsOf(clusters)).toEqual(['too-many-entries Segment']);
    const blocks = read(
      bytes(
        elementOfUnknownSize('18538067'),
        elementOfUnknownSize('1f43b675'),
        Buffer.alloc(30_000 * 9, element('a3')),
      ),
    );
    expect(findingsOf(blocks)).toEqual(['too-many-entries Segment']);
  });
});
