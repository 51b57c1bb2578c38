import type { ByteSource } from '../../media/bytes.ts';
import type { Metadata } from '../metadata.ts';
import { collect } from './collect.ts';
import { collectExif } from './exif.ts';

/**
 * Reads the XMP packet (tag 700, `tiff.xmp`) and all text tags (`tiff.exif`) of every directory and sub-directory of a TIFF or BigTIFF,
 * IPTC and Photoshop blocks included. Cyclic and endless chains end by themselves. Never throws.
 * Sources: TIFF 6.0; the BigTIFF proposal of libtiff; XMP specification part 3, 1.1.4.
 */
export function readTiff(source: ByteSource): Metadata {
  const collector = collect(source.size);
  const block = { start: 0, length: source.size, location: 'tiff.exif', xmpLocation: 'tiff.xmp', path: '' };
  collectExif(collector, source, block);
  return collector.metadata;
}
