import type { Finding, Place } from '../../contract/screening.ts';

/**
 * One piece of descriptive metadata found in a container. Container readers (`containers/`) produce entries without judging them;
 * label, trace and XMP readers interpret them. So every container is walked once.
 */
export interface MetadataEntry {
  /** Name of the entry as the container writes it: `AIGC`, `parameters`, `Software`, `UserComment`, `TXXX:AIGC`, `©too`, `ISFT`. */
  key: string;
  /** `xmp`: value is a whole XMP packet. `text`: decoded text. `binary`: bytes that are not text, value is empty. */
  kind: 'text' | 'xmp' | 'binary';
  /** Decoded text, at most `maxValueCharacters`. */
  value: string;
  /** True when the value was cut to the limit. */
  cut: boolean;
  /** `location` and `path` are always given; `offset` and `length` are the bytes of the carrier in the file. */
  place: Place & { location: string; path: string };
}

export interface Metadata {
  entries: MetadataEntry[];
  /** What was wrong with the container, stage `labels`: `truncated`, `nested-too-deep`, `too-many-entries`, `value-too-long`, `bad-structure` … */
  findings: Finding[];
}

/** Limits against hostile containers. */
export const maxEntries = 5_000;
export const maxValueCharacters = 1024 * 1024;
export const maxDepth = 32;
/** Boxes, chunks, tags or elements walked in one file. */
export const maxNodes = 200_000;
