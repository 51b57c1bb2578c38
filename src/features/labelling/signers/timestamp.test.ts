import { createHash } from 'node:crypto';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AsnConvert } from '@peculiar/asn1-schema';
import { TimeStampReq } from '@peculiar/asn1-tsp';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { makeTimestampAuthority } from '../../../../test/signing/make-timestamps.ts';
import { openTimestamping } from './timestamp.ts';

const authority = makeTimestampAuthority();
const message = new Uint8Array(Buffer.from('a signature'));
let server: Server;
let url = '';
let answer: (query: Buffer, response: ServerResponse) => void;
const honest: typeof answer = (query, response) => {
  response.setHeader('content-type', 'application/timestamp-reply');
  response.end(authority.reply(query));
};
const asked: { query: Buffer; type: string }[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      const query = Buffer.concat(parts);
      asked.push({ query, type: request.headers['content-type'] ?? '' });
      answer(query, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => server.close());
afterEach(() => server.closeAllConnections());

test('a token over the message, and its length is remembered', async () => {
  answer = honest;
  const timestamping = openTimestamping({ url });
  const token = await timestamping.stamp(message);
  expect(authority.verifies(message, token)).toBe(true);
  expect(authority.verifies(Buffer.from('another'), token)).toBe(false);
  expect(timestamping.tokenBytes).toBe(token.length);
  expect(asked.at(-1)?.type).toBe('application/timestamp-query');
});

test('every request has its own nonce and asks for certificates', async () => {
  answer = honest;
  const timestamping = openTimestamping({ url });
  await timestamping.stamp(message);
  await timestamping.stamp(message);
  const [first, second] = asked.slice(-2).map(({ query }) => AsnConvert.parse(query, TimeStampReq));
  expect([first?.certReq, second?.certReq]).toEqual([true, true]);
  expect(Buffer.from(first?.nonce ?? new ArrayBuffer(0)).length).toBe(16);
  expect(Buffer.from(first?.nonce ?? new ArrayBuffer(0))).not.toEqual(Buffer.from(second?.nonce ?? new ArrayBuffer(0)));
});

/** The query of somebody else: over other bytes, with another nonce, or without one. */
function altered(query: Buffer, change: (request: TimeStampReq) => void): Buffer {
  const request = AsnConvert.parse(query, TimeStampReq);
  change(request);
  return Buffer.from(AsnConvert.serialize(request));
}

test.each<[string, typeof answer, string]>([
  [
    'a token over something else',
    (query, response) => {
      const imprint = createHash('sha256').update(message).digest();
      query.fill(7, query.indexOf(imprint), query.indexOf(imprint) + 32);
      honest(query, response);
    },
    'timestamp-wrong-imprint',
  ],
  [
    'a token for another request',
    (query, response) =>
      honest(
        altered(query, (request) => Object.assign(request, { nonce: new Uint8Array([66, 1]).buffer })),
        response,
      ),
    'timestamp-wrong-nonce',
  ],
  [
    'a token for any request',
    (query, response) =>
      honest(
        altered(query, (request) => Reflect.deleteProperty(request, 'nonce')),
        response,
      ),
    'timestamp-wrong-nonce',
  ],
  [
    'a token without certificates',
    (query, response) =>
      honest(
        altered(query, (request) => Object.assign(request, { certReq: false })),
        response,
      ),
    'timestamp-bad-answer',
  ],
  // TimeStampResp with status 2, rejection.
  ['a rejection', (_, response) => response.end(Buffer.from('30053003020102', 'hex')), 'timestamp-refused'],
  ['granted, but nothing', (_, response) => response.end(Buffer.from('30053003020100', 'hex')), 'timestamp-bad-answer'],
  ['garbage', (_, response) => response.end('no time today'), 'timestamp-bad-answer'],
  ['nothing', (_, response) => response.end(), 'timestamp-bad-answer'],
  ['an error', (_, response) => response.writeHead(503).end(), 'timestamp-refused'],
  ['a redirect', (_, response) => response.writeHead(302, { location: '/' }).end(), 'timestamp-refused'],
  ['too much', (_, response) => response.end(Buffer.alloc(200_000)), 'timestamp-answer-too-large'],
  ['a cut connection', (_, response) => response.destroy(), 'timestamp-unreachable'],
  ['nothing for long', () => {}, 'timestamp-too-slow'],
])('%s: refused', async (_, answering, code) => {
  answer = answering;
  const timestamping = openTimestamping({ url, timeoutMs: code === 'timestamp-too-slow' ? 300 : 10_000 });
  await expect(timestamping.stamp(message)).rejects.toMatchObject({ code });
  expect(timestamping.tokenBytes).toBeUndefined();
});

test.each(['no address', 'file:///etc/hosts'])('%s is no address of an authority', (address) => {
  expect(() => openTimestamping({ url: address })).toThrow(
    expect.objectContaining({ code: 'timestamp-address-invalid' }),
  );
});
