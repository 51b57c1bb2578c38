import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** What the process counts about itself, in Prometheus form. Labels never hold ids, names or addresses: each value is kept for ever. */
export interface Metrics {
  /** `route` is the pattern, e.g. `/api/screenings/:id`, never the address asked for. */
  requestAnswered(request: { method: string; route: string; status: number; ms: number }): void;
  jobEnded(job: { name: string; outcome: 'done' | 'failed' | 'retried'; ms: number }): void;
  screened(screening: { verdict: string }): void;
  queried(query: { ms: number; failed: boolean }): void;
  /** An examiner fell: why, e.g. `memory`, `crash`. */
  examinerFell(fault: { reason: string }): void;
  /** The page for Prometheus, with its content type. */
  render(): Promise<{ contentType: string; body: string }>;
}

/** A registry of its own: two installations in one process, as in tests, do not count for each other. */
export function createMetrics({ version }: { version: string }): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ version });
  collectDefaultMetrics({ register: registry, prefix: 'clearmirror_' });
  const registers = [registry];

  const requests = new Histogram({
    name: 'clearmirror_http_request_duration_seconds',
    help: 'Time from the first byte of a request to the end of its answer.',
    labelNames: ['method', 'route', 'status'],
    // The budgets are 50 ms for reads and 100 ms for writes.
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  });
  const jobs = new Histogram({
    name: 'clearmirror_job_duration_seconds',
    help: 'Background jobs by name and how they ended.',
    labelNames: ['name', 'outcome'],
    buckets: [0.01, 0.1, 0.5, 1, 5, 15, 60, 300, 1800],
    registers,
  });
  const screenings = new Counter({
    name: 'clearmirror_screenings_total',
    help: 'Screenings that came to an end, by verdict.',
    labelNames: ['verdict'],
    registers,
  });
  const queries = new Histogram({
    name: 'clearmirror_database_query_duration_seconds',
    help: 'Statements sent to the database.',
    labelNames: ['outcome'],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2],
    registers,
  });
  const faults = new Counter({
    name: 'clearmirror_examiner_faults_total',
    help: 'Examiners that crashed or broke a limit, by reason.',
    labelNames: ['reason'],
    registers,
  });

  return {
    requestAnswered: ({ method, route, status, ms }) =>
      requests.observe({ method: methods.has(method) ? method : 'other', route, status }, ms / 1000),
    jobEnded: ({ name, outcome, ms }) => jobs.observe({ name, outcome }, ms / 1000),
    screened: ({ verdict }) => screenings.inc({ verdict }),
    queried: ({ ms, failed }) => queries.observe({ outcome: failed ? 'failed' : 'done' }, ms / 1000),
    examinerFell: ({ reason }) => faults.inc({ reason }),
    render: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}

/** A caller may invent others, and each would be a series of its own. */
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
