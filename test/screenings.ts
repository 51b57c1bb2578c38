import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer, House, Person } from './house.ts';

/** What the journeys of screening share: real files, raw bodies, the tus protocol by hand. */
export const fixture = (name: string): string => join(new URL('..', import.meta.url).pathname, 'test/fixtures', name);
export const bytesOf = (name: string): Buffer => readFileSync(fixture(name));

type As = Person | { key: string } | null;

export function headersFor(as: As): Record<string, string> {
  if (as === null) return {};
  return 'key' in as
    ? { authorization: `Bearer ${as.key}` }
    : { cookie: as.cookie, 'clearmirror-organisation': as.organisation };
}

/** Sends raw bytes in one request. */
export async function send(house: House, as: As, bytes: Buffer, query: Record<string, string> = {}): Promise<Answer> {
  return raw(house, as, { method: 'POST', url: `/api/v1/screenings?${new URLSearchParams(query)}`, payload: bytes });
}

export interface Raw {
  method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'DELETE' | 'OPTIONS';
  url: string;
  payload?: Buffer;
  headers?: Record<string, string>;
}

export async function raw(
  house: House,
  as: As,
  { method, url, payload, headers = {} }: Raw,
): Promise<Answer & { bytes: Buffer }> {
  const type = payload ? { 'content-type': 'application/octet-stream' } : {};
  const answer = await house.server.inject({
    method,
    url,
    headers: { ...headersFor(as), ...(method === 'GET' ? {} : { origin: house.publicUrl }), ...type, ...headers },
    ...(payload ? { payload } : {}),
  });
  const json = String(answer.headers['content-type'] ?? '').includes('json');
  return {
    status: answer.statusCode,
    body: json && answer.body !== '' ? answer.json() : null,
    text: answer.body,
    headers: answer.headers,
    bytes: answer.rawPayload,
  };
}

/** Waits until the screening is done or failed, and returns it whole. */
// biome-ignore lint/suspicious/noExplicitAny: tests look at whatever came back
export async function settled(house: House, as: As, id: string): Promise<any> {
  for (;;) {
    const { status, body, text } = await house.ask('GET', `/api/v1/screenings/${id}`, { as });
    if (status !== 200) throw new Error(`${status} ${text}`);
    if (body.state === 'done' || body.state === 'failed') return body;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

/** One tus request. */
export function tus(house: House, as: As, request: Raw): Promise<Answer & { bytes: Buffer }> {
  const type = request.method === 'PATCH' ? { 'content-type': 'application/offset+octet-stream' } : {};
  return raw(house, as, { ...request, headers: { 'tus-resumable': '1.0.0', ...type, ...request.headers } });
}

export function metadata(said: Record<string, string>): string {
  return Object.entries(said)
    .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
    .join(',');
}

/** Begins an upload and returns its address. */
export async function begin(house: House, as: As, bytes: number, said: Record<string, string>): Promise<string> {
  const headers = { 'upload-length': String(bytes), 'upload-metadata': metadata(said) };
  const { status, headers: answered, text } = await tus(house, as, { method: 'POST', url: '/api/v1/uploads', headers });
  if (status !== 201) throw new Error(`${status} ${text}`);
  return String(answered['location']);
}

export function piece(
  house: House,
  as: As,
  url: string,
  offset: number,
  payload: Buffer,
  more: Record<string, string> = {},
) {
  return tus(house, as, { method: 'PATCH', url, payload, headers: { 'upload-offset': String(offset), ...more } });
}
