import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { MediaFormat } from '../../../contract/screening.ts';
import { bufferSource } from '../../media/bytes.ts';
import { readMetadata } from '../labels.ts';
import { readAigcLabels } from './aigc.ts';

const fixtures = new URL('../../../../test/fixtures/', import.meta.url);
const place = (judgement: string) =>
  judgement === 'place-not-named' ? [`GB-PLACE fail ${judgement}`] : [`GB-PLACE warn ${judgement}`];

/** Files of the container readers: the reader's words for keys and places must be the ones that are judged here. */
const files: [string, MediaFormat, string[]][] = [
  ['labels-images/png-text.png', 'png', []],
  ['labels-images/png-ztxt.png', 'png', []],
  ['labels-images/png-xmp.png', 'png', []],
  ['labels-images/jpeg-xmp.jpg', 'jpeg', []],
  ['labels-images/jpeg-xmp-attribute.jpg', 'jpeg', []],
  ['labels-images/jpeg-exif-comment.jpg', 'jpeg', []],
  ['labels-images/jpeg-exif-comment-unicode.jpg', 'jpeg', ['GB-M11 fail form-text-around']],
  ['labels-images/jpeg-comment.jpg', 'jpeg', ['GB-KEY fail not-under-its-key', ...place('place-not-named')]],
  ['labels-images/jpeg-app11-bare.jpg', 'jpeg', ['GB-M11 fail form-prefix-before-object', ...place('place-tolerated')]],
  ['labels-images/webp-xmp.webp', 'webp', []],
  ['labels-images/webp-exif.webp', 'webp', place('place-tolerated')],
  ['labels-images/tiff-xmp.tif', 'tiff', []],
  ['labels-images/gif-xmp.gif', 'gif', []],
  ['labels-images/gif-comment.gif', 'gif', ['GB-KEY fail not-under-its-key', ...place('place-not-named')]],
  ['labels-images/svg-xmp.svg', 'svg', place('container-not-covered')],
  ['labels-images/pdf-info.pdf', 'pdf', []],
  ['labels-images/docx-custom.docx', 'ooxml', []],
  ['labels-images/markdown-map.md', 'markdown', []],
  ['labels-images/markdown-json.md', 'markdown', []],
  ['labels-av/mdta.mp4', 'mp4', []],
  ['labels-av/mdta.mov', 'mov', []],
  ['labels-av/mdta.m4a', 'm4a', []],
  ['labels-av/keyless.mp4', 'mp4', place('place-tolerated')],
  ['labels-av/aigc-box.mp4', 'mp4', place('place-tolerated')],
  ['labels-av/track.mp4', 'mp4', place('place-not-named')],
  ['labels-av/tags.mkv', 'mkv', []],
  ['labels-av/tags.webm', 'webm', []],
  ['labels-av/label.avi', 'avi', []],
  ['labels-av/script.flv', 'flv', []],
  ['labels-av/aigc.wav', 'wav', []],
  ['labels-av/id3v23.mp3', 'mp3', []],
  ['labels-av/id3v24.mp3', 'mp3', []],
  ['labels-av/comment.flac', 'flac', []],
  ['labels-av/comment.ogg', 'ogg', []],
  ['labels-av/comment.opus', 'opus', []],
  ['labels-av/xmp.heic', 'heic', []],
  ['labels-av/xmp.avif', 'avif', []],
];

describe('labels in real files', () => {
  it.each(files)('%s', async (name, format, notPassed) => {
    const metadata = await readMetadata(bufferSource(readFileSync(new URL(name, fixtures))), format);
    const signals = readAigcLabels(metadata, format);
    expect(signals.map(({ claim, strength }) => [claim, strength])).toEqual([['ai-generated', 'declared']]);
    const failed = signals.flatMap(({ checks }) => checks.filter(({ outcome }) => outcome !== 'pass'));
    expect(failed.map(({ id, outcome, code }) => `${id} ${outcome} ${code}`).sort()).toEqual([...notPassed].sort());
  });

  it.each([
    ['traces/sd-webui.png', 'png'],
    ['traces/comfyui.png', 'png'],
    ['labels-av/plain.mp4', 'mp4'],
    ['labels-av/bare.mp3', 'mp3'],
  ] as const)('none in %s', async (name, format) => {
    const metadata = await readMetadata(bufferSource(readFileSync(new URL(name, fixtures))), format);
    expect(readAigcLabels(metadata, format)).toEqual([]);
  });
});
