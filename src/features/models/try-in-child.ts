import { type ChildProcess, spawn } from 'node:child_process';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type Isolation, modelFolderInBox, spawnBoxed } from '../../box/sandbox.ts';
import { measureTree } from '../../box/watch.ts';
import type { Card } from '../../contract/card.ts';
import { type TryResult, trialFailures } from '../../engine/forensics/trial.ts';

/** Loads a foreign model and runs it once, somewhere it can do no harm. */
export type TryModel = (modelFile: string, card: Card) => Promise<TryResult>;

export interface TrialLimits {
  wallMs: number;
  /** Resident memory beyond the model's own size times four, which is what loading may need. */
  memoryBytes: number;
}

/**
 * Tries the model in a child process of its own, with limits on time and memory enforced from outside. That alone is no sandbox:
 * where the glass box is to be had, pass `startInBox`.
 */
export function tryInChild(limits: TrialLimits = usualLimits, start: StartTrial = startPlainly): TryModel {
  return (modelFile, card) =>
    new Promise((resolve) => {
      const child = start(modelFile);
      let stopped: TryResult | null = null;
      const stop = (result: TryResult) => {
        stopped ??= result;
        child.kill('SIGKILL');
      };
      const memoryLimit = limits.memoryBytes + 4 * card.model.bytes;
      const clock = setTimeout(() => stop(failure('trial-timeout', `${limits.wallMs / 1000} s`)), limits.wallMs);
      const scale = setInterval(() => {
        if (child.pid !== undefined && measureTree(child.pid).residentBytes > memoryLimit) {
          stop(failure('trial-memory', `${Math.round(memoryLimit / 1024 / 1024)} MiB`));
        }
      }, 25);

      let answer = '';
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        answer += text;
        if (answer.length > maxAnswerCharacters) stop(failure('trial-crashed', 'it answered too much'));
      });
      const end = (result: TryResult) => {
        clearTimeout(clock);
        clearInterval(scale);
        resolve(stopped ?? result);
      };
      child.on('error', (error) => end(failure('trial-crashed', error.message)));
      child.on('close', (code, signal) =>
        end(readAnswer(answer) ?? failure('trial-crashed', signal ?? `exit ${code}`)),
      );
      // A child that dies before it has read its card closes the pipe.
      child.stdin?.on('error', () => {});
      child.stdin?.end(JSON.stringify(card));
    });
}

const usualLimits: TrialLimits = { wallMs: 60_000, memoryBytes: 1024 * 1024 * 1024 };

/** Starts trial-child.ts on that model; stdin and stdout are pipes. */
export type StartTrial = (modelFile: string) => ChildProcess;

/** The glass box: the child sees nothing but our sources, the libraries and the folder of this one model. */
export function startInBox(root: string, isolation: Isolation): StartTrial {
  return (modelFile) => {
    const command = { root, modelFolders: [dirname(modelFile)], scratchBytes: 16 * 1024 * 1024 };
    const seen = join(modelFolderInBox(command, isolation, 0), basename(modelFile));
    return spawnBoxed(command, isolation, ['src/features/models/trial-child.ts', seen], ['pipe', 'pipe', 'ignore']);
  };
}

/** With an empty environment, and no walls. */
function startPlainly(modelFile: string): ChildProcess {
  return spawn(process.execPath, [childFile, modelFile], { cwd: '/', env: {}, stdio: ['pipe', 'pipe', 'ignore'] });
}

const childFile = fileURLToPath(new URL('./trial-child.ts', import.meta.url));
const maxAnswerCharacters = 256 * 1024;

// The child ran foreign code in a sense: its answer is parsed like anything else from outside.
const tensorsSchema = z.array(
  z.object({
    name: z.string(),
    type: z.string().nullable(),
    shape: z.array(z.union([z.number(), z.string()])),
  }),
);
const answerSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), inputs: tensorsSchema, outputs: tensorsSchema }),
  z.object({ ok: z.literal(false), code: z.enum(trialFailures), reason: z.string().max(1000) }),
]);

function readAnswer(answer: string): TryResult | null {
  try {
    return answerSchema.parse(JSON.parse(answer.trimEnd().split('\n').at(-1) ?? ''));
  } catch {
    return null;
  }
}

function failure(code: 'trial-timeout' | 'trial-memory' | 'trial-crashed', reason: string): TryResult {
  return { ok: false, code, reason };
}
