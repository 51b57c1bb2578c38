/** What the metadata of a file shall say when a writer is done with it. */
export interface LabelChange {
  /**
   * Text of the one AIGC label the file shall hold, the JSON object as GB 45438-2025 Annex E wants it, ASCII only:
   * `{"Label":"1","ContentProducer":"…",…}`. Null: no label. Every label that was there before goes either way (6.1 c).
   */
  aigc: string | null;
  /**
   * Full IPTC address for `Iptc4xmpExt:DigitalSourceType`, in an XMP packet where the container has a place for one.
   * Null: none shall be there. Undefined: what is there stays.
   */
  digitalSourceType?: string | null | undefined;
}

export type LabelRefusalCode =
  /** The container is damaged where the label belongs; writing would have to guess. */
  | 'container-damaged'
  /** A form of the container that has no place for a label, or that this program does not rewrite. */
  | 'container-variant'
  /** The bytes are encrypted where the label belongs. */
  | 'container-encrypted'
  /** The place for the label has a size limit and something else fills it. */
  | 'no-room'
  /** The file must be read in ways that its size forbids. */
  | 'container-too-large';

/** The writer cannot do it for this file, and left it alone. `where` is a place in the container, as readers write it. */
export class LabelRefusal extends Error {
  readonly code: LabelRefusalCode;
  readonly where: string;

  constructor(code: LabelRefusalCode, where: string) {
    super(`${code} at ${where}`);
    this.code = code;
    this.where = where;
  }
}
