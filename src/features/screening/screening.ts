import type { FileHandle } from 'node:fs/promises';
import { pMapIterable } from 'p-map';
import type { Examination, Limits, Pool } from '../../box/pool.ts';
import { maxPayloadBytes, type Stage } from '../../box/protocol.ts';
import type { Isolation } from '../../box/sandbox.ts';
import type { Exhibits, Finding, ScreeningRecord, Signal, Versions } from '../../contract/screening.ts';
import { failureCode } from '../../engine/media/bytes.ts';
import { decidePropagation, decideVerdict, findConflicts } from '../../engine/verdict/verdict.ts';
import { type FoundFile, openFile } from './walk.ts';

export interface Screening {
  pool: Pool;
  isolation: Isolation;
  /** Versions known before a file is opened; tools used on the way are added to each record. */
  versions: Versions;
  /** Files in work at the same time. */
  jobs: number;
}

export interface ScreeningOptions {
  exhibits: boolean;
  /** The uploader says that it is, or may be, AI-generated (CNLB-5). */
  declared: boolean;
  hashLimit: number | null;
  windowSeconds: number | null;
  limits: Limits;
  onStage?: (file: FoundFile, stage: Stage) => void;
  /** A file's result is ready, in order of completion; for progress only. */
  onSettled?: (file: FoundFile) => void;
  /** Something failed that should not, over this file. */
  onBug?: (file: FoundFile, bug: unknown) => void;
}

export interface Screened {
  file: FoundFile;
  record: ScreeningRecord;
  exhibits: Exhibits | null;
}

/** Screens files as they come, a few at a time, and hands out the records in the order of the files: memory stays flat. */
export function screenFiles(
  files: AsyncIterable<FoundFile>,
  screening: Screening,
  options: ScreeningOptions,
): AsyncIterable<Screened> {
  return pMapIterable(
    files,
    async (file) => {
      const screened = await screenFile(file, screening, options).catch((bug: unknown) => {
        options.onBug?.(file, bug);
        return brokenOff(file, screening);
      });
      options.onSettled?.(file);
      return screened;
    },
    { concurrency: screening.jobs, backpressure: screening.jobs * 16 },
  );
}

/** A mistake of ours over one file: it is reported whole, and the other files keep their records. */
function brokenOff(file: FoundFile, { isolation, versions }: Screening): Screened {
  const finding: Finding = { code: 'unexaminable', severity: 'error', stage: 'verdict', params: { reason: 'failure' } };
  return {
    file,
    record: {
      schema: 'clearmirror.screening/1',
      file: { name: file.name, bytes: null, sha256: null, format: null, kind: null },
      verdict: { word: 'not-applicable', code: 'unexaminable', because: [] },
      propagation: { status: 'none', rule: null, because: [] },
      conflicts: [],
      signals: [],
      findings: [finding],
      media: null,
      isolation,
      versions,
    },
    exhibits: null,
  };
}

async function screenFile(file: FoundFile, screening: Screening, options: ScreeningOptions): Promise<Screened> {
  if (file.link)
    return {
      file,
      record: writeRecord(file, null, notExamined('link-not-followed', 'info', {}), screening, options),
      exhibits: null,
    };
  const opened = await openFile(file.path);
  const record = (bytes: number | null, examination: Examination): Screened => ({
    file,
    record: writeRecord(file, bytes, examination, screening, options),
    exhibits: examination.exhibits,
  });
  if (!opened.handle) return record(null, unreadable(opened.reason, opened.detail));
  const { handle, bytes } = opened;
  try {
    const { onStage } = options;
    const examination = await screening.pool.examine({
      fd: handle.fd,
      bytes,
      order: {
        exhibits: options.exhibits,
        hashLimit: options.hashLimit,
        windowSeconds: options.windowSeconds,
        // The decoder is stopped before the box is: then the rest of the examination is not lost.
        decodeMs: Math.round(options.limits.wallMs * 0.7),
      },
      limits: options.limits,
      ...(onStage ? { onStage: (stage: Stage) => onStage(file, stage) } : {}),
    });
    const read = examination.part.bytes ?? bytes;
    // A small file was read at one stroke; a large one is read for as long as its examination takes.
    const changed = read !== bytes || (bytes > maxPayloadBytes && (await hasChanged(opened)));
    return record(bytes, changed ? withFinding(examination, changedWhileReading) : examination);
  } catch (error) {
    // Storage that fails (or a file of /sys that is none) must not take the other files' records with it.
    if (!isReadFailure(error)) throw error;
    return record(bytes, unreadable('io', failureCode(error)));
  } finally {
    await handle.close();
  }
}

function unreadable(reason: string, detail: string): Examination {
  return notExamined('unreadable', 'error', { reason, detail });
}

function isReadFailure(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && error.syscall === 'read';
}

async function hasChanged(opened: { handle: FileHandle; bytes: number; changedAt: bigint }): Promise<boolean> {
  const now = await opened.handle.stat({ bigint: true });
  return now.size !== BigInt(opened.bytes) || now.mtimeNs !== opened.changedAt;
}

/** Several stages may notice the same. */
function withFinding(examination: Examination, finding: Finding): Examination {
  const { part } = examination;
  if (part.findings.some(({ code }) => code === finding.code)) return examination;
  return { ...examination, part: { ...part, findings: [...part.findings, finding] } };
}

function notExamined(code: string, severity: Finding['severity'], params: Finding['params']): Examination {
  return { part: { signals: [], findings: [{ code, severity, stage: 'read', params }] }, exhibits: null, tools: {} };
}

function writeRecord(
  file: FoundFile,
  bytes: number | null,
  { part, tools }: Examination,
  { isolation, versions }: Screening,
  { declared }: ScreeningOptions,
): ScreeningRecord {
  const signals = declared ? [...part.signals, userDeclaration] : part.signals;
  const { findings } = part;
  return {
    schema: 'clearmirror.screening/1',
    file: { name: file.name, bytes, sha256: part.sha256 ?? null, format: part.format ?? null, kind: part.kind ?? null },
    verdict: decideVerdict(signals, findings),
    propagation: decidePropagation(signals),
    conflicts: findConflicts(signals),
    signals,
    findings,
    media: part.media ?? null,
    isolation,
    versions: { ...versions, tools: sorted({ ...versions.tools, ...tools }) },
  };
}

const changedWhileReading: Finding = { code: 'changed-while-reading', severity: 'warning', stage: 'read', params: {} };

const userDeclaration: Signal = {
  id: 'declaration.user#1',
  layer: 'label',
  method: 'declaration.user',
  claim: 'ai-possible',
  strength: 'declared',
  code: 'declared-by-user',
  params: {},
  place: null,
  checks: [],
  errorRate: null,
  evidence: null,
};

function sorted(values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
}
