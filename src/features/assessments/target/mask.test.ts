import { describe, expect, test } from 'vitest';
import type { Answer, Client } from './client.ts';
import { mask, maskFor, withoutSecrets } from './mask.ts';

const secret = 'abc/def+ghi"钥=';

const spelled = [
  ['as it is', secret],
  ['in an address', encodeURIComponent(secret)],
  ['in an address, in small letters', encodeURIComponent(secret).toLowerCase()],
  ['in JSON', JSON.stringify(secret).slice(1, -1)],
  ['in the JSON of PHP', JSON.stringify(secret).slice(1, -1).replace('/', '\\/').replace('钥', '\\u94a5')],
  ['in HTML', secret.replace('"', '&quot;').replace('/', '&#x2F;').replace('钥', '&#38053;')],
] as const;

describe('a key that a service says back is taken out', () => {
  test.each(spelled)('%s', (_, form) => {
    expect(maskFor({ key: secret })(`before ${form} after`)).toBe(`before ${mask} after`);
  });

  test.each(spelled)('of its answer: body, address and type, %s', async (_, form) => {
    const url = `https://shimmer.example/f?token=${form}`;
    const answer: Answer = { status: 200, url, type: `text/plain; key=${form}`, bytes: Buffer.from(form), ms: 1 };
    const client: Client = { asked: () => 0, ask: async () => answer };
    const said = await withoutSecrets(client, { 'secret.key': secret, item: 'x' }).ask({
      ...{ method: 'GET', url: new URL('https://shimmer.example/f'), headers: {}, body: null, maxBytes: 1_000 },
    });
    expect([said.bytes.toString(), said.url, said.type]).toEqual([
      mask,
      `https://shimmer.example/f?token=${mask}`,
      `text/plain; key=${mask}`,
    ]);
  });

  test('and nothing else is: bytes that are no text stay as they are', async () => {
    const bytes = Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7) % 256));
    const client: Client = {
      asked: () => 0,
      ask: async () => ({ status: 200, url: 'https://shimmer.example/', type: 'image/png', bytes, ms: 1 }),
    };
    const ask = { method: 'GET', url: new URL('https://shimmer.example/'), headers: {}, body: null, maxBytes: 9_999 };
    expect((await withoutSecrets(client, { 'secret.key': secret }).ask(ask)).bytes).toBe(bytes);
    expect(maskFor({ key: 'short' })('short')).toBe('short');
  });
});
