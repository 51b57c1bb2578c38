import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { crc32, deflateRawSync, deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ScreeningRecord } from '../../src/contract/screening.ts';
import { clearmirror, type Run, recordsOf, root } from '../clearmirror.ts';

/**
 * One folder of files made to do harm, with healthy files between them, through the real program. Whatever the hostile ones do,
 * each gets an answer and the healthy ones get the answer they get alone.
 */
const folder = mkdtempSync(join(tmpdir(), 'clearmirror-hostile-'));
const mixed = join(folder, 'mixed');
const alone = join(folder, 'alone');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const healthy = [
  'labels-images/png-text.png',
  'labels-images/jpeg-xmp.jpg',
  'labels-images/webp-xmp.webp',
  'labels-images/gif-xmp.gif',
  'labels-images/pdf-info.pdf',
  'labels-av/mdta.mp4',
  'labels-av/id3v24.mp3',
  'provenance/ai.jpg',
];

/** What a hostile file is answered with; several codes where the machine's load decides. `seen` means: decoded after all. */
type Answer = readonly string[];

const bombs: Record<string, { bytes: () => Buffer; answer: Answer }> = {
  'huge-canvas.png': { bytes: () => png(60_000, 60_000, 'RGB', 1_000), answer: ['too-many-pixels'] },
  'largest-canvas.png': { bytes: () => png(0x7fffffff, 0x7fffffff, 'RGB', 100), answer: ['not-decodable'] },
  'one-row.png': { bytes: () => png(100_000_000, 1, 'grey', 100_000_001), answer: ['unexaminable', 'seen'] },
  'text-bombs.png': {
    bytes: () =>
      png(
        1,
        1,
        'RGB',
        4,
        Array.from({ length: 20 }, () => chunk('zTXt', zipped('k\0\0', 50_000_000))),
      ),
    answer: ['compressed-too-large'],
  },
  'thousand-labels.png': {
    bytes: () =>
      png(
        1,
        1,
        'RGB',
        4,
        Array.from({ length: 6_000 }, (_, index) => chunk('tEXt', Buffer.from(`AIGC\0{"Label":"${index}"}`))),
      ),
    answer: ['too-many-entries'],
  },
  'huge.jpg': {
    bytes: () => Buffer.from('ffd8ffc0001108fffffffff03012200021101031101ffd9'.padEnd(46, '0'), 'hex'),
    answer: ['not-decodable'],
  },
  'frames.gif': { bytes: () => gif(65_535, 65_535), answer: ['too-many-pixels'] },
  'circle.tif': { bytes: circularTiff, answer: ['bad-structure'] },
  'giant-strips.tif': { bytes: giantTiff, answer: ['not-decodable'] },
  'elsewhere.svg': {
    bytes: () =>
      svg(
        '<image href="file:///etc/passwd" width="9" height="9"/><image href="http://127.0.0.1:9/" width="9" height="9"/>',
      ),
    answer: ['seen'],
  },
  'laughs.svg': { bytes: laughs, answer: ['not-decodable'] },
  'deep.svg': { bytes: () => svg('<g>'.repeat(100_000)), answer: ['too-many-entries', 'not-decodable'] },
  'bomb.docx': { bytes: () => docx(60_000_000), answer: ['compressed-too-large'] },
  'circle.pdf': {
    bytes: () =>
      Buffer.from(
        '%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 1 0 R/Metadata 1 0 R>>endobj\nxref\n0 1\ntrailer<</Root 1 0 R/Info 1 0 R/Prev 62>>\nstartxref\n62\n%%EOF',
      ),
    answer: ['bad-structure'],
  },
  'open-streams.pdf': {
    bytes: () => Buffer.from(`%PDF-1.5\n${'1 0 obj<</Length 9>>stream\n'.repeat(100_000)}trailer<</Root 1 0 R>>`),
    answer: ['provenance-too-many-parts'],
  },
  'crowd.mp4': {
    bytes: () => Buffer.concat([fileType(), ...Array.from({ length: 200_000 }, () => box('free', Buffer.alloc(0)))]),
    answer: ['provenance-too-many-parts'],
  },
  'deep.mp4': { bytes: deepBoxes, answer: ['nested-too-deep'] },
  'two-gigabytes.mp4': {
    bytes: () => Buffer.concat([fileType(), Buffer.from('7fffffc0', 'hex'), Buffer.from('moovx')]),
    answer: ['truncated'],
  },
  'two-gigabytes.wav': {
    bytes: () => Buffer.concat([Buffer.from('RIFF\xff\xff\xff\x7fWAVEAIGC\xff\xff\xff\x7f{', 'latin1')]),
    answer: ['truncated'],
  },
  'two-gigabytes.mp3': { bytes: () => greedyId3(0x7fffffff), answer: ['provenance-unreadable'] },
  'gigabyte.mp3': { bytes: () => greedyId3(0x30000000), answer: ['provenance-unreadable'] },
  'endless.mkv': {
    bytes: () =>
      Buffer.from('1a45dfa3934282886d6174726f736b6142878104428581021853806701ffffffffffffff1254c367087fffffff', 'hex'),
    answer: ['truncated'],
  },
  'playlist.mp4': {
    bytes: () => Buffer.from('#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10.0,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n'),
    answer: ['unknown-format'],
  },
  'concat.mkv': { bytes: () => Buffer.from("ffconcat version 1.0\nfile '/etc/passwd'\n"), answer: ['unknown-format'] },
  'empty.jpg': { bytes: () => Buffer.alloc(0), answer: ['empty-file'] },
  'one-byte.png': { bytes: () => Buffer.from([0x89]), answer: ['unknown-format'] },
};

describe('hostile and healthy files in one folder', () => {
  let run: Run;
  let records: Map<string, ScreeningRecord>;
  beforeAll(async () => {
    mkdirSync(mixed);
    mkdirSync(alone);
    for (const [name, { bytes }] of Object.entries(bombs)) writeFileSync(join(mixed, `b-${name}`), bytes());
    mutate();
    // Names sort the healthy ones in between, several times over.
    for (const [index, path] of healthy.entries()) {
      const name = basename(path);
      cpSync(join(root, 'test/fixtures', path), join(alone, name));
      for (const before of ['a', 'b-h', 'b-s', 'm-1', 'm-5', 'z'])
        cpSync(join(root, 'test/fixtures', path), join(mixed, `${before}-${index}-healthy-${name}`));
    }
    run = await clearmirror(['screen', mixed, '--json']);
    records = new Map(recordsOf(run).map((record) => [basename(record.file.name), record]));
  }, 300_000);

  test('every file has exactly one record, in the order of the names', () => {
    const names = readdirSync(mixed).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(recordsOf(run).map(({ file }) => basename(file.name))).toEqual(names);
  });

  test('nothing is said outside the records, and the exit code is that of a file that could not be examined, or of none', () => {
    expect(run.err).toBe('');
    expect([0, 3]).toContain(run.code);
  });

  test.each(Object.entries(bombs))('%s has its answer', (name, { answer }) => {
    const record = records.get(`b-${name}`);
    const codes = record?.findings.map(({ code }) => code) ?? [];
    expect([...codes, ...(record?.media ? ['seen'] : [])].filter((code) => answer.includes(code))).not.toEqual([]);
  });

  test('a mutated file is either looked at or says why not', () => {
    const silent = [...records.values()].filter(
      ({ file, media, findings }) => file.name.includes('/m-') && media === null && !findings.some(explains),
    );
    expect(silent.map(({ file }) => basename(file.name))).toEqual([]);
  });

  test('healthy files have the records that they have alone', async () => {
    const expected = recordsOf(await clearmirror(['screen', alone, '--json', '--jobs', '1']));
    expect(expected.length).toBe(healthy.length);
    for (const record of expected) {
      const name = `-healthy-${basename(record.file.name)}`;
      const copies = [...records.values()].filter(({ file }) => file.name.endsWith(name));
      expect(copies.length).toBe(6);
      for (const copy of copies)
        expect({ ...copy, file: { ...copy.file, name: '' } }).toEqual({
          ...record,
          file: { ...record.file, name: '' },
        });
    }
  });
});

test('a path that is too long to open is said to be so', async () => {
  const deep = mkdtempSync(join(folder, 'deep-'));
  // Made step by step from inside: as a whole the path is longer than the system takes.
  const script = `cd "$1"; n=$(printf 'x%.0s' $(seq 200)); for i in $(seq 25); do mkdir $n && cd -P $n; done; echo x > end`;
  execFileSync('bash', ['-c', script, 'bash', deep]);
  const run = await clearmirror(['screen', deep, '--json']);
  expect(recordsOf(run).map(({ findings }) => findings[0]?.params['reason'])).toEqual(['path-too-long']);
  expect([run.code, run.err]).toEqual([3, '']);
  execFileSync('rm', ['-rf', deep]);
});

test('a reader that closes early leaves no draft of the report', () => {
  const reports = mkdtempSync(join(folder, 'reports-'));
  const from = join(root, 'test/fixtures/labels-images');
  const command = '"$1" "$2/src/main.ts" screen "$3" --json --report "$4/report.html" | head -1';
  const line = execFileSync('bash', ['-c', command, 'bash', process.execPath, root, from, reports], {
    encoding: 'utf8',
  });
  expect(JSON.parse(line)).toMatchObject({ schema: 'clearmirror.screening/1' });
  expect(readdirSync(reports).filter((name) => name.endsWith('.part'))).toEqual([]);
});

function explains({ code }: ScreeningRecord['findings'][number]): boolean {
  return [
    'unknown-format',
    'empty-file',
    'not-decodable',
    'not-decoded-by-design',
    'too-many-pixels',
    'decode-time-limit',
    'unexaminable',
  ].includes(code);
}

/** A few mutations of each fixture of the labels; the parsers' own tests make hundreds. */
function mutate(): void {
  const random = seeded(20_210_318);
  for (const area of ['labels-images', 'labels-av']) {
    const from = join(root, 'test/fixtures', area);
    const names = readdirSync(from).filter((name) => !['.ts', '.config', '.md'].includes(extname(name)));
    for (const name of names) {
      // Sound and film cost a decoder's start each.
      for (let round = 0; round < (area === 'labels-images' ? 3 : 1); round += 1)
        writeFileSync(join(mixed, `m-${round}-${name}`), mutated(readFileSync(join(from, name)), random));
    }
  }
}

function mutated(original: Buffer, random: (below: number) => number): Buffer {
  let bytes = Buffer.from(original);
  for (let count = 1 + random(6); count > 0 && bytes.length > 8; count -= 1) {
    const at = random(random(2) === 0 ? bytes.length - 4 : Math.min(bytes.length - 4, 400));
    const length = random(200);
    switch (random(5)) {
      case 0:
        bytes[at] = random(256);
        break;
      case 1:
        bytes.writeUInt32BE([0xffffffff, 0x7fffffff, 0x30000000, 0, 1][random(5)] ?? 0, at);
        break;
      case 2:
        bytes.writeUInt32LE([0xffffffff, 0x7fffffff, 0x30000000, 0, 1][random(5)] ?? 0, at);
        break;
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
        break;
      default:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at, at + length), bytes.subarray(at)]);
    }
  }
  return bytes;
}

/** Mulberry32. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixedBits = Math.imul(state ^ (state >>> 15), state | 1);
    mixedBits ^= mixedBits + Math.imul(mixedBits ^ (mixedBits >>> 7), mixedBits | 61);
    return Math.floor((((mixedBits ^ (mixedBits >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

function png(width: number, height: number, colour: 'RGB' | 'grey', zeros: number, extra: Buffer[] = []): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = 8;
  head[9] = colour === 'RGB' ? 2 : 0;
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', head),
    ...extra,
    chunk('IDAT', zipped('', zeros)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function zipped(before: string, zeros: number): Buffer {
  return Buffer.concat([Buffer.from(before, 'latin1'), deflateSync(Buffer.alloc(zeros))]);
}

function gif(width: number, height: number): Buffer {
  const screen = Buffer.from('GIF89a\0\0\0\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\0\0\0\0\0\x02\x02D\x01\0;', 'latin1');
  for (const at of [6, 24]) {
    screen.writeUInt16LE(width, at);
    screen.writeUInt16LE(height, at + 2);
  }
  return screen;
}

/** An image file directory at byte 8 of a little-endian TIFF: tag, type, count, value. */
function tiff(entries: [number, number, number, number][], next: number): Buffer {
  const bytes = Buffer.alloc(14 + entries.length * 12);
  bytes.write('II*\0\x08', 0, 'latin1');
  bytes.writeUInt16LE(entries.length, 8);
  for (const [index, [tag, type, count, value]] of entries.entries()) {
    const at = 10 + index * 12;
    bytes.writeUInt16LE(tag, at);
    bytes.writeUInt16LE(type, at + 2);
    bytes.writeUInt32LE(count, at + 4);
    bytes.writeUInt32LE(value, at + 8);
  }
  bytes.writeUInt32LE(next, 10 + entries.length * 12);
  return bytes;
}

function circularTiff(): Buffer {
  return tiff(
    [
      [256, 4, 1, 60_000],
      [257, 4, 1, 60_000],
      [330, 4, 1, 8],
      [34_665, 4, 1, 8],
    ],
    8,
  );
}

function giantTiff(): Buffer {
  return tiff(
    [
      [256, 4, 1, 12_000],
      [257, 4, 1, 12_000],
      [258, 3, 1, 8],
      [259, 3, 1, 5],
      [262, 3, 1, 1],
      [273, 4, 0x40000000, 8],
      [278, 4, 1, 1],
      [279, 4, 0x40000000, 8],
    ],
    0,
  );
}

function svg(content: string, before = ''): Buffer {
  return Buffer.from(`${before}<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100">${content}</svg>`);
}

function laughs(): Buffer {
  const entities = Array.from({ length: 12 }, (_, index) => `<!ENTITY e${index + 1} "${`&e${index};`.repeat(10)}">`);
  return svg('<text>&e12;</text>', `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY e0 "ha">${entities.join('')}]>`);
}

function docx(spaces: number): Buffer {
  const types =
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>';
  return zip([
    ['[Content_Types].xml', Buffer.from(types)],
    ['word/document.xml', Buffer.from('<a/>')],
    ['docProps/custom.xml', Buffer.alloc(spaces, '<Properties>  ')],
  ]);
}

function zip(files: [string, Buffer][]): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, content] of files) {
    const packed = deflateRawSync(content);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\0', 'latin1'), common, tail, Buffer.from(name));
    bodies.push(Buffer.from('PK\x03\x04', 'latin1'), common, Buffer.from(name), packed);
    at += 30 + name.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...bodies, ...directory, end]);
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

function deepBoxes(): Buffer {
  const depth = 5_000;
  const heads = Array.from({ length: depth }, (_, index) => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE((depth - index) * 8);
    head.write(['moov', 'udta', 'trak', 'mdia'][index % 4] ?? '', 4, 'latin1');
    return head;
  });
  return Buffer.concat([fileType(), ...heads]);
}

/** An ID3v2.3 tag of one frame that declares `length` bytes. */
function greedyId3(length: number): Buffer {
  const frame = Buffer.from('TXXX\0\0\0\0\0\0\0a\0b', 'latin1');
  frame.writeUInt32BE(length, 4);
  return Buffer.concat([Buffer.from([0x49, 0x44, 0x33, 3, 0, 0, 0, 0, 0, frame.length]), frame]);
}
