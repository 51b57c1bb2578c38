import { spawnSync } from 'node:child_process';
import { register } from 'prom-client';
import { expect, test } from 'vitest';
import { createMetrics, type Metrics } from './metrics.ts';

/** The samples of a page: `name{labels} value`. */
async function samplesOf(metrics: Metrics): Promise<Map<string, number>> {
  const { body } = await metrics.render();
  const lines = body.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

test('requests are counted by route and sorted into the buckets of the budgets', async () => {
  const metrics = createMetrics({ version: '1.2.3' });
  for (const ms of [3, 40, 60, 2000]) {
    metrics.requestAnswered({ method: 'GET', route: '/api/screenings/:id', status: 200, ms });
  }
  metrics.requestAnswered({ method: 'POST', route: '/api/screenings', status: 413, ms: 1 });
  const samples = await samplesOf(metrics);
  const name = 'clearmirror_http_request_duration_seconds';
  const labels = 'method="GET",route="/api/screenings/:id",status="200"';
  const upTo = (seconds: string) => samples.get(`${name}_bucket{le="${seconds}",version="1.2.3",${labels}}`);
  expect(['0.005', '0.05', '0.1', '2.5', '+Inf'].map(upTo)).toEqual([1, 2, 3, 4, 4]);
  expect(samples.get(`${name}_sum{version="1.2.3",${labels}}`)).toBeCloseTo(2.103);
  expect(samples.get(`${name}_count{version="1.2.3",method="POST",route="/api/screenings",status="413"}`)).toBe(1);
});

test('jobs, screenings, queries and fallen examiners', async () => {
  const metrics = createMetrics({ version: '1' });
  metrics.jobEnded({ name: 'screen', outcome: 'done', ms: 700 });
  metrics.jobEnded({ name: 'screen', outcome: 'retried', ms: 20 });
  metrics.screened({ verdict: 'strong' });
  metrics.screened({ verdict: 'strong' });
  metrics.screened({ verdict: 'not-applicable' });
  metrics.queried({ ms: 0.7, failed: false });
  metrics.queried({ ms: 30, failed: true });
  metrics.examinerFell({ reason: 'memory' });
  const samples = await samplesOf(metrics);
  expect(
    [
      'clearmirror_job_duration_seconds_count{version="1",name="screen",outcome="done"}',
      'clearmirror_job_duration_seconds_count{version="1",name="screen",outcome="retried"}',
      'clearmirror_screenings_total{verdict="strong",version="1"}',
      'clearmirror_screenings_total{verdict="not-applicable",version="1"}',
      'clearmirror_database_query_duration_seconds_bucket{le="0.001",version="1",outcome="done"}',
      'clearmirror_database_query_duration_seconds_count{version="1",outcome="failed"}',
      'clearmirror_examiner_faults_total{reason="memory",version="1"}',
    ].map((name) => samples.get(name)),
  ).toEqual([1, 1, 2, 1, 1, 1, 1]);
});

test('the process itself, in the content type that Prometheus asks for', async () => {
  const metrics = createMetrics({ version: '1' });
  expect((await metrics.render()).contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
  const samples = await samplesOf(metrics);
  expect(samples.get('clearmirror_process_resident_memory_bytes{version="1"}')).toBeGreaterThan(10_000_000);
  expect([...samples.keys()].some((name) => name.startsWith('clearmirror_nodejs_eventloop_lag'))).toBe(true);
});

test('invented methods make no series of their own, and labels cannot break out', async () => {
  const metrics = createMetrics({ version: '1' });
  for (const method of ['BREW', 'get', 'X"}\nevil 1', 'PROPFIND']) {
    metrics.requestAnswered({ method, route: 'none', status: 404, ms: 1 });
  }
  metrics.screened({ verdict: 'a"}\nevil 1' });
  const samples = await samplesOf(metrics);
  const name = 'clearmirror_http_request_duration_seconds_count';
  expect(samples.get(`${name}{version="1",method="other",route="none",status="404"}`)).toBe(4);
  expect([...samples.keys()].filter((key) => key.startsWith('evil'))).toEqual([]);
});

test('two in one process do not count for each other, and the global registry stays empty', async () => {
  const [one, two] = [createMetrics({ version: '1' }), createMetrics({ version: '1' })];
  one.screened({ verdict: 'some' });
  expect((await samplesOf(two)).get('clearmirror_screenings_total{verdict="some",version="1"}')).toBeUndefined();
  expect(await register.metrics()).toBe('\n');
});

test('measuring does not keep a process alive', () => {
  const script = `
    const { createMetrics } = await import(${JSON.stringify(new URL('./metrics.ts', import.meta.url).href)});
    await createMetrics({ version: '1' }).render();`;
  const { status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { timeout: 60_000 });
  expect(status).toBe(0);
});
