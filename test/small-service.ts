import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type Target, targetSchema } from '../src/contract/target.ts';

export interface SmallService {
  url: string;
  target: Target;
  /** What was asked, in order: `POST /items`. */
  asked: string[];
  /** Bodies of what was published, by the number they were given. */
  items: Map<string, Buffer>;
  /** SHA-256 of each file that was published, also of those that were taken away again. */
  published: string[];
}

type Misdeed = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * A service that gives back what it was given, and remembers who asked what. `misdeed` may answer instead (and says so by `true`): hang,
 * lie, send people away. Nothing here is idempotent.
 */
export async function openSmallService(misdeed: Misdeed = () => false): Promise<SmallService> {
  const asked: string[] = [];
  const items = new Map<string, Buffer>();
  const published: string[] = [];
  let given = 0;
  const server = createServer((request, response) => {
    const { method = '', url = '' } = request;
    asked.push(`${method} ${url}`);
    const respond = (body: Buffer) => {
      if (misdeed(request, response)) return;
      const [, kind, id = ''] = url.split('/');
      const found = items.get(id);
      if (method === 'POST' && url === '/items') {
        const number = String(++given);
        const file = fileIn(body);
        items.set(number, file);
        published.push(createHash('sha256').update(file).digest('hex'));
        answer(response, 201, { id: number });
      } else if (method === 'DELETE') answer(response, items.delete(id) ? 200 : 404, {});
      else if (kind === 'items' && found)
        answer(response, 200, { state: 'ready', renditions: [{ name: 'original', url: `/files/${id}` }] });
      else if (kind === 'files' && found) response.end(found);
      else answer(response, 404, { code: 'unknown' });
    };
    // Who is killed while sending has published nothing.
    readBody(request).then(respond, () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, asked, items, published, target: targetAt(url) };
}

export function targetAt(url: string): Target {
  return targetSchema.parse({
    hosts: [url],
    perSecond: 500,
    timeoutSeconds: 2,
    publish: {
      request: { method: 'POST', path: '/items', form: { file: '{{sample}}' } },
      item: '$.id',
      formats: ['png'],
    },
    item: {
      request: { path: '/items/{{item}}' },
      ready: { path: '$.state', is: ['ready'] },
      readySeconds: 2,
      renditions: { each: '$.renditions[*]', name: '$.name', url: '$.url' },
    },
    remove: { request: { method: 'DELETE', path: '/items/{{item}}' } },
  });
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** The one file of a multipart body: between the empty line after its heads and the closing boundary. */
function fileIn(body: Buffer): Buffer {
  const boundary = body.subarray(0, body.indexOf('\r\n'));
  return body.subarray(body.indexOf('\r\n\r\n') + 4, body.lastIndexOf(boundary) - 2);
}
