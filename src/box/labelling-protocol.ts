import type { ExplicitPlan, LabelMeasure } from '../contract/labelling.ts';
import type { Finding, MediaFormat, MediaKind, Signal } from '../contract/screening.ts';
import type { FollowedLabel, Treated } from '../contract/survival.ts';
import type { AigcFields } from '../engine/labels/aigc/compose.ts';
import type { LabelChange } from '../engine/labels/writing/change.ts';
import type { SigningAlgorithm } from '../engine/provenance/signing/algorithms.ts';
import type { StepAction } from '../engine/provenance/signing/manifest.ts';
import type { Setup } from './protocol.ts';

/*
 * What a labeller (labeller.ts, inside the box) and its workshop (workshop.ts, outside) say to each other, in the frames of
 * protocol.ts. One file is open at a time; each order has exactly one final answer, asks and progress come before it.
 */

/** The file to work on: its bytes follow, or it lies behind the descriptor the box was born with. */
export interface Open {
  type: 'open';
  input: 'payload' | 'descriptor';
  /** Folder for files too large to be sent, inside the box; null where there is none. */
  workFolder: string | null;
  /** What its name says, for plain text alone: nothing in the content of a page without front matter says that it is Markdown. */
  hint: 'markdown' | null;
}

/** Read labels and provenance; pictures are decoded only where an identifier is expected in them. */
export interface Inspect {
  type: 'inspect';
  identifier: boolean;
}

/** Make the new file, or tell how it is made from the old one. */
export interface Label {
  type: 'label';
  /** Null leaves the pixels and samples alone. */
  rendering: Rendering | null;
  /** Null leaves the metadata alone. */
  change: LabelChange | null;
  credentials: CredentialsOrder | null;
}

/** What is drawn, heard or hidden in the content itself. */
export interface Rendering {
  explicit: ExplicitPlan | null;
  /** 16 hex digits. */
  identifier: string | null;
}

/** What was rendered, as it came out. */
export interface Rendered {
  explicit: {
    kind: 'text' | 'eu-icon' | 'rhythm' | 'notice';
    text: string | null;
    heightRatio: number | null;
    position: string;
    fromMs: number | null;
    toMs: number | null;
  } | null;
  identifier: string | null;
  /** Codes of what could not be kept. */
  lost: string[];
}

/** A manifest to be signed: what it says, and with which certificate. The key is outside. */
export interface CredentialsOrder {
  /** Base64 of DER, the signer's first. */
  chain: string[];
  algorithm: SigningAlgorithm;
  /** Whether the signature gets an RFC 3161 time stamp. */
  timestamped: boolean;
  /** Length of such a token, where one is known. */
  tokenBytes: number | null;
  /** ISO 8601: the time of signing. */
  at: string;
  /** The program that makes the claim. */
  generator: { name: string; version: string };
  /** Who made the content: name and version of the generating system. */
  by: { name: string; version?: string };
  title: string | null;
  /** Full address of the kind of source. */
  sourceType: string;
  /** The file has a manifest, or another one is its parent: it was opened, not created. */
  opened: boolean;
  /** What was done to it here, as C2PA actions. */
  steps: { action: StepAction; description?: string; sourceType?: string }[];
  /** Named in the manifest when one is hidden in the picture. */
  identifier: string | null;
}

/** Run the open file through the treatments of its kind; needs a work folder. */
export interface Survive {
  type: 'survive';
}

/** What somebody outside the box did with an ask. */
export type Reply = { type: 'reply'; ask: number; bytes: string } | { type: 'reply'; ask: number; failed: string };

/** Measure the explicit label of the open file. */
export interface Measure {
  type: 'measure';
}

export type ToLabeller = Setup | Open | Inspect | Label | Survive | Measure | Reply;

/** One label as it is in the file: values whole, where signals show them shortened. */
export interface SeenLabel {
  /** Null where it could not be read as an object. */
  fields: AigcFields | null;
  path: string;
  location: string;
  /** Whether the label reader counts it as a label of the file (not superseded, not a quotation). */
  current: boolean;
  unknownFields: boolean;
}

export interface Inspection {
  type: 'inspection';
  bytes: number;
  format: MediaFormat | null;
  kind: MediaKind | null;
  mime: string | null;
  /** Whether this program can write a label into the container. */
  writable: boolean;
  labels: SeenLabel[];
  /** Signals of labels and provenance. */
  signals: Signal[];
  /** Whether there is a C2PA manifest; null when that cannot be told. */
  manifest: boolean | null;
  findings: Finding[];
}

/** The new file: stretches of the base and literal bytes, which follow the message one after another. */
export interface Labelled {
  type: 'labelled';
  /** `input`: the file that was opened. `made`: the file `made` in the work folder. */
  base: 'input' | 'made';
  pieces: ({ from: number; length: number } | { literal: number })[];
  /** Null where nothing was rendered. */
  rendered: Rendered | null;
  /** Name of the new manifest; null where nothing was signed. */
  manifest: string | null;
  /** Base64 of the manifest store where the container has no place for it; it belongs beside the file. */
  sidecar: string | null;
}

export interface Refused {
  type: 'refused';
  code: string;
  where: string;
}

/** Something that only the outside can do: private keys and the network are there. */
export interface Ask {
  type: 'ask';
  ask: number;
  what: 'sign' | 'timestamp';
  /** Base64. */
  bytes: string;
}

export type FromLabeller =
  | { type: 'ready'; tools: Record<string, string> }
  | Inspection
  | Labelled
  | Refused
  | Ask
  | { type: 'treated'; treated: Treated; of: number }
  | { type: 'measured'; measure: LabelMeasure }
  | { type: 'survived'; followed: FollowedLabel[]; tools: Record<string, string> }
  | { type: 'progress'; step: string; fraction: number };

/** Name in the work folder of a file that is the base of the new one. */
export const madeFile = 'made';
/** Literal bytes of one new file; what is larger goes through the work folder. */
export const maxLiteralBytes = 48 * 1024 * 1024;
export const maxPieces = 400_000;
