import type { ChildProcess } from 'node:child_process';
import type { Writable } from 'node:stream';
import type { LabelMeasure } from '../contract/labelling.ts';
import type { FollowedLabel, Treated } from '../contract/survival.ts';
import type { Piece } from '../engine/labels/writing/pieces.ts';
import { readFully } from '../engine/media/bytes.ts';
import { readablePipe, writablePipe } from '../engine/media/pipes.ts';
import type { Inspection, Label, Labelled, Refused, Rendered, ToLabeller } from './labelling-protocol.ts';
import type { Fault, Limits, PoolOptions } from './pool.ts';
import { maxPayloadBytes, type Received, readMessages, writeMessage } from './protocol.ts';
import { spawnLabeller, workFolderInBox } from './sandbox.ts';
import { measureTree } from './watch.ts';

/** Keeps labellers (labeller.ts) and lends them out, one file at a time. */
export interface Workshop {
  /** Waits for a free labeller and opens the file there. */
  open(file: WorkFile): Promise<Bench>;
  close(): void;
}

export interface WorkFile {
  /** An open descriptor of a regular file; the caller closes it. */
  fd: number;
  bytes: number;
  /** A folder of ours that the box may write into, for what is too large to be sent; null where nothing is rendered. */
  workFolder: string | null;
  hint?: 'markdown' | null;
  limits: Limits;
}

/** One file in a labeller. Every method throws a BoxFault when the box fell. */
export interface Bench {
  tools: Record<string, string>;
  inspect(what?: { identifier: boolean }): Promise<Inspection>;
  label(order: Omit<Label, 'type'>, on: LabelHandlers): Promise<Edition | Refused>;
  /** Runs the file through the treatments of its kind. */
  survive(onTreated: (treated: Treated, of: number) => void): Promise<Survived | Refused>;
  /** Measures the explicit label. */
  measure(): Promise<{ type: 'measured'; measure: LabelMeasure } | Refused>;
  /** Gives the labeller back; always to be called. */
  done(): void;
}

export interface Survived {
  type: 'survived';
  followed: FollowedLabel[];
  tools: Record<string, string>;
}

export interface LabelHandlers {
  onTreated?: (treated: Treated, of: number) => void;
  /** Does what the box cannot: signs, or fetches a time stamp. What it throws, the box hears as a failure. */
  ask: (what: 'sign' | 'timestamp', bytes: Uint8Array) => Promise<Uint8Array>;
  onProgress?: (step: string, fraction: number) => void;
}

/** How the new file is made. */
export interface Edition {
  type: 'labelled';
  base: Labelled['base'];
  pieces: Piece[];
  rendered: Rendered | null;
  /** Name of the new manifest. */
  manifest: string | null;
  /** The manifest store that belongs beside the file. */
  sidecar: Uint8Array | null;
}

/** The box was brought down by what it worked on, or by us because it took more than it may. */
export class BoxFault extends Error {
  readonly reason: Fault['reason'];
  /** Last words; they may repeat hostile bytes. */
  readonly detail: string;

  constructor(reason: Fault['reason'], detail: string) {
    super(`the box fell: ${reason}`);
    this.reason = reason;
    this.detail = detail;
  }
}

export function openWorkshop(options: Omit<PoolOptions, 'onFault'>): Workshop {
  const free: Slot[] = Array.from({ length: options.size }, () => ({ box: null }));
  const waiting: ((slot: Slot) => void)[] = [];
  const living = new Set<Box>();

  function start(input: { fileDescriptor: number; workFolder: string | null } | null): Box {
    const box = startBox(options, input);
    living.add(box);
    box.child.once('close', () => living.delete(box));
    return box;
  }

  function release(slot: Slot): void {
    const next = waiting.shift();
    if (next) next(slot);
    else free.push(slot);
  }

  return {
    async open(file) {
      const slot = free.pop() ?? (await new Promise<Slot>((resolve) => waiting.push(resolve)));
      const isOwn = file.bytes > maxPayloadBytes || file.workFolder !== null;
      try {
        const kept = slot.box && !slot.box.gone && slot.box.files < filesPerBox ? slot.box : null;
        if (!isOwn && slot.box !== kept) slot.box?.kill();
        const box = isOwn ? start({ fileDescriptor: file.fd, workFolder: file.workFolder }) : (kept ?? start(null));
        if (!isOwn) slot.box = box;
        return await openBench(box, file, isOwn, options, () => {
          if (isOwn || measureTree(box.pid).residentBytes > idleBytes) box.kill();
          release(slot);
        });
      } catch (error) {
        release(slot);
        throw error;
      }
    },
    close() {
      for (const box of living) box.kill();
    },
  };
}

/** As in pool.ts: what leaks or lingers inside does not live long. */
const filesPerBox = 500;
const idleBytes = 420 * 1024 * 1024;
const watchEveryMs = 40;
const startLimitMs = 30_000;
const processLimit = 64;

interface Slot {
  box: Box | null;
}

interface Box {
  child: ChildProcess;
  pid: number;
  gone: boolean;
  files: number;
  orders: Writable;
  answers: AsyncGenerator<Received>;
  tools: Record<string, string> | null;
  lastWords: () => string;
  ended: Promise<void>;
  kill: () => void;
}

function startBox(
  options: Omit<PoolOptions, 'onFault'>,
  input: { fileDescriptor: number; workFolder: string | null } | null,
): Box {
  const child = spawnLabeller(options, options.isolation, input);
  const orders = writablePipe(child, 0);
  const replies = readablePipe(child, 3);
  let tail = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      tail = (tail + chunk.toString('latin1')).slice(-2_000);
    });
  }
  // A box that dies while being written to is noticed by its silence.
  orders.on('error', () => {});
  replies.on('error', () => {});
  let exit = '';
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      exit = error.message;
      box.gone = true;
      resolve();
    });
    child.once('close', (code, signal) => {
      exit = `${signal ?? `exit ${code}`}`;
      box.gone = true;
      resolve();
    });
  });
  const setup: ToLabeller = { type: 'setup', sandboxed: options.isolation === 'sandboxed', ...options.setup };
  writeMessage(orders, setup);
  const box: Box = {
    child,
    pid: child.pid ?? 0,
    gone: child.pid === undefined,
    files: 0,
    orders,
    answers: readMessages(replies),
    tools: null,
    lastWords: () => `${exit} ${tail.trim()}`.trim(),
    ended,
    kill: () => {
      if (box.gone) return;
      box.gone = true;
      if (options.isolation === 'limits-only' && child.pid) killGroup(child.pid);
      child.kill('SIGKILL');
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

async function openBench(
  box: Box,
  file: WorkFile,
  isOwn: boolean,
  { isolation }: Pick<PoolOptions, 'isolation'>,
  onDone: () => void,
): Promise<Bench> {
  const starting = setTimeout(() => box.kill(), startLimitMs);
  box.tools ??= await firstWords(box);
  clearTimeout(starting);
  box.files += 1;
  const { workFolder } = file;
  const open: ToLabeller = {
    type: 'open',
    input: isOwn ? 'descriptor' : 'payload',
    workFolder: workFolder === null ? null : workFolderInBox(isolation, workFolder),
    hint: file.hint ?? null,
  };
  writeMessage(box.orders, open, isOwn ? undefined : readFully(file.fd, 0, file.bytes));

  async function request(order: ToLabeller, on: LabelHandlers): Promise<Answer> {
    return underLimits(box, file.limits, () => converse(box, order, on));
  }
  return {
    tools: box.tools,
    async inspect(what = { identifier: false }) {
      const answer = await request({ type: 'inspect', ...what }, silent);
      if (answer.message.type === 'inspection') return answer.message;
      throw garbled(box, 'no inspection');
    },
    async label(order, on) {
      const { message, payload } = await request({ type: 'label', ...order }, on);
      if (message.type === 'refused') return message;
      if (message.type !== 'labelled') throw garbled(box, 'no edition');
      const { base, manifest, rendered } = message;
      const sidecar = message.sidecar === null ? null : new Uint8Array(Buffer.from(message.sidecar, 'base64'));
      return { type: 'labelled', base, pieces: piecesFrom(box, message, payload), manifest, sidecar, rendered };
    },
    async measure() {
      const { message } = await request({ type: 'measure' }, silent);
      if (message.type === 'measured' || message.type === 'refused') return message;
      throw garbled(box, 'no measure');
    },
    async survive(onTreated) {
      const { message } = await request({ type: 'survive' }, { ...silent, onTreated });
      if (message.type === 'survived' || message.type === 'refused') return message;
      throw garbled(box, 'no survival');
    },
    done: onDone,
  };
}

const silent: LabelHandlers = { ask: () => Promise.reject(new Error('nothing to ask for')) };

async function firstWords(box: Box): Promise<Record<string, string>> {
  const [{ value }, { readySchema }] = await Promise.all([box.answers.next(), import('./answers.ts')]);
  const ready = readySchema.safeParse(value?.message).data;
  if (ready) return ready.tools;
  await box.ended;
  throw new BoxFault('crash', box.lastWords());
}

interface Answer {
  message: Inspection | Labelled | Refused | Survived | { type: 'measured'; measure: LabelMeasure };
  payload: Uint8Array;
}

async function converse(box: Box, order: ToLabeller, on: LabelHandlers): Promise<Answer> {
  const { labellerAnswerSchema } = await import('./labelling-answers.ts');
  writeMessage(box.orders, order);
  for (let heard = 0; ; heard += 1) {
    const next = await box.answers.next();
    if (next.done) {
      await box.ended;
      throw new BoxFault('crash', box.lastWords());
    }
    const message = labellerAnswerSchema.safeParse(next.value.message).data;
    if (!message || heard > maxAnswers) throw garbled(box, 'an answer that is none');
    if (message.type === 'progress') on.onProgress?.(message.step, message.fraction);
    else if (message.type === 'treated') on.onTreated?.(message.treated, message.of);
    else if (message.type === 'ask') await reply(box, message, on);
    else return { message, payload: next.value.payload };
  }
}

/** Progress of an hour-long film, and a few asks. */
const maxAnswers = 100_000;

async function reply(
  box: Box,
  { ask, what, bytes }: { ask: number; what: 'sign' | 'timestamp'; bytes: string },
  on: LabelHandlers,
) {
  try {
    const made = await on.ask(what, Buffer.from(bytes, 'base64'));
    writeMessage(box.orders, { type: 'reply', ask, bytes: Buffer.from(made).toString('base64') } satisfies ToLabeller);
  } catch (error) {
    const failed = error instanceof Error ? error.message : String(error);
    writeMessage(box.orders, { type: 'reply', ask, failed } satisfies ToLabeller);
  }
}

async function underLimits<T>(box: Box, limits: Limits, work: () => Promise<T>): Promise<T> {
  let breach: Fault['reason'] | null = null;
  const before = measureTree(box.pid).cpuMs;
  const startedAt = performance.now();
  const watch = setInterval(() => {
    const usage = measureTree(box.pid);
    if (usage.residentBytes > limits.memoryBytes) breach = 'memory';
    else if (usage.cpuMs - before > limits.cpuMs) breach = 'cpu';
    else if (performance.now() - startedAt > limits.wallMs) breach = 'time';
    else if (usage.processes > processLimit) breach = 'crash';
    if (breach) box.kill();
  }, watchEveryMs);
  try {
    return await work();
  } catch (error) {
    box.kill();
    if (breach) throw new BoxFault(breach, box.lastWords());
    if (error instanceof BoxFault) throw error;
    throw new BoxFault('garbled', error instanceof Error ? error.message.slice(0, 200) : '');
  } finally {
    clearInterval(watch);
  }
}

function garbled(box: Box, detail: string): BoxFault {
  box.kill();
  return new BoxFault('garbled', detail);
}

/** Literal bytes stand one after another behind the message, and all of them are used. */
function piecesFrom(box: Box, { pieces }: Labelled, payload: Uint8Array): Piece[] {
  let at = 0;
  const made = pieces.map((piece): Piece => {
    if ('from' in piece) return piece;
    const bytes = payload.subarray(at, at + piece.literal);
    at += piece.literal;
    return { bytes };
  });
  if (at !== payload.length) throw garbled(box, 'literal bytes that do not fit');
  return made;
}
