import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Problem } from '../../src/contract/problem.ts';
import { type Account, isProbe, requireCaller, requireStaff, requireVerified } from './access.ts';
import { type Accepted, acceptUpload } from './intake.ts';
import type { Item } from './items.ts';
import { readUpload } from './reading.ts';
import { makeRenditions } from './renditions.ts';
import type { Shimmer } from './shimmer.ts';
import { decideLabel, decideSign } from './signs.ts';
import { receiveUpload, type Upload } from './uploads.ts';

const idSchema = z.object({ id: z.string() });
const fileSchema = z.object({ id: z.string(), name: z.string() });
const declaredSchema = z.enum(['generated', 'no']);

/** Publishing, looking and taking away. */
export function addMediaRoutes(server: FastifyInstance, shimmer: Shimmer): void {
  const { gaps, items, log } = shimmer;
  const begun = new Map<string, Promise<Item>>();

  server.post('/api/media', async (request, reply) => {
    const caller = gaps.has('publishing-without-identity') ? requireCaller(request) : requireVerified(request);
    const key = keyOf(request, caller);
    const upload = await receiveUpload(request, 'file', shimmer.folder);
    const before = key === null ? undefined : begun.get(key);
    if (before) {
      await upload.discard();
      const { id, now } = await before;
      return { id, state: now.state };
    }
    const publishing = publish(request, caller, upload).catch(async (error: unknown) => {
      // What was refused may be tried again under the same key.
      if (key !== null) begun.delete(key);
      await upload.discard();
      throw error;
    });
    if (key !== null) begun.set(key, publishing);
    const { id } = await publishing;
    return reply.code(201).send({ id, state: 'processing' });
  });

  async function publish(request: FastifyRequest, caller: Account, { path, fields }: Upload): Promise<Item> {
    const declared = declaredSchema.safeParse(fields.get('declared')).data;
    if (!declared) throw new Problem('declared-missing', 'Say declared: "generated" or "no".', { status: 400 });
    const found = await shimmer.jobs.run(() => takeIn(path, shimmer), 'soon');
    const item = await items.begin({ owner: caller.name, at: shimmer.now(), listed: !isProbe(request) });
    const accepted = { ...found, path: join(item.folder, 'upload') };
    await rename(path, accepted.path);
    log.write(request, { account: caller.name, operation: 'publish', item: item.id });
    void items.settle(item, () =>
      shimmer.jobs.run(() => prepare(item, accepted, declared === 'generated', shimmer), 'later'),
    );
    return item;
  }

  server.get('/api/media/:id', async ({ params }) => describe(items.find(idSchema.parse(params).id)));

  server.get('/media/:id/:name', async ({ params }, reply) => {
    const { id, name } = fileSchema.parse(params);
    const { now } = items.find(id);
    const rendition = now.state === 'ready' ? now.renditions.find((one) => one.name === name) : undefined;
    if (!rendition) throw new Problem('not-found', 'There is no such rendition.', { status: 404 });
    reply.type(rendition.contentType);
    return reply.sendFile(rendition.path.slice(shimmer.folder.length), { contentType: false });
  });

  server.post('/api/media/:id/known', async (request, reply) => {
    const { name: account } = requireStaff(request);
    const item = items.find(idSchema.parse(request.params).id);
    const { now } = item;
    const original = now.state === 'ready' ? now.renditions.find(({ name }) => name === 'original') : undefined;
    if (!original) throw new Problem('not-ready', 'There is nothing to know it by yet.', { status: 409 });
    await shimmer.jobs.run(
      async () => shimmer.knownFakes.add(item.id, await acceptUpload(original.path, gaps)),
      'soon',
    );
    log.write(request, { account, operation: 'known-fake', item: item.id });
    return reply.code(204).send();
  });

  server.delete('/api/media/:id', async (request, reply) => {
    const caller = requireCaller(request);
    const item = items.find(idSchema.parse(request.params).id);
    if (item.owner !== caller.name && !caller.staff) {
      throw new Problem('not-yours', 'Only its owner or staff may delete it.', { status: 403 });
    }
    await items.remove(item);
    // Tests leave nothing behind; what people published stays known when they delete it.
    if (!item.listed) shimmer.knownFakes.forget(item.id);
    log.write(request, { account: caller.name, operation: 'delete', item: item.id });
    return reply.code(204).send();
  });
}

async function takeIn(path: string, { gaps, knownFakes }: Shimmer): Promise<Accepted> {
  const accepted = await acceptUpload(path, gaps);
  if (await knownFakes.recognises(accepted))
    throw new Problem('known-fake', 'This is a copy of something that is known to be fake.', { status: 422 });
  return accepted;
}

async function prepare(
  item: Item,
  upload: Accepted,
  declared: boolean,
  { credentials, gaps, tools }: Shimmer,
): Promise<Item['now']> {
  const reading = await readUpload(upload, tools);
  const sign = decideSign(reading, { declared }, gaps);
  const label = decideLabel(sign, reading, item.id, gaps);
  const { manifest, declared: said } = reading;
  const renew = said && !gaps.has('credentials-stripped') ? { said, credentials } : null;
  const renditions = await makeRenditions(upload, { folder: item.folder, label, manifest, renew, gaps, tools });
  return { state: 'ready', sign, renditions };
}

/** As the API tells an item. */
export function describe({ id, now }: Item) {
  if (now.state !== 'ready') return { id, state: now.state, sign: 'none', renditions: [] };
  const renditions = now.renditions.map(({ name, contentType }) => ({
    name,
    url: `/media/${id}/${name}`,
    type: contentType,
  }));
  return { id, state: now.state, sign: now.sign, renditions };
}

function keyOf({ headers }: FastifyRequest, { name }: Account): string | null {
  const key = headers['idempotency-key'];
  return typeof key === 'string' && key !== '' ? `${name} ${key}` : null;
}
