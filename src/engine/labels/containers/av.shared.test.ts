import { closeSync, existsSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { counting } from '../../../../test/fixtures/labels-av/counting.ts';
import { bufferSource, descriptorSource } from '../../media/bytes.ts';
import { sniff } from '../../media/sniff.ts';
import type { Metadata } from '../metadata.ts';
import { readBmff, readHeif } from './bmff.ts';
import { readMp3 } from './id3.ts';
import { readAvi, readWav } from './riff.ts';

const data = '../shared/data';
type Reader = typeof readBmff;

/** What other people’s files hold: some entries as `location key=value`, and all findings. */
const table: [file: string, format: string, reader: Reader, some: string[], findings: string[]][] = [
  [
    'c2pa/c2pa-rs/c.mov',
    'mov',
    readBmff,
    ['bmff.moov.meta com.apple.quicktime.software=macOS 14.6.1 (23G93)', 'bmff.other hdlr=Core Media Video'],
    [],
  ],
  [
    'c2pa/c2pa-rs/video1.mp4',
    'mp4',
    readBmff,
    ['bmff.other hdlr=Mainconcept Video Media Handler', 'bmff.moov.udta.text ©TSC=30'],
    [],
  ],
  ['c2pa/c2pa-rs/video1_no_manifest.mp4', 'mp4', readBmff, ['bmff.moov.udta.text ©TIM=00:00:00:00'], []],
  ['c2pa/c2pa-rs/sample1.heif', 'heic', readHeif, [], []],
  ['c2pa/c2pa-rs/sample1.avif', 'avif', readHeif, [], []],
  ['c2pa/c2pa-rs/test.avi', 'avi', readAvi, ['avi.info ISFT=Lavf57.19.100'], []],
  ['c2pa/c2pa-rs/nested_moov_1000.mp4', 'mp4', readBmff, [], ['nested-too-deep']],
  ['c2pa/c2pa-rs/riff_bomb_1000.wav', 'wav', readWav, [], ['nested-too-deep']],
  ['c2pa/c2pa-rs/id3v23_compression_underflow.mp3', 'mp3', readMp3, [], ['bad-structure']],
  ['c2pa/c2pa-rs/sample3.invalid.wav', 'wav', readWav, [], ['truncated']],
];

describe.runIf(existsSync(data))('files of others', () => {
  it.each(table)('%s', (file, format, reader, some, findings) => {
    const fd = openSync(join(data, file), 'r');
    try {
      const source = counting(descriptorSource(fd));
      expect(sniff(source)?.format).toBe(format);
      const metadata = reader(source);
      expect(metadata.findings.map(({ code }) => code)).toEqual(findings);
      for (const text of some) expect(texts(metadata)).toContain(text);
      // Never the whole file: these hold up to a megabyte of media.
      expect(source.bytes).toBeLessThan(48 * 1024);
    } finally {
      closeSync(fd);
    }
  });

  it('reads the XMP of a movie and leaves its manifest store alone', () => {
    const { entries } = readBmff(bufferSource(readFileSync(join(data, 'c2pa/c2pa-rs/video1.mp4'))));
    const xmp = entries.filter(({ kind }) => kind === 'xmp');
    expect(xmp.map(({ place }) => place.location)).toEqual(['bmff.uuid.xmp']);
    expect(xmp[0]?.value).toContain('x:xmpmeta');
    expect(entries.every(({ value }) => !value.includes('c2pa.assertions'))).toBe(true);
  });

  it('sniffs speech as wav, and keys and schemas as nothing', () => {
    const formats = (folder: string) =>
      readdirSync(join(data, folder)).map(
        (name) => sniff(bufferSource(readFileSync(join(data, folder, name))))?.format,
      );
    expect(new Set(formats('speech'))).toEqual(new Set(['wav']));
    expect(new Set([...formats('trust'), ...formats('oscal')])).toEqual(new Set([undefined]));
  });
});

function texts({ entries }: Metadata): string[] {
  return entries.map(({ key, place, value }) => `${place.location} ${key}=${value}`);
}
