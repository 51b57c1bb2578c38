import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import type { MediaFormat, Signal } from '../contract/screening.ts';
import { isCurrentLabel, readAigcLabels } from '../engine/labels/aigc/aigc.ts';
import { fieldsOf } from '../engine/labels/aigc/compose.ts';
import { findLabels } from '../engine/labels/aigc/find.ts';
import { textOrNull } from '../engine/labels/containers/decode-text.ts';
import { readIptc } from '../engine/labels/iptc.ts';
import { readMetadata } from '../engine/labels/labels.ts';
import type { Metadata } from '../engine/labels/metadata.ts';
import { identifierAlgorithm, identifierBytes } from '../engine/labels/watermarks/identifier/soft-binding.ts';
import { type LabelChange, LabelRefusal } from '../engine/labels/writing/change.ts';
import { composed, type Piece, pieceSource, piecesOf } from '../engine/labels/writing/pieces.ts';
import { writerFor } from '../engine/labels/writing/writers.ts';
import { readXmpFindings } from '../engine/labels/xmp.ts';
import { type ByteSource, bufferSource, descriptorSource } from '../engine/media/bytes.ts';
import { sniff } from '../engine/media/sniff.ts';
import { document, type Sniffed } from '../engine/media/sniffed.ts';
import type { ProvenanceReader, ProvenanceResult } from '../engine/provenance/provenance.ts';
import type { ManifestContent, Watermark } from '../engine/provenance/signing/manifest.ts';
import type { Signing } from '../engine/provenance/signing/seal.ts';
import type { ManifestSigner } from '../engine/provenance/signing/sign.ts';
import {
  type Ask,
  type CredentialsOrder,
  type FromLabeller,
  type Inspection,
  type Label,
  type Labelled,
  maxLiteralBytes,
  type Rendered,
  type Reply,
  type SeenLabel,
  type ToLabeller,
} from './labelling-protocol.ts';
import { takeOwnFile } from './own-file.ts';
import { readMessages, type Setup, writeMessage } from './protocol.ts';
import { RenderRefusal } from './refusals.ts';
import { type Content, type Opened, render } from './render.ts';

/**
 * Runs inside the glass box: reads what labels a file has, and tells how a file with a new one is made of it. Writes nothing itself
 * but into its work folder; keys and the network are outside.
 */
const answers = new Socket({ fd: 3, readable: false, writable: true });
const fileDescriptor = takeOwnFile();

interface OpenFile {
  source: ByteSource;
  /** The bytes themselves where they came over the pipe. */
  payload: Uint8Array | null;
  sniffed: Sniffed | null;
  workFolder: string | null;
}

/** The signer or the time-stamp authority refused; the outside knows why and will say so. */
class OutsideFailed extends Error {}

/** A page of text longer than this is none. */
const maxPageBytes = 16 * 1024 * 1024;

let setup: Setup | null = null;
let file: OpenFile | null = null;
let provenance: Promise<ProvenanceReader> | null = null;
let signer: Promise<ManifestSigner> | null = null;

/** Orders are done one after another; replies to what an order asks come in between. */
let work: Promise<void> = Promise.resolve();
const asks = new Map<number, { resolve: (bytes: Uint8Array) => void; reject: (error: Error) => void }>();
let asked = 0;

for await (const { message, payload } of readMessages(process.stdin)) {
  // Orders come from our own parent process; only answers are foreign (see workshop.ts).
  const order = message as ToLabeller;
  if (order.type === 'reply') take(order);
  else
    work = work
      .then(() => obey(order, payload))
      .catch((error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
        process.exit(1);
      });
}
await work;

async function obey(order: Exclude<ToLabeller, Reply>, payload: Uint8Array): Promise<void> {
  if (order.type === 'setup') {
    setup = order;
    send({ type: 'ready', tools: toolVersions() });
  } else if (order.type === 'open') {
    const source = order.input === 'payload' ? bufferSource(payload) : descriptorSource(fileDescriptor, failed);
    const sniffed = sniff(source) ?? (order.hint && isPlainText(source) ? document(order.hint, 'text/markdown') : null);
    file = { source, payload: order.input === 'payload' ? payload : null, sniffed, workFolder: order.workFolder };
  } else if (order.type === 'inspect' && file && setup) send(await inspect(file, setup, order.identifier));
  else if (order.type === 'label' && file) await label(file, order);
  else if (order.type === 'measure' && file) await measure(file);
  else if (order.type === 'survive' && file && setup) await survive(file, setup);
}

/** UTF-8 without control characters, as far as one look goes. */
function isPlainText(source: ByteSource): boolean {
  const text = textOrNull(source.read(0, 65_536));
  return text !== null && source.size <= maxPageBytes;
}

/** Has something done outside: keys and the network are there. Rejects with what the outside says went wrong. */
function ask(what: Ask['what'], bytes: Uint8Array): Promise<Uint8Array> {
  asked += 1;
  const number = asked;
  send({ type: 'ask', ask: number, what, bytes: Buffer.from(bytes).toString('base64') });
  return new Promise((resolve, reject) => asks.set(number, { resolve, reject }));
}

function take(reply: Reply): void {
  const waiting = asks.get(reply.ask);
  asks.delete(reply.ask);
  if ('failed' in reply) waiting?.reject(new OutsideFailed(reply.failed));
  else waiting?.resolve(new Uint8Array(Buffer.from(reply.bytes, 'base64')));
}

function send(message: FromLabeller, payload?: Uint8Array): void {
  writeMessage(answers, message, payload);
}

/** Without the file nothing can be said: the box ends, and the outside tells why. */
function failed(code: string): never {
  throw new Error(`the file could not be read: ${code}`);
}

async function inspect({ source, sniffed }: OpenFile, known: Setup, identifier: boolean): Promise<Inspection> {
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
      ...(identifier && kind === 'image' ? await readHidden(source) : []),
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

/** What is hidden in the pixels, as signals. Takes up to two seconds for a large photograph. */
async function readHidden(source: ByteSource): Promise<Signal[]> {
  const [{ decodeImage, prepareImages, maxImagePixels }, { readIdentifierSignals }] = await Promise.all([
    import('../engine/media/image.ts'),
    import('../engine/labels/watermarks/identifier/identifier.ts'),
  ]);
  prepareImages();
  const { image } = await decodeImage(source.read(0, source.size), maxImagePixels);
  return image ? readIdentifierSignals(image.pixels) : [];
}

async function hiddenIn({ source, sniffed }: { source: ByteSource; sniffed: Sniffed }): Promise<string | null> {
  if (sniffed.kind !== 'image') return null;
  const [signal] = await readHidden(source);
  return signal ? String(signal.params['identifier'] ?? '') : null;
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
  return openProvenance(libraryBytes());
}

async function label(open: OpenFile, order: Label): Promise<void> {
  try {
    if (!open.sniffed) throw new LabelRefusal('container-variant', 'file');
    deliver(await edition(open, open.sniffed, order));
  } catch (error) {
    const { SigningRefusal } = await import('../engine/provenance/signing/refusal.ts');
    if (error instanceof RenderRefusal) send({ type: 'refused', code: error.code, where: error.where.slice(0, 500) });
    else if (error instanceof LabelRefusal)
      send({ type: 'refused', code: error.code, where: error.where.slice(0, 500) });
    else if (error instanceof SigningRefusal)
      send({ type: 'refused', code: `sign-${error.code}`, where: error.detail });
    else if (error instanceof OutsideFailed) send({ type: 'refused', code: 'sign-outside', where: error.message });
    else throw error;
  }
}

interface Made {
  base: Labelled['base'];
  pieces: Piece[];
  rendered: Rendered | null;
  manifest: string | null;
  sidecar: Uint8Array | null;
}

/** How far a film's encoder is: the one step that may take hours. */
function encoded(fraction: number): void {
  send({ type: 'progress', step: 'encode', fraction });
}

async function edition(open: OpenFile, sniffed: Sniffed, order: Label): Promise<Made> {
  const { change, credentials, rendering } = order;
  const content = rendering ? await render(openedFor(open), sniffed, rendering, encoded) : unrendered(open.source);
  const { base, source, rendered } = content;
  const edits = change ? await relabelled(source, sniffed.format, change) : piecesOf(source.size, []);
  const pieces = composed(content.pieces, edits);
  if (!credentials) return { base, pieces, rendered, manifest: null, sidecar: null };
  const request = {
    source: pieceSource(source, edits),
    format: sniffed.format,
    content: contentOf(credentials),
    // The parent is the file as it came, with a manifest that still holds.
    parent: credentials.opened ? { source: open.source, format: sniffed.format } : undefined,
    signing: signingFor(credentials),
  };
  const { openSidecarSigner, sidecarTypes } = await import('../engine/provenance/signing/sidecar.ts');
  if (sidecarTypes[sniffed.format]) {
    const { manifest, label: name } = await (await openSidecarSigner(libraryBytes())).sign(request);
    return { base, pieces, rendered, manifest: name, sidecar: manifest };
  }
  signer ??= openSigner();
  const signed = await (await signer).sign(request);
  return { base, pieces: composed(pieces, signed.pieces), rendered, manifest: signed.label, sidecar: null };
}

function signingFor({ chain, algorithm, at, timestamped, tokenBytes }: CredentialsOrder): Signing {
  return {
    chain: chain.map((one) => new Uint8Array(Buffer.from(one, 'base64'))),
    algorithm,
    sign: (message) => ask('sign', message),
    at: new Date(at),
    timestamp: timestamped
      ? { stamp: (message) => ask('timestamp', message), tokenBytes: tokenBytes ?? undefined }
      : undefined,
  };
}

function openedFor({ source, workFolder }: OpenFile): Opened {
  return { source, workFolder, fd: fileDescriptor, sandboxed: setup?.sandboxed ?? false };
}

function unrendered(source: ByteSource): Content {
  return { base: 'input', source, pieces: piecesOf(source.size, []), rendered: null };
}

async function relabelled(source: ByteSource, format: MediaFormat, change: LabelChange): Promise<Piece[]> {
  const write = await writerFor(format);
  if (!write) throw new LabelRefusal('container-variant', format);
  return piecesOf(source.size, write(source, change));
}

function contentOf(order: CredentialsOrder): ManifestContent {
  const { generator, by, title, sourceType, opened, steps, at: when, identifier } = order;
  const at = new Date(when);
  return {
    generator,
    ...(title === null ? {} : { title }),
    origin: opened ? { kind: 'opened', by, at } : { kind: 'created', by, at, sourceType },
    steps: steps.map((step) => ({ ...step, by: generator, at })),
    metadata: { 'Iptc4xmpExt:DigitalSourceType': sourceType },
    ...(identifier === null ? {} : { watermark: watermarkOf(identifier, generator, at) }),
  };
}

function watermarkOf(identifier: string, by: CredentialsOrder['generator'], at: Date): Watermark {
  return { algorithm: identifierAlgorithm, value: identifierBytes(BigInt(`0x${identifier}`)), by, at };
}

function libraryBytes(): Uint8Array<ArrayBuffer> {
  return readFileSync(packageFile('@contentauth/c2pa-wasm', 'pkg/c2pa_bg.wasm'));
}

async function openSigner(): Promise<ManifestSigner> {
  const { openSigner: open } = await import('../engine/provenance/signing/sign.ts');
  return open(libraryBytes());
}

function deliver({ base, pieces, manifest, sidecar, rendered }: Made): void {
  const literals = pieces.flatMap((piece) => ('bytes' in piece ? [piece.bytes] : []));
  const literalBytes = literals.reduce((sum, { length }) => sum + length, 0);
  if (literalBytes > maxLiteralBytes) throw new LabelRefusal('container-too-large', 'new bytes');
  send(
    {
      type: 'labelled',
      base,
      pieces: pieces.map((piece) =>
        'bytes' in piece ? { literal: piece.bytes.length } : { from: piece.from, length: piece.length },
      ),
      manifest,
      sidecar: sidecar && Buffer.from(sidecar).toString('base64'),
      rendered,
    },
    Buffer.concat(literals),
  );
}

async function measure({ source, payload, sniffed }: OpenFile): Promise<void> {
  try {
    if (!sniffed) throw new RenderRefusal('unknown-format', '');
    const { measureLabel } = await import('./measure.ts');
    const file = { source, payload, fd: fileDescriptor, sandboxed: setup?.sandboxed ?? false };
    send({ type: 'measured', measure: await measureLabel(file, sniffed) });
  } catch (error) {
    if (!(error instanceof RenderRefusal)) throw error;
    send({ type: 'refused', code: error.code, where: error.where.slice(0, 500) });
  }
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
      return { manifest: holds ? 'holds' : present ? 'broken' : 'none', watermark: await hiddenIn(read) };
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
