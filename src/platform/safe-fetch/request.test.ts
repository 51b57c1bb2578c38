import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { codeOf } from '../../../test/refusal.ts';
import { ask } from './request.ts';

test('a connection that ended up elsewhere than checked is closed before anything is asked', async () => {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const how = { authorities: '', connectMs: 5000, headersMs: 5000, signal: new AbortController().signal };
  // A written-out address is connected to without a look-up, so only the check of the peer can notice.
  const url = new URL(`http://127.0.0.1:${port}/`);
  expect(await codeOf(() => ask({ url, addresses: ['127.1.0.1'] }, how))).toBe('address-private');
  expect(asked).toBe(0);
  (await ask({ url, addresses: ['127.0.0.1'] }, how)).destroy();
  expect(asked).toBe(1);
  server.closeAllConnections();
  server.close();
});
