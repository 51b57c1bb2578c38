import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Container,
  damageAndWrite,
  digitalSourceType,
  expectAnyLabel,
  framesOf,
  label,
  labelsOf,
  longLabel,
  oldLabel,
  oneLabel,
  otherTags,
  pixelsOf,
  tagsOf,
  viaExiftool,
  written,
} from '../../../../test/labelled-pictures.ts';
import { readGif } from '../containers/gif.ts';
import { LabelRefusal } from './change.ts';
import { writeGif } from './gif.ts';

const container: Container = { format: 'gif', extension: 'gif', writer: writeGif, reader: readGif };
const fixture = (name: string) =>
  readFileSync(join(import.meta.dirname, '../../../../test/fixtures/labels-images', name));
const write = (bytes: Uint8Array, aigc: string | null = label) => written(writeGif, bytes, { aigc, digitalSourceType });
const files: Record<string, Buffer> = {};

beforeAll(async () => {
  const plain = await sharp({ create: { width: 61, height: 43, channels: 3, background: '#a08060' } })
    .gif()
    .toBuffer();
  files['still'] = plain;
  files['of 1987'] = of1987();
  files['transparent'] = await sharp({ create: { width: 9, height: 7, channels: 4, background: '#f0808000' } })
    .gif()
    .toBuffer();
  files['animated'] = execFileSync(
    'ffmpeg',
    '-v error -f lavfi -i testsrc=size=64x48:rate=5:duration=1 -f gif -'.split(' '),
  );
  files['other xmp'] = viaExiftool(files['animated'], ['-XMP-dc:Title=Lake', '-XMP-dc:Creator=Somebody']);
  files['comment'] = viaExiftool(plain, ['-Comment=A lake in spring']);
});

describe('a label in a GIF', () => {
  it('is read by exiftool and by our reader; pixels, frames and all other metadata stay', async () => {
    const before = Object.values(files);
    const after = before.map((bytes) => write(bytes));
    const [told, tells] = [tagsOf('gif', before), tagsOf('gif', after)];
    for (const [index, name] of Object.keys(files).entries()) {
      const [one, other] = [before[index] as Buffer, after[index] as Buffer];
      expect(labelsOf(container, other), name).toEqual(oneLabel());
      expect(tells[index]?.['XMP-TC260:Aigc'], name).toBe(label);
      expect(tells[index]?.['XMP-iptcExt:DigitalSourceType'], name).toBe(digitalSourceType);
      expect(otherTags(tells[index] ?? {}, /GIFVersion/), name).toEqual(otherTags(told[index] ?? {}, /GIFVersion/));
      expect(tells[index]?.['GIF:GIFVersion'], name).toBe('89a');
      expect(await pixelsOf(other), name).toEqual(await pixelsOf(one));
      expect(framesOf('gif', other), name).toBe(framesOf('gif', one));
      expect(write(other), name).toEqual(other);
    }
  });

  it('takes the place of every older one', () => {
    for (const name of ['xmp', 'comment', 'xmp-sub-blocks']) {
      const bytes = fixture(`gif-${name}.gif`);
      expect(labelsOf(container, bytes), name).toHaveLength(1);
      expect(labelsOf(container, write(bytes)), name).toEqual(oneLabel());
      expect(labelsOf(container, write(bytes, null)), name).toEqual([]);
    }
    const still = files['still'] as Buffer;
    const bytes = withExtensions(still, [
      extension(0xfe, `A lake in spring ${oldLabel} and more`),
      extension(0xfe, 'They write {"AIGC":{"Label":"1"}} into files'),
      extension(0xfe, oldLabel),
      extension(0xff, `\x0bABCDEFGH1.0${block(oldLabel)}`, 'raw'),
      extension(0xff, `\x0bABCDEFGH1.0${block(`\xff\xd8\x80${oldLabel}\x80`)}`, 'raw'),
    ]);
    const after = write(bytes);
    expect(labelsOf(container, after)).toEqual(oneLabel());
    const text = after.toString('latin1');
    expect(text.includes('A lake in spring ')).toBe(true);
    expect(text.includes('They write {"AIGC":{"Label":"1"}} into files')).toBe(true);
    expect(text.split('ABCDEFGH')).toHaveLength(2);
    expect(text.includes('"older"')).toBe(false);
    expect(written(writeGif, withExtensions(still, [extension(0xfe, oldLabel)]), { aigc: null })).toEqual(still);
  });

  it('is written again without growth, and leaves nothing behind when it goes', () => {
    const plain = files['animated'] as Buffer;
    expect(write(write(plain, longLabel))).toEqual(write(plain));
    expect(written(writeGif, write(plain), { aigc: null, digitalSourceType: null })).toEqual(plain);
    expect(written(writeGif, plain, { aigc: null })).toEqual(plain);
  });

  it('stands behind the number of loops and before the first picture', () => {
    const after = write(files['animated'] as Buffer).toString('latin1');
    const places = ['NETSCAPE2.0', 'XMP DataXMP', '\x21\xf9\x04'].map((text) => after.indexOf(text));
    expect(places.every((at) => at > 0)).toBe(true);
    expect(places.toSorted((a, b) => a - b)).toEqual(places);
  });

  it('is refused where the blocks break off', () => {
    const file = files['animated'] as Buffer;
    for (const end of [5, 13, 200, file.length - 1]) expect(() => write(file.subarray(0, end))).toThrow(LabelRefusal);
  });

  it('holds any value the standard allows', () => {
    expectAnyLabel(container, files['still'] as Buffer, (found, wanted) => expect(found).toEqual(wanted));
  });

  it('is refused, or right, in a damaged file', () => {
    const check = (found: unknown, wanted: unknown) => expect(found).toEqual(wanted);
    for (const bytes of [write(files['other xmp'] as Buffer), fixture('gif-comment.gif')]) {
      const reach = Math.min(bytes.length, 3000);
      expect(damageAndWrite(container, bytes, check, { reach })).toBeGreaterThan(5);
    }
  });
});

/** Two colours, four pixels, no extension. */
function of1987(): Buffer {
  const head = [...Buffer.from('GIF87a'), 2, 0, 2, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255];
  return Buffer.from([...head, 0x2c, 0, 0, 0, 0, 2, 0, 2, 0, 0, 2, 3, 0x44, 0x02, 0x05, 0, 0x3b]);
}

function block(text: string): string {
  return text.replace(/.{1,200}/gs, (part) => String.fromCharCode(part.length) + part);
}

function extension(labelByte: number, text: string, kind: 'blocks' | 'raw' = 'blocks'): Buffer {
  const body = kind === 'raw' ? text : block(text);
  return Buffer.concat([Buffer.from([0x21, labelByte]), Buffer.from(body, 'latin1'), Buffer.from([0])]);
}

/** The extensions in front of the end. */
function withExtensions(gif: Buffer, extensions: readonly Buffer[]): Buffer {
  return Buffer.concat([gif.subarray(0, -1), ...extensions, gif.subarray(-1)]);
}
