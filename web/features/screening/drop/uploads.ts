import { useSyncExternalStore } from 'react';
import type { Upload } from 'tus-js-client';
import { ApiProblem, Unreachable } from '../../../api/problem.ts';
import { currentReach, watchReach } from '../../../api/reach.ts';
import { rememberBatch } from './batches.ts';
import { isUnderWay, type Purpose, type Said, type Sending, type Way } from './sending.ts';
import { type Parcel, startOrResume, transfer } from './transport.ts';

/** The files on their way. They stay on their way while the person reads other pages. */
export function useSendings(organisation: string, purpose: Purpose = 'screen'): readonly Sending[] {
  const all = useSyncExternalStore(watch, () => sendings);
  return all.filter((sending) => sending.organisation === organisation && sending.purpose === purpose);
}

export function sendFiles(files: { file: File; name: string }[], said: Said & Pick<Parcel, 'organisation' | 'person'>) {
  rememberBatch(said.organisation, said.batch);
  add(files, said);
}

/** Sends files and has each labelled, as the function says, once its bytes are in. */
export function sendToLabel(
  files: { file: File; name: string }[],
  said: Required<Pick<Parcel, 'organisation' | 'person' | 'label'>>,
) {
  add(files, { ...said, batch: null, declared: false });
}

function add(files: { file: File; name: string }[], said: Omit<Parcel, 'file' | 'name'>) {
  const { organisation, batch, label } = said;
  const added = files.map(({ file, name }): Sending => {
    const key = `sending-${nextKey++}`;
    parcels.set(key, { file, name, ...said });
    return { key, organisation, purpose: label ? 'label' : 'screen', batch, name, bytes: file.size, way: idle };
  });
  publish([...sendings, ...added]);
  sendNext();
}

/** Refused here already, before a byte is sent. */
export function refuseFile(
  file: { name: string; bytes: number },
  error: unknown,
  { batch, organisation }: { batch: string | null; organisation: string },
) {
  if (batch !== null) rememberBatch(organisation, batch);
  const way: Way = { is: 'refused', sent: 0, error, again: false };
  const purpose = batch === null ? 'label' : 'screen';
  publish([...sendings, { key: `sending-${nextKey++}`, organisation, purpose, batch, ...file, way }]);
}

export function pause(key: string, why: 'person' | 'silence' = 'person'): void {
  void uploads.get(key)?.abort();
  change(key, ({ way }) => ({ is: 'paused', sent: arrivedOf(way), why }));
  sendNext();
}

export function goOn(key: string): void {
  change(key, ({ way }) => ({ is: 'waiting', sent: arrivedOf(way) }));
  sendNext();
}

/** Takes a file out of the list; what the server has of it is thrown away. */
export function giveUp(key: string): void {
  const upload = uploads.get(key);
  const sending = sendings.find((one) => one.key === key);
  if (upload?.url && sending?.way.is !== 'sent') void upload.abort(true).catch(() => undefined);
  forget(key);
  publish(sendings.filter((one) => one.key !== key));
  sendNext();
}

const idle: Way = { is: 'waiting', sent: 0 };
const atOnce = 3;

let sendings: readonly Sending[] = [];
let nextKey = 1;
const parcels = new Map<string, Parcel>();
const uploads = new Map<string, Upload>();
const listeners = new Set<() => void>();

function sendNext(): void {
  let free = atOnce - sendings.filter(({ way }) => way.is === 'sending').length;
  for (const { key, way } of sendings) {
    if (free <= 0) return;
    if (way.is !== 'waiting') continue;
    begin(key);
    free -= 1;
  }
}

function begin(key: string): void {
  const parcel = parcels.get(key);
  if (!parcel) return;
  const speed = speedometer();
  change(key, ({ way }) => {
    const arrived = arrivedOf(way);
    return { is: 'sending', sent: arrived, arrived, bytesPerSecond: null };
  });
  const stillSending = () => sendings.find((one) => one.key === key)?.way.is === 'sending';
  const heard = {
    wanted: stillSending,
    onBegun: ({ batch }: { batch: string | null }) => {
      if (batch === null || batch === parcel.batch) return;
      rememberBatch(parcel.organisation, batch);
      publish(sendings.map((one) => (one.key === key ? { ...one, batch } : one)));
    },
    onProgress: (sent: number) => {
      const bytesPerSecond = speed(sent);
      if (bytesPerSecond !== undefined) changeSending(key, { sent, bytesPerSecond });
    },
    onArrived: (arrived: number) => changeSending(key, { sent: arrived, arrived }),
    onSent: (sent: { came: string; duplicate: boolean }) => {
      change(key, () => ({ is: 'sent', ...sent }));
      forget(key);
      sendNext();
    },
    onError: (error: unknown) => {
      if (!stillSending()) return;
      if (error instanceof Unreachable || (error instanceof ApiProblem && error.status >= 502)) pause(key, 'silence');
      else change(key, ({ way }) => ({ is: 'refused', sent: arrivedOf(way), error, again: true }));
      sendNext();
    },
  };
  const upload = uploads.get(key) ?? transfer(parcel, heard);
  if (uploads.has(key)) {
    upload.start();
    return;
  }
  uploads.set(key, upload);
  startOrResume(upload, heard).catch(heard.onError);
}

/** Bytes a second, smoothed; undefined between two tellings, which come at most four times a second. */
function speedometer(): (sent: number) => number | null | undefined {
  let at = performance.now();
  let last: number | null = null;
  let smooth: number | null = null;
  return (sent) => {
    const now = performance.now();
    if (last === null) {
      last = sent;
      at = now;
      return null;
    }
    if (now - at < 250) return undefined;
    const measured = Math.max(0, ((sent - last) / (now - at)) * 1000);
    smooth = smooth === null ? measured : smooth * 0.75 + measured * 0.25;
    at = now;
    last = sent;
    return smooth;
  };
}

/** From where it goes on: what was under way when it stopped is sent again. */
function arrivedOf(way: Way): number {
  if (way.is === 'sent') return 0;
  return way.is === 'sending' ? way.arrived : way.sent;
}

function changeSending(key: string, to: Partial<Way & { is: 'sending' }>): void {
  change(key, ({ way }) => (way.is === 'sending' ? { ...way, ...to } : way));
}

function change(key: string, to: (sending: Sending) => Way): void {
  publish(sendings.map((one) => (one.key === key ? { ...one, way: to(one) } : one)));
}

function forget(key: string): void {
  parcels.delete(key);
  uploads.delete(key);
}

function publish(now: readonly Sending[]): void {
  sendings = now;
  for (const listener of listeners) listener();
}

function watch(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What stopped because nobody answered goes on when somebody may answer again. */
function goOnAfterSilence(): void {
  for (const { key, way } of sendings) if (way.is === 'paused' && way.why === 'silence') goOn(key);
}

window.addEventListener('online', goOnAfterSilence);
watchReach(() => currentReach().state === 'answers' && goOnAfterSilence());
setInterval(goOnAfterSilence, 10_000);
window.addEventListener('beforeunload', (event) => {
  if (sendings.some(isUnderWay)) event.preventDefault();
});
