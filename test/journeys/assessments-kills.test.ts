import { expect, test } from 'vitest';
import type { Assessment } from '../../src/contract/assessments.ts';
import { newFolder } from '../new-folder.ts';
import { enterFirst, type Served, startServing } from '../served.ts';
import { openSmallService } from '../small-service.ts';

/* A server that dies in the middle of a run goes on with it, and publishes nothing twice. */

test('killed and stopped in the middle of a run, the server goes on where it was', async () => {
  const service = await openSmallService();
  const folder = newFolder();
  const words = ['--no-pages', '--workers', '1', '--targets', new URL(service.url).host];
  let served = await startServing(folder, words);
  const headers = { ...(await enterFirst(served)), 'content-type': 'application/json' };

  async function send<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(`${served.address}/api/v1/${path}`, {
      method,
      headers: { ...headers, origin: served.address },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    expect([answer.status < 300, text.slice(0, 300)]).toEqual([true, expect.anything()]);
    return JSON.parse(text);
  }
  const small = { slug: 'small', name: { en: 'Small' }, type: 'site', jurisdictions: ['cn'], features: ['image_gen'] };
  await send('POST', 'services', small);
  const target = { ...service.target, secrets: {}, perSecond: 12 };
  await send('PUT', 'services/small/target', { revision: 0, target });
  const { id } = await send<Assessment>('POST', 'assessments', { service: 'small', rulebooks: ['cn-2025-labelling'] });
  await send('POST', `assessments/${id}/runs`, { samples: 60, probes: ['labels-survive'] });

  const end = { kill: (one: Served) => one.kill(), stop: async (one: Served) => void (await one.stop()) };
  for (const [how, published] of [
    ['kill', 4],
    ['stop', 9],
    ['kill', 14],
  ] as const) {
    while (service.published.length < published) await new Promise((resolve) => setTimeout(resolve, 20));
    await end[how](served);
    served = await startServing(folder, words);
  }
  let whole = await send<Assessment>('GET', `assessments/${id}`);
  while (whole.running) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    whole = await send<Assessment>('GET', `assessments/${id}`);
  }
  const [run] = whole.runs;
  expect([run?.state, run?.starts]).toEqual(['done', 4]);
  // Samples differ from each other: the same bytes twice would be one of them published twice.
  expect(new Set(service.published).size).toBe(service.published.length);
  expect(service.published.length).toBe(21);
  expect(whole.evidence.map(({ kind }) => kind)).toEqual(['probe-run']);
  // Of what was being sent at a kill nobody knows: at most one side by side of four, and never more.
  expect(service.items.size).toBeLessThanOrEqual(8);
  await served.stop();
}, 180_000);
