import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { onTestFinished } from 'vitest';
import type { Answer, House, Person } from './house.ts';
import { begin, piece } from './screenings.ts';

/** What the journeys of labelling share: a plain picture, an upload for labelling, waiting for the end. */

type As = Person | { key: string } | null;

/** A real provider code, of an invented service number. */
export const producer = '001191110102MAD55U9H0F10001';
export const platform = '001191110102MAD55U9H0F20001';

let drawn = 0;

/** A picture without a label, another one each time. */
export async function plainPicture(format: 'jpeg' | 'png' = 'jpeg'): Promise<Buffer> {
  drawn += 1;
  const background = { r: (drawn * 37) % 256, g: (drawn * 91) % 256, b: 80 + (drawn % 100) };
  const picture = sharp({ create: { width: 160, height: 120, channels: 3, background } });
  return format === 'jpeg' ? picture.jpeg().toBuffer() : picture.png().toBuffer();
}

/** A second of silence in a container that takes no label. */
export function plainSound(ending: string): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'clearmirror-sound-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, `sound.${ending}`);
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', 'anullsrc=r=16000', '-t', '1', file]);
  return readFileSync(file);
}

/** Uploads bytes that wait to be labelled, and returns the id of the upload. */
export async function keep(house: House, as: As, bytes: Buffer, name: string): Promise<string> {
  const url = await begin(house, as, bytes.length, { name, for: 'label' });
  const { status, text } = await piece(house, as, url, 0, bytes);
  if (status !== 204) throw new Error(`${status} ${text}`);
  return url.split('/').at(-1) ?? '';
}

export interface Asked {
  bytes: Buffer;
  name: string;
  plan?: Record<string, unknown>;
}

export async function label(house: House, as: As, { bytes, name, plan }: Asked): Promise<Answer> {
  const id = await keep(house, as, bytes, name);
  return ask(house, as, { file: { from: 'upload', id }, ...(plan ? { plan } : {}) });
}

export function ask(house: House, as: As, body: unknown): Promise<Answer> {
  return house.ask('POST', '/api/v1/labellings', { as, body });
}

/** Waits until it is done, refused or failed, and returns it whole. */
// biome-ignore lint/suspicious/noExplicitAny: tests look at whatever came back
export async function ended(house: House, as: As, id: string): Promise<any> {
  for (;;) {
    const { status, body, text } = await house.ask('GET', `/api/v1/labellings/${id}`, { as });
    if (status !== 200) throw new Error(`${status} ${text}`);
    if (body.state !== 'queued' && body.state !== 'working') return body;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}
