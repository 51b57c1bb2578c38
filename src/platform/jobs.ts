import { fromKysely, PgBoss } from 'pg-boss';
import { type Database, stepOut, type Tx } from './database/database.ts';

/** Work that is done in the background, kept in the database until it is done: a process that dies loses none of it. */
export interface Queue<Data extends object> {
  name: string;
  /** How often it is tried again after it failed, and how long it may take. */
  retryLimit: number;
  expireInSeconds: number;
  parse: (data: unknown) => Data;
}

export interface Jobs {
  /** Queues a job in that transaction: it is there if, and only if, what was written with it is. Small data: ids, no content. */
  send<Data extends object>(tx: Tx, queue: Queue<Data>, data: Data): Promise<void>;
  /** Does the jobs of a queue, `atOnce` at a time. A job whose work throws is tried again. */
  work<Data extends object>(queue: Queue<Data>, atOnce: number, run: (job: Job<Data>) => Promise<void>): Promise<void>;
  /** Takes no new jobs and waits for those that run, up to that time; what is left is done by the next process. */
  stop(waitMs: number): Promise<void>;
  /** Waiting and running jobs, for the metrics. */
  counts(): Promise<{ queue: string; waiting: number; active: number }[]>;
}

export interface Job<Data> {
  data: Data;
  /** True when it is not tried again after this. */
  last: boolean;
  signal: AbortSignal;
}

export interface JobsSetup {
  database: Database;
  // biome-ignore lint/suspicious/noExplicitAny: queues of any data
  queues: readonly Queue<any>[];
  onTrouble: (error: Error) => void;
  onEnded?: (job: { name: string; outcome: 'done' | 'failed' | 'retried'; ms: number }) => void;
}

/** Opens the job queues (pg-boss 12), making their tables at first. */
export async function openJobs({ database, queues, onTrouble, onEnded }: JobsSetup): Promise<Jobs> {
  const boss = new PgBoss({
    ...database.queue,
    useListenNotify: true,
    schedule: false,
    persistWarnings: false,
    openTelemetry: { enabled: false },
  });
  boss.on('error', onTrouble);
  await boss.start();
  const known = new Set((await boss.getQueues()).map(({ name }) => name));
  for (const { name, retryLimit, expireInSeconds } of queues) {
    const settings = {
      retryLimit,
      expireInSeconds,
      retryDelay: 2,
      retryBackoff: true,
      // A process that is killed says nothing more: its jobs are given to another after this.
      heartbeatSeconds: 30,
      deleteAfterSeconds: 24 * 3600,
      notify: true,
    };
    if (known.has(name)) await boss.updateQueue(name, settings);
    else await boss.createQueue(name, settings);
  }
  // Embedded, nobody else can be at work: what the last process left running runs again at once.
  if (database.kind === 'embedded') await giveBack(database);
  return {
    send: async (tx, { name }, data) => {
      await stepOut(tx, () => boss.send(name, data, { db: fromKysely(tx) }));
    },
    work: async (queue, atOnce, run) => {
      const options = {
        includeMetadata: true,
        pollingIntervalSeconds: 2,
        // Unasked, for what is tried again later; 30 s if not said here.
        notifyPollingIntervalSeconds: 5,
      } as const;
      for (let count = 0; count < atOnce; count += 1) {
        const worker: string = await boss.work<object, object, typeof options>(queue.name, options, async ([job]) => {
          if (!job) return {};
          const started = performance.now();
          const last = job.retryCount >= job.retryLimit;
          const ended = (outcome: 'done' | 'failed' | 'retried') =>
            onEnded?.({ name: queue.name, outcome, ms: performance.now() - started });
          try {
            await run({ data: queue.parse(job.data), last, signal: job.signal });
          } catch (error) {
            ended(last ? 'failed' : 'retried');
            throw error;
          } finally {
            // Notifications of several jobs may have come as one: after a job it looks for the next.
            boss.notifyWorker(worker);
          }
          ended('done');
          return {};
        });
      }
    },
    stop: async (waitMs) => {
      await boss.stop({ graceful: true, timeout: waitMs, close: true });
    },
    counts: async () => {
      const all = await boss.getQueues();
      return all.map(({ name, queuedCount, activeCount }) => ({
        queue: name,
        waiting: queuedCount,
        active: activeCount,
      }));
    },
  };
}

/** Puts the unfinished jobs of a backup back into their queues, and leaves out those whose queue is not known here. Returns how many. */
export async function queueAgain(
  jobs: Pick<Jobs, 'send'>,
  tx: Tx,
  queues: JobsSetup['queues'],
  unfinished: readonly { queue: string; data: unknown }[],
): Promise<number> {
  let count = 0;
  for (const { queue: name, data } of unfinished) {
    const queue = queues.find((one) => one.name === name);
    if (!queue) continue;
    await jobs.send(tx, queue, queue.parse(data));
    count += 1;
  }
  return count;
}

async function giveBack({ owner }: Database): Promise<void> {
  await owner
    .withTables<{ 'pgboss.job': { state: string; started_on: Date | null } }>()
    .updateTable('pgboss.job')
    .set({ state: 'retry' })
    .where('state', '=', 'active')
    .execute();
}
