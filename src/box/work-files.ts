import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { MediaFormat } from '../contract/screening.ts';
import type { ByteSource } from '../engine/media/bytes.ts';

/** A copy of the open file in the box's work folder, under a name of ours: tools want paths, and judge by the ending. */
export function copyInto(workFolder: string, source: ByteSource, format: MediaFormat): string {
  const path = join(workFolder, `input.${endings[format] ?? format}`);
  const fd = openSync(path, 'wx', 0o600);
  try {
    for (let at = 0; at < source.size; ) {
      const bytes = source.read(at, stepBytes);
      if (bytes.length === 0) break;
      for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done, bytes.length - done);
      at += bytes.length;
    }
  } finally {
    closeSync(fd);
  }
  return path;
}

const stepBytes = 4 * 1024 * 1024;

/** Where the usual ending is not the format's own name. */
const endings: { readonly [format in MediaFormat]?: string } = {
  jpeg: 'jpg',
  tiff: 'tif',
  mpegts: 'ts',
  ooxml: 'docx',
  markdown: 'md',
};
