import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import type { MediaFormat } from '../contract/screening.ts';
import { isCurrentLabel, readAigcLabels } from '../engine/labels/aigc/aigc.ts';
import { fieldsOf } from '../engine/labels/aigc/compose.ts';
import { findLabels } from '../engine/labels/aigc/find.ts';
import { readIptc } from '../engine/labels/iptc.ts';
import { readMetadata } from '../engine/labels/labels.ts';
import type { Metadata } from '../engine/labels/metadata.ts';
import { LabelRefusal } from '../engine/labels/writing/change.ts';
import { type Piece, piecesOf } from '../engine/labels/writing/pieces.ts';
import { writerFor } from '../engine/labels/writing/writers.ts';
import { readXmpFindings } from '../engine/labels/xmp.ts';
import { type ByteSource, bufferSource, descriptorSource } from '../engine/media/bytes.ts';
import { sniff } from '../engine/media/sniff.ts';
import type { Sniffed } from '../engine/media/sniffed.ts';
import type { ProvenanceReader, ProvenanceResult } from '../engine/provenance/provenance.ts';
import {
  type FromLabeller,
  type Inspection,
  type Label,
  maxLiteralBytes,
  type SeenLabel,
  type ToLabeller,
} from './labelling-protocol.ts';
import { takeOwnFile } from './own-file.ts';
import { readMessages, type Setup, writeMessage } from './protocol.ts';

/**
 * Runs inside the glass box: reads what labels a file has, and tells how a file with a new one is made of it. Writes nothing itself
 * but into its work folder; keys and the network are outside.
 */
const answers = new Socket({ fd: 3, readable: false, writable: true });
const fileDescriptor = takeOwnFile();

interface OpenFile {
  source: ByteSource;
  sniffed: Sniffed | null;
  workFolder: string | null;
}

let setup: Setup | null = null;
let file: OpenFile | null = null;
let provenance: Promise<ProvenanceReader> | null = null;

for await (const { message, payload } of readMessages(process.stdin)) {
  // Orders come from our own parent process; only answers are foreign (see workshop.ts).
  const order = message as ToLabeller;
  if (order.type === 'setup') {
    setup = order;
    send({ type: 'ready', tools: toolVersions() });
  } else if (order.type === 'open') {
    const source = order.input === 'payload' ? bufferSource(payload) : descriptorSource(fileDescriptor, failed);
    file = { source, sniffed: sniff(source), workFolder: order.workFolder };
  } else if (order.type === 'inspect' && file && setup) send(await inspect(file, setup));
  else if (order.type === 'label' && file) await label(file, order);
  else if (order.type === 'survive' && file && setup) await survive(file, setup);
}

function send(message: FromLabeller, payload?: Uint8Array): void {
  writeMessage(answers, message, payload);
}

/** Without the file nothing can be said: the box ends, and the outside tells why. */
function failed(code: string): never {
  throw new Error(`the file could not be read: ${code}`);
}

async function inspect({ source, sniffed }: OpenFile, known: Setup): Promise<Inspection> {
  const base = { type: 'inspection', bytes: source.size } as const;
  if (!sniffed) {
    const finding = { code: source.size === 0 ? 'empty-file' : 'unknown-format', severity: 'warning' } as const;
    return {
      ...base,
      ...{ format: null, kind: null, mime: null, writable: false, labels: [], signals: [], manifest: false },
      findings: [{ ...finding, stage: 'sniff', params: {} }],
    };
  }
  const { format, kind, mime } = sniffed;
  const metadata = await readMetadata(source, format);
  const found = await readManifest(source, sniffed, known);
  return {
    ...base,
    ...{ format, kind, mime },
    writable: (await writerFor(format)) !== null,
    labels: seenLabels(metadata),
    signals: [
      ...readAigcLabels(metadata, format, { pinnedKeys: known.pinnedKeys }),
      ...readIptc(metadata),
      ...found.signals,
    ],
    manifest: found.present,
    findings: [...metadata.findings, ...readXmpFindings(metadata), ...found.findings],
  };
}

function seenLabels(metadata: Metadata): SeenLabel[] {
  return findLabels(metadata).map((label) => ({
    fields: label.reading.status === 'read' ? fieldsOf(label.reading.object) : null,
    path: label.entry.place.path.slice(0, 500),
    location: label.entry.place.location.slice(0, 200),
    current: isCurrentLabel(label),
    unknownFields: label.reading.status === 'read' && label.reading.object.unknown.length > 0,
  }));
}

async function readManifest(
  source: ByteSource,
  { format, mime }: Sniffed,
  { trust }: Setup,
): Promise<ProvenanceResult> {
  provenance ??= openReader();
  return (await provenance).read({ source, format, mime, trust });
}

async function openReader(): Promise<ProvenanceReader> {
  const { openProvenance } = await import('../engine/provenance/provenance.ts');
  return openProvenance(readFileSync(packageFile('@contentauth/c2pa-wasm', 'pkg/c2pa_bg.wasm')));
}

async function label(open: OpenFile, order: Label): Promise<void> {
  try {
    if (!open.sniffed) throw new LabelRefusal('container-variant', 'file');
    const pieces = await edition(open.source, open.sniffed.format, order);
    deliver(pieces);
  } catch (error) {
    if (!(error instanceof LabelRefusal)) throw error;
    send({ type: 'refused', code: error.code, where: error.where.slice(0, 500) });
  }
}

async function edition(source: ByteSource, format: MediaFormat, { change }: Label): Promise<Piece[]> {
  const write = await writerFor(format);
  if (!write) throw new LabelRefusal('container-variant', format);
  return piecesOf(source.size, write(source, change));
}

function deliver(pieces: readonly Piece[]): void {
  const literals = pieces.flatMap((piece) => ('bytes' in piece ? [piece.bytes] : []));
  const literalBytes = literals.reduce((sum, { length }) => sum + length, 0);
  if (literalBytes > maxLiteralBytes) throw new LabelRefusal('container-too-large', 'metadata');
  send(
    {
      type: 'labelled',
      base: 'input',
      pieces: pieces.map((piece) =>
        'bytes' in piece ? { literal: piece.bytes.length } : { from: piece.from, length: piece.length },
      ),
    },
    Buffer.concat(literals),
  );
}

async function survive({ source, sniffed, workFolder }: OpenFile, known: Setup): Promise<void> {
  if (!sniffed || workFolder === null) {
    send({ type: 'refused', code: 'container-variant', where: 'file' });
    return;
  }
  const [{ measureSurvival, survivalTools }, { copyInto }] = await Promise.all([
    import('../engine/labels/survival/survival.ts'),
    import('./work-files.ts'),
  ]);
  const followed = await measureSurvival({
    path: copyInto(workFolder, source, sniffed.format),
    sniffed,
    workFolder,
    readOthers: async (read) => {
      const { present, signals } = await readManifest(read.source, read.sniffed, known);
      const holds = signals.some(({ params }) => params['trust'] === 'trusted' || params['trust'] === 'unlisted');
      return { manifest: holds ? 'holds' : present ? 'broken' : 'none', watermark: null };
    },
    onTreated: (treated, of) => send({ type: 'treated', treated, of }),
  });
  send({ type: 'survived', followed, tools: await survivalTools() });
}

function toolVersions(): Record<string, string> {
  const names = ['@contentauth/c2pa-wasm', 'sharp'];
  return Object.fromEntries(
    names.map((name) => {
      const { version } = JSON.parse(readFileSync(packageFile(name, 'package.json'), 'utf8')) as { version: string };
      return [name, version];
    }),
  );
}

function packageFile(name: string, path: string): URL {
  return new URL(`../../node_modules/${name}/${path}`, import.meta.url);
}
