import type { ChildProcess } from 'node:child_process';
import type { Writable } from 'node:stream';
import type { Exhibits, Finding, Signal } from '../contract/screening.ts';
import { readFully } from '../engine/media/bytes.ts';
import { readablePipe, writablePipe } from '../engine/media/pipes.ts';
import {
  maxMessageBytes,
  maxPayloadBytes,
  type Order,
  type Part,
  type Received,
  readMessages,
  type Setup,
  type Stage,
  stages,
  writeMessage,
} from './protocol.ts';
import { type BoxCommand, type Isolation, spawnExaminer } from './sandbox.ts';
import { measureTree } from './watch.ts';

/** Enforced from outside, on the examiner and everything it starts. */
export interface Limits {
  memoryBytes: number;
  cpuMs: number;
  wallMs: number;
}

export interface PoolOptions extends BoxCommand {
  isolation: Isolation;
  setup: Omit<Setup, 'type' | 'sandboxed'>;
  /** Files examined at the same time. */
  size: number;
  /** Told of every box that was brought down, with its last words; those may repeat hostile bytes. */
  onFault?: (fault: Fault) => void;
}

export interface Job {
  /** An open descriptor of a regular file; the caller closes it. A failing read of it rejects the examination. */
  fd: number;
  bytes: number;
  order: Omit<Order, 'type' | 'input' | 'last'>;
  limits: Limits;
  onStage?: (stage: Stage) => void;
}

/** What was found about one file, whole or up to the point where it brought the box down. */
export interface Examination {
  part: Omit<Part, 'type'> & { signals: Signal[]; findings: Finding[] };
  exhibits: Exhibits | null;
  tools: Record<string, string>;
}

export interface Pool {
  examine(job: Job): Promise<Examination>;
  close(): Promise<void>;
}

/**
 * Keeps `size` long-lived examiners. A file that crashes, hangs or breaches its box takes only that box with it:
 * it gets one more try in a fresh one, and after that its examination ends with the finding `unexaminable`.
 */
export function openPool(options: PoolOptions): Pool {
  const free: Slot[] = Array.from({ length: options.size }, () => ({ box: null }));
  const waiting: ((slot: Slot) => void)[] = [];
  const living = new Set<Box>();
  let closed = false;

  function start(fileDescriptor: number | null): Box {
    const box = startBox(options, fileDescriptor);
    living.add(box);
    void box.ended.then(() => living.delete(box));
    return box;
  }

  async function attempt(slot: Slot, job: Job, last: Stage | null): Promise<Attempt> {
    const large = job.bytes > maxPayloadBytes;
    const order: Order = { type: 'examine', input: large ? 'descriptor' : 'payload', last, ...job.order };
    if (large) {
      const box = start(job.fd);
      try {
        return await runOrder(box, order, null, job);
      } finally {
        box.kill();
      }
    }
    const payload = readFully(job.fd, 0, job.bytes);
    if (slot.box && (slot.box.gone || slot.box.examined >= filesPerBox)) {
      slot.box.kill();
      slot.box = null;
    }
    slot.box ??= start(null);
    const outcome = await runOrder(slot.box, order, payload, job);
    slot.box.examined += 1;
    if (outcome.fault || outcome.spent || measureTree(slot.box.pid).residentBytes > idleBytes) {
      slot.box.kill();
      slot.box = null;
    }
    return outcome;
  }

  return {
    async examine(job) {
      if (closed) throw new Error('the pool is closed');
      const slot = free.pop() ?? (await new Promise<Slot>((resolve) => waiting.push(resolve)));
      try {
        const first = await attempt(slot, job, null);
        if (!first.fault) return finish(first);
        options.onFault?.(first.fault);
        const second = await attempt(slot, job, first.fault.stage);
        if (second.fault) options.onFault?.(second.fault);
        return finish(second);
      } finally {
        const next = waiting.shift();
        if (next) next(slot);
        else free.push(slot);
      }
    },
    async close() {
      closed = true;
      await Promise.all([...living].map(retire));
    },
  };
}

/** Lets an examiner end by itself, so that what it used is accounted for, and ends it if it does not. */
async function retire(box: Box): Promise<void> {
  const patience = setTimeout(() => box.kill(), retireMs);
  box.orders.end();
  await box.ended;
  clearTimeout(patience);
}

const retireMs = 1_000;

/** A box is renewed after this many files, so that whatever leaks or lingers inside does not live long. */
const filesPerBox = 500;
/** … or when it still holds this much after a file. */
const idleBytes = 420 * 1024 * 1024;
const watchEveryMs = 40;
const startLimitMs = 30_000;

interface Slot {
  box: Box | null;
}

interface Box {
  pid: number;
  gone: boolean;
  examined: number;
  /** Resolves when the process is gone. */
  ended: Promise<void>;
  orders: Writable;
  answers: AsyncGenerator<Received>;
  tools: Promise<Record<string, string>>;
  exit: () => string;
  kill: () => void;
}

export interface Fault {
  stage: Stage | null;
  reason: 'memory' | 'cpu' | 'time' | 'crash' | 'garbled';
  detail: string;
}

interface Attempt {
  parts: { stage: Stage | null; part: Part }[];
  fault: (Fault & { limits: Limits }) | null;
  tools: Record<string, string>;
  /** The examiner asks to be replaced. */
  spent: boolean;
}

function startBox(options: PoolOptions, fileDescriptor: number | null): Box {
  const child = spawnExaminer(options, options.isolation, fileDescriptor);
  const orders = writablePipe(child, 0);
  const replies = readablePipe(child, 3);
  const noise = keepTail(child);
  let exit = '';
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      exit = error.message;
      box.gone = true;
      resolve();
    });
    child.once('close', (code, signal) => {
      exit = `${signal ?? `exit ${code}`}${noise() ? `: ${noise()}` : ''}`;
      box.gone = true;
      resolve();
    });
  });
  // A box that dies while being written to is noticed by its silence; the broken pipe itself says nothing new.
  orders.on('error', () => {});
  replies.on('error', () => {});
  const answers = readMessages(replies);
  const setup: Setup = { type: 'setup', sandboxed: options.isolation === 'sandboxed', ...options.setup };
  writeMessage(orders, setup);
  const box: Box = {
    pid: child.pid ?? 0,
    gone: child.pid === undefined,
    examined: 0,
    ended,
    orders,
    answers,
    tools: Promise.all([answers.next(), import('./answers.ts')])
      .then(([{ value }, { readySchema }]) => readySchema.safeParse(value?.message).data?.tools ?? {})
      .catch(() => ({})),
    exit: () => exit,
    kill: () => {
      if (box.gone) return;
      box.gone = true;
      // Outside a sandbox there is no pid namespace that dies as one: end the whole process group.
      if (options.isolation === 'limits-only' && child.pid) killGroup(child.pid);
      child.kill('SIGKILL');
      // What it still had to say is not wanted, and unread it would keep the pipe open.
      replies.destroy();
    },
  };
  return box;
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}

async function runOrder(box: Box, order: Order, payload: Uint8Array | null, job: Job): Promise<Attempt> {
  const attempt: Attempt = { parts: [], fault: null, tools: {}, spent: false };
  let stage: Stage | null = null;
  let breach: Fault['reason'] | null = null;
  let heard = 0;

  const starting = setTimeout(() => box.kill(), startLimitMs);
  attempt.tools = await box.tools;
  clearTimeout(starting);
  const { answerSchema } = await import('./answers.ts');

  const before = measureTree(box.pid).cpuMs;
  const startedAt = performance.now();
  const watch = setInterval(() => {
    const usage = measureTree(box.pid);
    if (usage.residentBytes > job.limits.memoryBytes) breach = 'memory';
    else if (usage.cpuMs - before > job.limits.cpuMs) breach = 'cpu';
    else if (performance.now() - startedAt > job.limits.wallMs) breach = 'time';
    else if (usage.processes > processLimit) breach = 'crash';
    if (breach) box.kill();
  }, watchEveryMs);

  try {
    writeMessage(box.orders, order, payload ?? undefined);
    for (;;) {
      const next = await box.answers.next();
      if (next.done) break;
      // Well-formed answers without end would fill our own memory; none of them is worth keeping.
      heard += next.value.bytes;
      if (heard > maxMessageBytes) {
        attempt.parts = [];
        throw new Error('too many answers');
      }
      const message = answerSchema.parse(next.value.message);
      if (message.type === 'done') {
        attempt.spent = message.spent;
        return attempt;
      }
      if (message.type === 'stage') {
        stage = message.stage;
        job.onStage?.(stage);
      } else attempt.parts.push({ stage, part: message as Part });
    }
    await box.ended;
    attempt.fault = { stage, reason: breach ?? 'crash', detail: box.exit(), limits: job.limits };
  } catch (error) {
    // What answers in another language than ours is not to be trusted further; what we ended in the middle of a word is.
    if (breach) await box.ended;
    const detail = breach ? box.exit() : error instanceof Error ? error.message.slice(0, 200) : '';
    attempt.fault = { stage, reason: breach ?? 'garbled', detail, limits: job.limits };
  } finally {
    clearInterval(watch);
  }
  box.kill();
  return attempt;
}

const processLimit = 64;

function finish(attempt: Attempt): Examination {
  const examination: Examination = { part: { signals: [], findings: [] }, exhibits: null, tools: { ...attempt.tools } };
  // A second attempt runs its stages in another order; the record does not tell.
  const order = (stage: Stage | null) => (stage === null ? -1 : stages.indexOf(stage));
  const parts = attempt.parts.toSorted((a, b) => order(a.stage) - order(b.stage)).map(({ part }) => part);
  for (const { type: _type, signals, findings, exhibits, tools, ...facts } of parts) {
    Object.assign(examination.part, facts);
    examination.part.signals.push(...(signals ?? []));
    examination.part.findings.push(...(findings ?? []));
    if (exhibits) examination.exhibits = exhibits;
    Object.assign(examination.tools, tools);
  }
  if (attempt.fault) examination.part.findings.push(unexaminable(attempt.fault));
  return examination;
}

function unexaminable(fault: Fault & { limits: Limits }): Finding {
  const bounds = {
    memory: { limit: Math.round(fault.limits.memoryBytes / 1_048_576), unit: 'MB' },
    cpu: { limit: Math.round(fault.limits.cpuMs / 1000), unit: 's' },
    time: { limit: Math.round(fault.limits.wallMs / 1000), unit: 's' },
    crash: {},
    garbled: {},
  }[fault.reason];
  return {
    code: 'unexaminable',
    severity: 'error',
    stage: fault.stage ?? 'start',
    params: { reason: fault.reason, ...bounds },
  };
}

/** The last words on stdout and stderr, for the log: hostile bytes may speak here. */
function keepTail(child: ChildProcess): () => string {
  let tail = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      tail = (tail + chunk.toString('latin1')).slice(-2_000);
    });
  }
  return () => tail.trim();
}
