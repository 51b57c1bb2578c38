import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { AssessmentRecord } from '../../src/contract/assessment.ts';
import { clearmirror } from '../clearmirror.ts';
import { prepareSmallRun, readRecord } from '../small-run.ts';
import { openSmallService } from '../small-service.ts';

/* `clearmirror assess` against services that mean harm: clear results, no hang, nothing asked elsewhere, nothing that ends the run. */

type Misdeed = (request: IncomingMessage, response: ServerResponse) => boolean;

async function assess(misdeed: Misdeed, more: { target?: object; env?: Record<string, string> } = {}) {
  const service = await openSmallService(misdeed);
  const { out, words } = prepareSmallRun({ ...service.target, ...more.target }, { samples: 6 });
  const run = await clearmirror(words, more.env ? { env: more.env } : {});
  const text = readFileSync(join(out, 'assessment.json'), 'utf8');
  const record = readRecord(out);
  const requests = readFileSync(join(out, 'requests.ndjson'), 'utf8');
  return { service, run, record, text, requests };
}

const codesOf = ({ probes }: AssessmentRecord) => [
  ...new Set(probes.flatMap(({ trials }) => trials.map(({ code }) => code))),
];
const isState = ({ url }: IncomingMessage) => url?.startsWith('/items/') === true;
const isFile = ({ url }: IncomingMessage) => url?.startsWith('/files/') === true;
const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const many = (count: number) =>
  JSON.stringify({ state: 'ready', renditions: Array.from({ length: count }, () => ({ name: 'n', url: '/files/1' })) });

test.each<[string, Misdeed, string]>([
  [
    'a hundred thousand renditions',
    (request, response) => isState(request) && Boolean(response.end(many(100_000))),
    'target-too-many-renditions',
  ],
  [
    'an answer nested a hundred thousand deep',
    (request, response) => isState(request) && Boolean(response.end(nested(100_000))),
    'target-never-ready',
  ],
  [
    'an answer nested five thousand deep',
    (request, response) => isState(request) && Boolean(response.end(nested(5_000))),
    'target-never-ready',
  ],
  [
    'a name of a megabyte',
    (request, response) =>
      isState(request) &&
      Boolean(
        response.end(JSON.stringify({ state: 'ready', renditions: [{ name: 'n'.repeat(1e6), url: '/files/1' }] })),
      ),
    'target-nothing-there',
  ],
  [
    'an address that is none',
    (request, response) =>
      isState(request) &&
      Boolean(response.end(JSON.stringify({ state: 'ready', renditions: [{ name: 'n', url: 'http://[' }] }))),
    'target-nothing-there',
  ],
  [
    'an address of another scheme',
    (request, response) =>
      isState(request) &&
      Boolean(response.end(JSON.stringify({ state: 'ready', renditions: [{ name: 'n', url: 'file:///etc/passwd' }] }))),
    'target-elsewhere',
  ],
  [
    'redirects in a circle',
    (request, response) => isFile(request) && Boolean(response.writeHead(302, { location: request.url ?? '' }).end()),
    'target-too-many-redirects',
  ],
  [
    'a redirect to another port',
    (request, response) =>
      isFile(request) && Boolean(response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end()),
    'target-elsewhere',
  ],
  [
    'a body that trickles',
    (request, response) => {
      if (!isFile(request)) return false;
      const timer = setInterval(() => response.write('x'), 200);
      response.on('close', () => clearInterval(timer));
      return true;
    },
    'target-too-slow',
  ],
  [
    'a body that breaks off',
    (request, response) => {
      if (!isFile(request)) return false;
      response.writeHead(200, { 'content-length': 1_000_000 }).write('x');
      setTimeout(() => response.destroy(), 50);
      return true;
    },
    'target-no-answer',
  ],
])(
  '%s: unclear, said so, and the run goes on to its end',
  async (_name, misdeed, code) => {
    const { run, record } = await assess(misdeed, { target: { timeoutSeconds: 2 } });
    expect(run.code).toBe(0);
    expect(codesOf(record)).toEqual([code]);
    expect(record.requirements.every(({ result }) => result !== 'conforms' && result !== 'fails')).toBe(true);
    expect(record.requests).toBeLessThan(400);
  },
  120_000,
);

test('escape codes and direction overrides in names reach neither terminal nor line', async () => {
  const name = '\u001b]0;owned\u0007\u001b[31mred\u202egnp.exe\r\nsecond line';
  const { run, record } = await assess(
    (request, response) =>
      isState(request) &&
      Boolean(
        response.end(
          JSON.stringify({
            state: 'ready',
            renditions: [{ name, url: request.url?.replace('/items/', '/files/') }],
          }),
        ),
      ),
  );
  expect([run.code, run.err]).toEqual([0, '']);
  // The name is told, without what would act on a terminal.
  expect(run.out).toContain('second line');
  expect(record.probes.flatMap(({ trials }) => trials).length).toBeGreaterThan(0);
  expect(run.out.replace(/\u001b\[\d+(;\d+)*m/g, '')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e]/);
  expect(run.out).not.toContain('second line\n');
}, 60_000);

test('a secret that the service says back stands in no record, no log and on no terminal', async () => {
  const { run, text, requests } = await assess(
    (request, response) =>
      isState(request) &&
      Boolean(
        response.end(
          JSON.stringify({
            state: 'ready',
            renditions: [
              { name: String(request.headers['authorization']), url: `/files/${request.headers['authorization']}` },
            ],
          }),
        ),
      ),
    {
      target: { headers: { authorization: 'Bearer {{secret.key}}' }, secrets: { key: { env: 'SMALL_KEY' } } },
      env: { SMALL_KEY: 'moonlight-on-bronze' },
    },
  );
  for (const place of [run.out, run.err, text, requests]) expect(place).not.toContain('moonlight-on-bronze');
}, 60_000);
