import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { counting } from '../../../../test/fixtures/labels-av/counting.ts';
import { label } from '../../../../test/fixtures/labels-av/labels.ts';
import type { MediaFormat, MediaKind } from '../../../contract/screening.ts';
import { type ByteSource, bufferSource } from '../../media/bytes.ts';
import { sniff } from '../../media/sniff.ts';
import { type Metadata, maxEntries, maxValueCharacters } from '../metadata.ts';
import { readBmff, readHeif } from './bmff.ts';
import { readFlac } from './flac.ts';
import { readFlv } from './flv.ts';
import { readAac, readMp3 } from './id3.ts';
import { readMatroska } from './matroska.ts';
import { readMpegts } from './mpegts.ts';
import { readOgg } from './ogg.ts';
import { readAvi, readWav } from './riff.ts';

const folder = 'test/fixtures/labels-av';
const readers: { [format in MediaFormat]?: (source: ByteSource) => Metadata } = {
  mp4: readBmff,
  mov: readBmff,
  m4v: readBmff,
  m4a: readBmff,
  heic: readHeif,
  avif: readHeif,
  mkv: readMatroska,
  webm: readMatroska,
  avi: readAvi,
  flv: readFlv,
  mpegts: readMpegts,
  wav: readWav,
  mp3: readMp3,
  aac: readAac,
  flac: readFlac,
  ogg: readOgg,
  opus: readOgg,
};

type Row = [
  file: string,
  format: MediaFormat,
  kind: MediaKind,
  mime: string,
  /** Every entry whose value is the label, or XMP that holds it: `location key`. */
  labels: string[],
  /** Some of the other entries: `location key=value`. */
  others?: string[],
];

const mp4 = 'video/mp4';
const mdta = 'bmff.moov.udta.meta.mdta';
const mdir = 'bmff.moov.udta.meta.mdir';
const id3Title = 'id3.frame TIT2=Clearmirror test';
const lavf = 'Lavf59.27.100';

const table: Row[] = [
  ['plain.mp4', 'mp4', 'video', mp4, [], [`${mdir} ©too=${lavf}`, 'bmff.other compressorname=Lavc59.37.100 libx264']],
  ['mdta.mp4', 'mp4', 'video', mp4, [`${mdta} AIGC`], [`${mdta} encoder=${lavf}`]],
  ['mdta.mov', 'mov', 'video', 'video/quicktime', [`${mdta} AIGC`], [`${mdta} title=Clearmirror test`]],
  ['mdta.m4v', 'm4v', 'video', mp4, [`${mdta} AIGC`]],
  ['mdta.m4a', 'm4a', 'audio', 'audio/mp4', [`${mdta} AIGC`], ['bmff.other hdlr=SoundHandler']],
  // Without use_metadata_tags ffmpeg drops the label and says nothing.
  ['sound.mp4', 'mp4', 'audio', 'audio/mp4', [], [`${mdir} ©nam=Clearmirror test`]],
  ['itunes.m4a', 'm4a', 'audio', 'audio/mp4', [], [`${mdir} ©cmt=made for a test`]],
  ['freeform.m4a', 'm4a', 'audio', 'audio/mp4', [`${mdir} ----:com.apple.iTunes:AIGC`]],
  ['fragmented.mp4', 'mp4', 'video', mp4, [`${mdta} AIGC`]],
  ['aigc-box.mp4', 'mp4', 'video', mp4, ['bmff.aigc aigc']],
  ['moov-meta.mov', 'mov', 'video', 'video/quicktime', ['bmff.moov.meta AIGC']],
  ['keyless.mp4', 'mp4', 'video', mp4, ['bmff.moov.udta.meta.keyless AIGC']],
  ['text.mov', 'mov', 'video', 'video/quicktime', ['bmff.moov.udta.text ©cmt'], ['bmff.moov.udta.text ©swr=明鉴']],
  ['track.mp4', 'mp4', 'video', mp4, ['bmff.trak AIGC']],
  ['two-movies.mp4', 'mp4', 'video', mp4, [`${mdta} AIGC`]],
  ['file-meta.mp4', 'mp4', 'video', mp4, ['bmff.meta XMP']],
  ['long-sizes.mp4', 'mp4', 'video', mp4, ['bmff.uuid.xmp XMP']],
  ['xmp.mp4', 'mp4', 'video', mp4, ['bmff.uuid.xmp XMP']],
  ['xmp.mov', 'mov', 'video', 'video/quicktime', [`${mdta} AIGC`, 'bmff.uuid.xmp XMP']],
  [
    'lists.mp4',
    'mp4',
    'video',
    mp4,
    ['bmff.moov.meta com.apple.quicktime.AIGC'],
    [`${mdir} ©cmt=from the list`, 'bmff.moov.udta.text ©cmt=from user data'],
  ],
  ['plain.heic', 'heic', 'image', 'image/heic', []],
  ['xmp.heic', 'heic', 'image', 'image/heic', ['heif.xmp XMP'], ['heif.exif Software=Clearmirror test']],
  ['plain.avif', 'avif', 'image', 'image/avif', []],
  ['xmp.avif', 'avif', 'image', 'image/avif', ['heif.xmp XMP'], ['heif.exif UserComment=made for a test']],
  [
    'tags.mkv',
    'mkv',
    'video',
    'video/x-matroska',
    ['matroska.tags AIGC'],
    [`matroska.info MuxingApp=${lavf}`, 'matroska.info Title=Clearmirror test', `matroska.tags ENCODER=${lavf}`],
  ],
  ['sound.mka', 'mkv', 'audio', 'audio/x-matroska', ['matroska.tags AIGC'], [`matroska.info WritingApp=${lavf}`]],
  ['tags.webm', 'webm', 'video', 'video/webm', ['matroska.tags AIGC']],
  ['live.webm', 'webm', 'video', 'video/webm', ['matroska.tags AIGC']],
  ['script.flv', 'flv', 'video', 'video/x-flv', ['flv.onmetadata AIGC'], [`flv.onmetadata encoder=${lavf}`]],
  ['strings.flv', 'flv', 'video', 'video/x-flv', ['flv.onmetadata AIGC']],
  [
    'object.flv',
    'flv',
    'video',
    'video/x-flv',
    ['flv.xmp XMP'],
    ['flv.onmetadata AIGC={"Label":"1","ContentProducer":"001191990000MA0000000810001"}'],
  ],
  ['info.avi', 'avi', 'video', 'video/x-msvideo', [], [`avi.info ISFT=${lavf}`, 'avi.info INAM=Clearmirror test']],
  ['label.avi', 'avi', 'video', 'video/x-msvideo', ['avi.info AIGC']],
  ['xmp.avi', 'avi', 'video', 'video/x-msvideo', ['avi.xmp XMP']],
  ['packets.mpegts', 'mpegts', 'video', 'video/mp2t', []],
  ['sound.mpegts', 'mpegts', 'audio', 'video/mp2t', []],
  ['packets.m2ts', 'mpegts', 'video', 'video/mp2t', []],
  ['aigc.wav', 'wav', 'audio', 'audio/wav', ['wav.aigc AIGC']],
  ['xmp.wav', 'wav', 'audio', 'audio/wav', ['wav.xmp XMP', 'wav.id3 TXXX:AIGC'], ['wav.info ISFT=Clearmirror']],
  ['bext.wav', 'wav', 'audio', 'audio/wav', [], ['wav.bext Description=test tone', 'wav.bext Originator=Clearmirror']],
  ['long.wav', 'wav', 'audio', 'audio/wav', [], ['wav.info ICMT=made for a test']],
  ['sony.w64', 'wav', 'audio', 'audio/wav', []],
  ['id3v24.mp3', 'mp3', 'audio', 'audio/mpeg', ['id3.txxx TXXX:AIGC'], [id3Title, 'mp3.xing LAME=Lavc59.37']],
  [
    'id3v23.mp3',
    'mp3',
    'audio',
    'audio/mpeg',
    ['id3.txxx TXXX:AIGC'],
    ['id3.frame TPE1=Müller', 'id3.v1 artist=Müller'],
  ],
  ['id3v22.mp3', 'mp3', 'audio', 'audio/mpeg', ['id3.txxx TXXX:AIGC'], ['id3.frame TSSE=Clearmirror']],
  ['unsynchronised.mp3', 'mp3', 'audio', 'audio/mpeg', ['id3.txxx TXXX:AIGC']],
  ['compressed.mp3', 'mp3', 'audio', 'audio/mpeg', ['id3.txxx TXXX:AIGC']],
  [
    'frames.mp3',
    'mp3',
    'audio',
    'audio/mpeg',
    ['id3.txxx TXXX:AIGC', 'id3.priv XMP'],
    ['id3.frame COMM:Kommentar=gemacht für einen Test', 'id3.frame GEOB:my notes='],
  ],
  [
    'appended.mp3',
    'mp3',
    'audio',
    'audio/mpeg',
    ['ape.tag AIGC', 'id3.txxx TXXX:AIGC'],
    ['id3.v1 title=A title', 'ape.tag Comment=made for a test'],
  ],
  ['bare.mp3', 'mp3', 'audio', 'audio/mpeg', []],
  ['junk.mp3', 'mp3', 'audio', 'audio/mpeg', []],
  ['layer-two.mp2', 'mp3', 'audio', 'audio/mpeg', []],
  ['tagged.aac', 'aac', 'audio', 'audio/aac', ['id3.txxx TXXX:AIGC', 'ape.tag AIGC']],
  ['bare.aac', 'aac', 'audio', 'audio/aac', []],
  [
    'comment.flac',
    'flac',
    'audio',
    'audio/flac',
    ['flac.vorbis-comment AIGC'],
    [`flac.vorbis-comment ENCODER=${lavf}`, `flac.vorbis-comment vendor=${lavf}`],
  ],
  ['comment.ogg', 'ogg', 'audio', 'audio/ogg', ['ogg.vorbis-comment AIGC'], [`ogg.vorbis-comment vendor=${lavf}`]],
  ['flac-in.ogg', 'ogg', 'audio', 'audio/ogg', ['ogg.vorbis-comment AIGC']],
  ['comment.opus', 'opus', 'audio', 'audio/ogg', ['ogg.vorbis-comment AIGC']],
  ['comment.ogv', 'ogg', 'video', 'video/ogg', ['ogg.vorbis-comment AIGC', 'ogg.vorbis-comment AIGC']],
];

describe('audio and video fixtures', () => {
  it.each(table)('%s is %s (%s)', (file, format, kind, mime) => {
    expect(sniff(sourceOf(file))).toEqual({ format, kind, mime });
  });

  it.each(table)('%s gives up its labels', (file, format, _kind, _mime, labels, others = []) => {
    const { entries, findings } = read(format, sourceOf(file));
    const carriers = entries.filter(
      ({ value }) => value.includes(label) || value.includes(label.replaceAll('"', '&quot;')),
    );
    expect(carriers.map(({ place, key }) => `${place.location} ${key}`)).toEqual(labels);
    const texts = entries.map(({ place, key, value }) => `${place.location} ${key}=${value}`);
    for (const other of others) expect(texts).toContain(other);
    expect(findings).toEqual([]);
  });

  it.each(table)('%s says where each entry lies', (file, format) => {
    const source = sourceOf(file);
    for (const { place } of read(format, source).entries) {
      expect(place.offset ?? -1).toBeGreaterThanOrEqual(0);
      expect((place.offset ?? 0) + (place.length ?? 0)).toBeLessThanOrEqual(source.size);
    }
  });

  it('covers every media file of the folder', () => {
    const media = readdirSync(folder).filter((name) => !/\.(ts|md|config)$/.test(name));
    expect(table.map(([file]) => file).sort()).toEqual(media.sort());
  });
});

describe('mutated fixtures', () => {
  it.each(table)('%s never breaks its reader', (file, format) => {
    const original = readFileSync(join(folder, file));
    const random = seeded(file);
    for (let round = 0; round < 60; round++) {
      const source = counting(bufferSource(mutated(original, random)));
      sniff(source);
      const { entries, findings } = read(format, source);
      expect(entries.length).toBeLessThanOrEqual(maxEntries);
      expect(findings.length).toBeLessThanOrEqual(100);
      expect(source.bytes).toBeLessThan(64 * 1024 * 1024);
      for (const { place, value } of entries) {
        expect(value.length).toBeLessThanOrEqual(maxValueCharacters);
        expect((place.offset ?? 0) + (place.length ?? 0)).toBeLessThanOrEqual(source.size);
      }
    }
  });

  it.each(table)('%s given to every other reader does no harm', (file) => {
    for (const reader of new Set(Object.values(readers))) {
      expect(reader(counting(sourceOf(file))).entries.length).toBeLessThanOrEqual(maxEntries);
    }
  });
});

function sourceOf(file: string): ByteSource {
  return bufferSource(readFileSync(join(folder, file)));
}

function read(format: MediaFormat, source: ByteSource): Metadata {
  const reader = readers[format];
  if (!reader) throw new Error(`no reader for ${format}`);
  return reader(source);
}

/** Flipped bits, sizes blown up, pieces cut out, doubled or cut off: what broken disks and patient attackers do. */
function mutated(original: Uint8Array, random: (below: number) => number): Uint8Array {
  const bytes = Buffer.from(original);
  const edits = 1 + random(6);
  let result: Uint8Array = bytes;
  for (let edit = 0; edit < edits; edit++) {
    const at = random(bytes.length);
    const kind = random(6);
    if (kind === 0) bytes[at] = random(256);
    else if (kind === 1) bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
    else if (kind === 2) bytes.fill(random(2) === 0 ? 0xff : 0x7f, at, Math.min(bytes.length, at + 4));
    else if (kind === 3) bytes.fill(0, at, Math.min(bytes.length, at + 4));
    else if (kind === 4) bytes.copy(bytes, at, random(bytes.length), random(bytes.length));
    else result = bytes.subarray(0, at);
  }
  return result;
}

/** mulberry32, seeded by a name; integers below a bound. */
function seeded(name: string): (below: number) => number {
  let state = [...name].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) | 0, 7);
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
