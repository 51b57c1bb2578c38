import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { type PublicSign, publicSigns, type Target } from '../../contract/target.ts';
import type { Journal } from './journal.ts';
import { formats, type Sample } from './samples/sample.ts';
import type { Answer } from './target/client.ts';
import { TargetFailure } from './target/failure.ts';
import { allAt, type Json, readJson, requiredAt, type Service, textAt, type Upload } from './target/service.ts';

export interface Rendition {
  name: string;
  url: string;
}

/** A sample as the public gets it. */
export interface Published {
  item: string;
  renditions: Rendition[];
  /** Null where the state does not tell it, or by words that the target does not list. */
  sign: PublicSign | null;
}

/** Publishes a sample once, however often it is asked to, and waits until the public would get it. */
export async function publishSample(
  sample: Sample,
  { service, journal, signal }: { service: Service; journal: Journal; signal: AbortSignal },
): Promise<Published> {
  const sent = await send(sample, service, journal);
  if ('item' in sent) return whenReady(sent.item, service, signal);
  const { status, url } = sent.refusal;
  throw new TargetFailure('status', { status, place: new URL(url).pathname });
}

/** What became of a sample that the service may refuse. */
export type Offered =
  | { state: 'published'; published: Published }
  /** With a client error; `body` is null where it is no JSON. */
  | { state: 'refused'; status: number; body: Json | null };

/** The same for what a service may well refuse. */
export async function offerSample(
  sample: Sample,
  { service, journal, signal }: { service: Service; journal: Journal; signal: AbortSignal },
): Promise<Offered> {
  const sent = await send(sample, service, journal);
  if ('item' in sent) return { state: 'published', published: await whenReady(sent.item, service, signal) };
  return { state: 'refused', status: sent.refusal.status, body: parsed(sent.refusal.bytes) };
}

function parsed(bytes: Buffer): Json | null {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return null;
  }
}

async function send(
  sample: Sample,
  service: Service,
  journal: Journal,
): Promise<{ item: string } | { refusal: Answer }> {
  const { publish } = service.target;
  if (!publish) throw new Error('nothing can be published');
  const before = journal.publication(sample.id);
  if (before.state === 'published') return { item: before.item };
  // Sent, and then the line went dead: asked again only where the service promises to do it once.
  if (before.state === 'unknown' && !publish.onceByKey) throw new TargetFailure('unknown-whether-published');
  const answer = await service.ask(publish.request, valuesFor(sample, publish), {
    upload: await uploadOf(sample),
    onSending: () => journal.note({ line: 'publishing', sample: sample.id }),
    ...(publish.onceByKey ? { headers: { [publish.onceByKey]: `{{run}}-${sample.id}` } } : {}),
  });
  if (answer.status >= 400 && answer.status < 500) {
    await journal.note({ line: 'refused', sample: sample.id });
    return { refusal: answer };
  }
  const item = requiredAt(publish.item, readJson(answer));
  await journal.note({ line: 'published', sample: sample.id, item, as: 'usual' });
  return { item };
}

/** Leaves a room that was joined. One that cannot be left stays in the journal. */
export async function leaveRoom(
  { name, leave }: NonNullable<Target['rooms']>[number],
  item: string,
  { service, journal }: { service: Service; journal: Journal },
): Promise<void> {
  if (!leave) return;
  try {
    const { status } = await service.ask(leave, { item });
    if (isGone(status)) await journal.note({ line: 'left', room: name, item });
  } catch (error) {
    if (!(error instanceof TargetFailure)) throw error;
  }
}

/** Of the answer to taking something away. */
export function isGone(status: number): boolean {
  return status < 300 || status === 404 || status === 410;
}

export function valuesFor({ treatment }: Pick<Sample, 'treatment'>, { declared }: NonNullable<Target['publish']>) {
  const said = treatment === 'declared' || treatment === 'known' ? declared?.yes : declared?.no;
  return { declared: said ?? '' };
}

export async function uploadOf({ path, id, format }: Sample): Promise<Upload> {
  return {
    bytes: await readFile(path),
    name: `${id}.${format === 'jpeg' ? 'jpg' : format}`,
    mime: formats[format].mime,
  };
}

async function whenReady(item: string, service: Service, signal: AbortSignal): Promise<Published> {
  const asked = service.target.item;
  if (!asked) throw new Error('the state of an item cannot be asked');
  const until = performance.now() + asked.readySeconds * 1000;
  for (let pauseMs = 100; ; pauseMs = Math.min(2_000, pauseMs * 1.5)) {
    const state = await service.askJson(asked.request, { item });
    const told = textAt(asked.ready.path, state);
    if (told !== null && asked.ready.is.includes(told))
      return { item, renditions: renditionsIn(asked.renditions, state), sign: signIn(asked.sign, state) };
    if (performance.now() > until) throw new TargetFailure('never-ready', { seconds: asked.readySeconds });
    await wait(pauseMs, undefined, { signal });
  }
}

export function renditionsIn(
  { each, name, url }: { each: string; name: string; url: string },
  answer: Json,
): Rendition[] {
  const found = allAt(each, answer);
  // Nothing to look at is nothing that was kept.
  if (found.length === 0) throw new TargetFailure('nothing-there', { path: each });
  if (found.length > mostRenditions) throw new TargetFailure('too-many-renditions', { count: found.length });
  return found.map((one) => ({ name: requiredAt(name, one), url: requiredAt(url, one) }));
}

/** attacker-controlled number: each is fetched and examined. */
const mostRenditions = 50;

/** Words that nobody listed are no sign: `none`. */
function signIn(sign: NonNullable<Target['item']>['sign'], state: Json): PublicSign | null {
  if (!sign) return null;
  const told = textAt(sign.path, state);
  const known = publicSigns.find((one) => one !== 'none' && told !== null && sign.says[one].includes(told));
  return known ?? 'none';
}
