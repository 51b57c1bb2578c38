import { createHash, type Hash } from 'node:crypto';
import { readFileSync, readSync } from 'node:fs';
import { Socket } from 'node:net';
import type { DetectorKind } from '../contract/card.ts';
import type { Finding, MediaFormat } from '../contract/screening.ts';
import type { Detectors } from '../engine/forensics/forensics.ts';
import { type ByteSource, bufferSource, descriptorSource, failureCode } from '../engine/media/bytes.ts';
import { sniff } from '../engine/media/sniff.ts';
import type { ProvenanceReader } from '../engine/provenance/provenance.ts';
import { lookAtMedia } from './look.ts';
import type { LookedAt } from './looked-at.ts';
import { takeOwnFile } from './own-file.ts';
import {
  type Order,
  type Part,
  readMessages,
  type Setup,
  type Stage,
  type ToExaminer,
  writeMessage,
} from './protocol.ts';

/**
 * Runs inside the glass box, for as long as nothing goes wrong: reads orders on stdin, answers on descriptor 3.
 * Everything that parses foreign bytes happens in this process or in the ffmpeg it starts.
 */
const answers = new Socket({ fd: 3, readable: false, writable: true });
/** The one file of a box that was born for it. */
const fileDescriptor = takeOwnFile();

let setup: Setup | null = null;
let provenance: Promise<ProvenanceReader> | null = null;
let detectors: Promise<Detectors> | null = null;

for await (const { message, payload } of readMessages(process.stdin)) {
  // Orders come from our own parent process; only answers are foreign (see pool.ts).
  const order = message as ToExaminer;
  if (order.type === 'setup') {
    setup = order;
    warmUp();
    writeMessage(answers, { type: 'ready', tools: toolVersions() });
  } else if (setup) {
    await examine(order, order.input === 'payload' ? payload : null, setup);
    writeMessage(answers, { type: 'done', spent: await isSpent() });
  }
}

/** The first file is on its way: load meanwhile what nearly every file needs. A failure shows when it is really needed. */
function warmUp(): void {
  provenance ??= openReader();
  provenance.catch(() => {});
  void loadLabelReaders().catch(() => {});
}

async function examine(order: Order, payload: Uint8Array | null, known: Setup): Promise<void> {
  let failure: string | null = null;
  const onFailure = (code: string) => {
    failure ??= code;
  };
  const source = payload ? bufferSource(payload) : descriptorSource(fileDescriptor, onFailure);
  send({ bytes: source.size });
  begin('sniff');
  const sniffed = sniff(source);
  if (sniffed) send({ format: sniffed.format, kind: sniffed.kind });

  const steps: { stage: Stage; run: () => Promise<void> }[] = [];
  if (sniffed) {
    const { format, kind, mime } = sniffed;
    // Decoding runs beside the readers: ffmpeg is another process.
    let looking: Promise<LookedAt> | null = null;
    const look = () => {
      looking ??= lookAtMedia({
        format,
        kind,
        head: source.read(0, 16),
        payload,
        fd: fileDescriptor,
        sandboxed: known.sandboxed,
        order,
        installed: installedKinds(known),
        detectors: openDetectorsOnce(known),
      });
      return looking;
    };
    if (order.last !== 'decode') void look().catch(() => {});
    steps.push(
      { stage: 'labels', run: () => readLabels(source, format, known) },
      { stage: 'provenance', run: () => readProvenance(source, format, mime, known) },
      { stage: 'decode', run: async () => report(await look()) },
    );
  } else {
    send({
      findings: [
        { code: source.size === 0 ? 'empty-file' : 'unknown-format', severity: 'warning', stage: 'sniff', params: {} },
      ],
    });
  }
  steps.push({ stage: 'hash', run: async () => hash(order, source, payload, onFailure) });
  for (const step of inOrder(steps, order.last)) {
    begin(step.stage);
    await step.run();
  }
  if (failure !== null)
    send({
      findings: [{ code: 'unreadable', severity: 'error', stage: 'read', params: { reason: 'io', detail: failure } }],
    });
}

/** The stage that brought a box down before comes last. */
function inOrder<Step extends { stage: Stage }>(steps: Step[], last: Stage | null): Step[] {
  return [...steps.filter((step) => step.stage !== last), ...steps.filter((step) => step.stage === last)];
}

async function isSpent(): Promise<boolean> {
  const reader = await provenance;
  return reader !== null && !reader.healthy();
}

function begin(stage: Stage): void {
  writeMessage(answers, { type: 'stage', stage });
}

function send(part: Omit<Part, 'type'>): void {
  writeMessage(answers, { type: 'part', ...part });
}

async function loadLabelReaders() {
  const [labels, aigc, iptc, traces, xmp] = await Promise.all([
    import('../engine/labels/labels.ts'),
    import('../engine/labels/aigc/aigc.ts'),
    import('../engine/labels/iptc.ts'),
    import('../engine/labels/traces/traces.ts'),
    import('../engine/labels/xmp.ts'),
  ]);
  return { ...labels, ...aigc, ...iptc, ...traces, ...xmp };
}

async function readLabels(source: ByteSource, format: MediaFormat, { pinnedKeys }: Setup): Promise<void> {
  const { readMetadata, readAigcLabels, readIptc, readTraces, readXmpFindings } = await loadLabelReaders();
  const metadata = await readMetadata(source, format);
  const signals = [
    ...readAigcLabels(metadata, format, { pinnedKeys }),
    ...readIptc(metadata),
    ...readTraces(metadata, format),
  ];
  send({ signals, findings: [...metadata.findings, ...readXmpFindings(metadata)] });
}

async function readProvenance(source: ByteSource, format: MediaFormat, mime: string, known: Setup): Promise<void> {
  provenance ??= openReader();
  const reader = await provenance;
  const { signals, findings } = await reader.read({ source, format, mime, trust: known.trust });
  send({ signals, findings });
}

async function openReader(): Promise<ProvenanceReader> {
  const { openProvenance } = await import('../engine/provenance/provenance.ts');
  return openProvenance(readFileSync(packageFile('@contentauth/c2pa-wasm', 'pkg/c2pa_bg.wasm')));
}

function openDetectorsOnce(known: Setup): () => Promise<Detectors> {
  return () => {
    detectors ??= import('../engine/forensics/forensics.ts').then(({ openDetectors }) =>
      openDetectors(
        known.models.map(({ card, modelFile }) => ({ card, modelFile })),
        1,
      ),
    );
    return detectors;
  };
}

function installedKinds({ models }: Setup): Set<DetectorKind> {
  return new Set(models.map(({ card }) => card.kind));
}

function report({ media, signals, findings, exhibits, tools }: LookedAt): void {
  send({
    ...(media ? { media } : {}),
    signals,
    findings,
    ...(exhibits ? { exhibits } : {}),
    ...(tools ? { tools } : {}),
  });
}

function hash(order: Order, source: ByteSource, payload: Uint8Array | null, onFailure: (code: string) => void): void {
  if (order.hashLimit !== null && source.size > order.hashLimit) {
    const limit = Math.round(order.hashLimit / 1_073_741_824);
    send({ findings: [notice('not-hashed', 'hash', { limit, unit: 'GiB' })] });
    return;
  }
  const sum = createHash('sha256');
  if (payload) sum.update(payload);
  else if (!hashDescriptor(sum, source.size, onFailure)) return;
  send({ sha256: sum.digest('hex') });
}

/** False when there is no one content that a hash could stand for. */
function hashDescriptor(sum: Hash, size: number, onFailure: (code: string) => void): boolean {
  const chunk = Buffer.allocUnsafe(1024 * 1024);
  let at = 0;
  try {
    // One byte beyond the end tells that it grew; a file that grows without end is not followed.
    while (at <= size) {
      const got = readSync(fileDescriptor, chunk, 0, Math.min(chunk.length, size + 1 - at), at);
      if (got === 0) break;
      sum.update(chunk.subarray(0, got));
      at += got;
    }
  } catch (error) {
    onFailure(failureCode(error));
    return false;
  }
  if (at === size) return true;
  send({ findings: [{ ...notice('changed-while-reading', 'hash', {}), severity: 'warning' }] });
  return false;
}

function notice(code: string, stage: Stage, params: Finding['params']): Finding {
  return { code, severity: 'info', stage, params };
}

function toolVersions(): Record<string, string> {
  const names = ['@contentauth/c2pa-wasm', 'sharp', 'onnxruntime-node'];
  return Object.fromEntries(names.map((name) => [name, versionOf(name)]));
}

function versionOf(name: string): string {
  const { version } = JSON.parse(readFileSync(packageFile(name, 'package.json'), 'utf8')) as { version: string };
  return version;
}

function packageFile(name: string, path: string): URL {
  return new URL(`../../node_modules/${name}/${path}`, import.meta.url);
}
