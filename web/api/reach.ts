import { Unreachable } from './problem.ts';

/** Whether the server answers. The frame shows a line while it does not, and asks again by itself. */
export type Reach = { state: 'answers' } | { state: 'silent'; since: number; tries: number };

/** `fetch` that notices silence. A write may be repeated as it is: its Idempotency-Key says that it is the same one. */
export async function reachServer(request: Request): Promise<Response> {
  const repeatable = request.method === 'GET' || request.headers.has('idempotency-key');
  const spare = repeatable ? request.clone() : null;
  try {
    return answered(await fetch(request));
  } catch (error) {
    if (request.signal.aborted) throw error;
    if (spare === null) throw silent(error);
  }
  await pause(700);
  try {
    return answered(await fetch(spare));
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw silent(error);
  }
}

export function watchReach(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function currentReach(): Reach {
  return reach;
}

/** Asks at once, for the person who does not want to wait. */
export async function askAgain(): Promise<void> {
  clearTimeout(timer);
  const ok = await fetch('/healthz', { cache: 'no-store' }).then(
    (response) => response.ok,
    () => false,
  );
  if (ok) change({ state: 'answers' });
  else if (reach.state === 'silent') {
    change({ ...reach, tries: reach.tries + 1 });
    askLater();
  }
}

let reach: Reach = { state: 'answers' };
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

function answered(response: Response): Response {
  if (reach.state === 'silent') change({ state: 'answers' });
  return response;
}

function silent(error: unknown): Unreachable {
  if (reach.state === 'answers') {
    change({ state: 'silent', since: Date.now(), tries: 1 });
    askLater();
  }
  return new Unreachable(error);
}

function change(to: Reach): void {
  reach = to;
  if (to.state === 'answers') clearTimeout(timer);
  for (const listener of listeners) listener();
}

function askLater(): void {
  const tries = reach.state === 'silent' ? reach.tries : 1;
  timer = setTimeout(() => void askAgain(), Math.min(30_000, 1000 * 2 ** tries));
}

function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
