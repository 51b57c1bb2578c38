import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { probeIds } from '../../../contract/probe-ids.ts';
import type { Answer, Ask, Client } from './client.ts';
import { failureCodes, TargetFailure } from './failure.ts';

/** What a run was asked to do: a replay does the same. */
const headSchema = z.object({
  recording: z.literal('clearmirror.recording/1'),
  run: z.uuid(),
  startedAt: z.iso.datetime(),
  service: z.string(),
  hosts: z.array(z.string()),
  samples: z.number().int(),
  only: z.array(z.enum(probeIds)).nullable(),
  search: z.number().int().nullable(),
});
export type RecordingHead = Omit<z.output<typeof headSchema>, 'recording'>;

const exchangeSchema = z.object({
  key: z.string(),
  answer: z
    .object({
      status: z.number().int(),
      url: z.string(),
      type: z.string(),
      ms: z.number(),
      body: z.string().regex(/^[0-9a-f]{64}$/),
    })
    .nullable(),
  failure: z
    .object({
      code: z.enum(failureCodes),
      params: z.record(z.string(), z.union([z.string(), z.number()])),
    })
    .nullable(),
});
type Exchange = z.output<typeof exchangeSchema>;

/** A recording that cannot be used, or a folder that cannot take one. */
export class RecordingFault extends Error {
  readonly code: 'taken' | 'missing' | 'broken' | 'partial';

  constructor(code: RecordingFault['code'], cause?: unknown) {
    super(`the recording: ${code}`, { cause });
    this.code = code;
  }
}

const fileName = 'recording.ndjson';
const bodiesName = 'bodies';

export interface Recorder {
  /** The same client; everything that it is told is kept. `hide` takes our keys out of a text. */
  over(client: Client, hide: (text: string) => string): Client;
  close(): void;
}

/**
 * Keeps every answer of the service in a folder: one line each, and the bodies beside them by their SHA-256. A run that goes on goes on
 * recording. Throws `taken` where another run was recorded, `broken` where there is something else, and `partial` where the run was
 * begun (`begun`) without being recorded: a replay would lack what was answered then.
 */
export function openRecorder(folder: string, head: RecordingHead, { begun }: { begun: boolean }): Recorder {
  const path = join(folder, fileName);
  mkdirSync(join(folder, bodiesName), { recursive: true, mode: 0o700 });
  const [first] = readLines(path);
  if (first !== undefined && parse(first, []).head.run !== head.run) throw new RecordingFault('taken');
  if (first === undefined && begun) throw new RecordingFault('partial');
  // What a kill cut off is taken away, so that the next line stands for itself.
  if (existsSync(path)) truncateSync(path, readFileSync(path).lastIndexOf('\n') + 1);
  const file = openSync(path, 'a', 0o600);
  if (first === undefined) append({ recording: 'clearmirror.recording/1', ...head });

  function append(line: object): void {
    writeSync(file, `${JSON.stringify(line)}\n`);
  }

  function keep(bytes: Buffer): string {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const place = join(folder, bodiesName, sha256);
    if (!existsSync(place)) {
      // Under its name only when it is whole.
      writeFileSync(`${place}.part`, bytes, { mode: 0o600 });
      renameSync(`${place}.part`, place);
    }
    return sha256;
  }

  return {
    over: (client, hide) => ({
      asked: client.asked,
      ask: async (ask) => {
        const key = keyOf(ask, hide);
        try {
          const answer = await client.ask(ask);
          const { status, url, type, ms, bytes } = answer;
          append({ key, answer: { status, url, type, ms, body: keep(bytes) }, failure: null } satisfies Exchange);
          return answer;
        } catch (error) {
          if (error instanceof TargetFailure)
            append({ key, answer: null, failure: { code: error.code, params: error.params } } satisfies Exchange);
          throw error;
        }
      },
    }),
    close: () => closeSync(file),
  };
}

/**
 * A service that exists only as its recording: nobody is asked. The same request gets the recorded answers in their order, and the last of
 * them again; what was never asked is `not-recorded`. Throws `missing` or `broken`.
 */
export function openRecording(folder: string): { head: RecordingHead; client: Client } {
  const [first, ...rest] = readLines(join(folder, fileName));
  if (first === undefined) throw new RecordingFault('missing');
  const { head, exchanges } = parse(first, rest);
  const waiting = new Map<string, Exchange[]>();
  for (const exchange of exchanges) {
    const same = waiting.get(exchange.key);
    if (same) same.push(exchange);
    else waiting.set(exchange.key, [exchange]);
  }
  let count = 0;
  return {
    head,
    client: {
      asked: () => count,
      ask: async (ask): Promise<Answer> => {
        count += 1;
        await ask.onSending?.();
        const same = waiting.get(keyOf(ask)) ?? [];
        const exchange = same.length > 1 ? same.shift() : same[0];
        if (!exchange) throw new TargetFailure('not-recorded', { place: ask.url.pathname });
        if (!exchange.answer) {
          const { code = 'no-answer', params = {} } = exchange.failure ?? {};
          throw new TargetFailure(code, params);
        }
        const { body, ...answer } = exchange.answer;
        const bytes = readBody(folder, body);
        if (bytes.length > ask.maxBytes)
          throw new TargetFailure('too-large', { megabytes: Math.round(ask.maxBytes / 1e6) });
        return { ...answer, bytes };
      },
    },
  };
}

function parse(first: string, rest: string[]): { head: RecordingHead; exchanges: Exchange[] } {
  try {
    const { recording: _, ...head } = headSchema.parse(JSON.parse(first));
    return { head, exchanges: rest.map((line) => exchangeSchema.parse(JSON.parse(line))) };
  } catch (error) {
    throw new RecordingFault('broken', error);
  }
}

/** A body that somebody changed since is no answer of the service. */
function readBody(folder: string, sha256: string): Buffer {
  let bytes: Buffer;
  try {
    bytes = readFileSync(join(folder, bodiesName, sha256));
  } catch (error) {
    throw new RecordingFault('broken', error);
  }
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw new RecordingFault('broken');
  return bytes;
}

/** A last line that was cut off by a kill is no line. */
function readLines(path: string): string[] {
  if (!existsSync(path)) return [];
  const text = readFileSync(path, 'utf8');
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '');
}

/**
 * What makes a request the same one: method, address, and what was sent. Of a file its name, which is the sample's number, and not its
 * bytes: an encoder of another version draws the same sample a little differently. Headers are left out.
 */
function keyOf({ method, url, body }: Ask, hide: (text: string) => string = (text) => text): string {
  const sent =
    body instanceof FormData
      ? [...body].map(([name, value]) => [name, typeof value === 'string' ? value : `file ${value.name}`].join('='))
      : [body ?? ''];
  const sha256 = createHash('sha256')
    .update(hide(sent.join('\0')))
    .digest('hex')
    .slice(0, 16);
  return `${method} ${url.href} ${sha256}`;
}
