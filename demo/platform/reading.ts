import { open } from 'node:fs/promises';
import type { SeenLabel } from '../../src/box/labelling-protocol.ts';
import type { Signal } from '../../src/contract/screening.ts';
import { readMetadata } from '../../src/engine/labels/labels.ts';
import { readTraces } from '../../src/engine/labels/traces/traces.ts';
import { descriptorSource } from '../../src/engine/media/bytes.ts';
import type { LabellingTools } from '../../src/features/labelling/request.ts';
import { type Declared, declaredIn } from './credentials.ts';
import type { Accepted } from './intake.ts';
import { labellingLimits } from './labels.ts';

/** What an upload says of how it was made. */
export interface Reading {
  labels: SeenLabel[];
  signals: Signal[];
  /** A C2PA manifest, which any change would break. */
  manifest: boolean;
  /** What that manifest says, where it holds. */
  declared: Declared | null;
  /** A JPEG in whose EXIF data a camera names itself. */
  fromCamera: boolean;
}

export async function readUpload({ path, format }: Accepted, { workshop }: LabellingTools): Promise<Reading> {
  const handle = await open(path);
  try {
    const { size: bytes } = await handle.stat();
    const bench = await workshop.open({ fd: handle.fd, bytes, workFolder: null, limits: labellingLimits });
    try {
      const { labels, signals, manifest } = await bench.inspect();
      // The workshop reads labels and manifests; settings that generators leave behind are read here.
      const metadata = await readMetadata(descriptorSource(handle.fd), format);
      return {
        labels: labels.filter(({ current }) => current),
        signals: [...signals, ...readTraces(metadata, format)],
        manifest: manifest === true,
        declared: declaredIn(signals),
        fromCamera: format === 'jpeg' && metadata.entries.some(({ key }) => key === 'Make' || key === 'Model'),
      };
    } finally {
      bench.done();
    }
  } finally {
    await handle.close();
  }
}
