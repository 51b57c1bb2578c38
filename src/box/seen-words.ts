import { readFileSync } from 'node:fs';
import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { z } from 'zod';

export interface SeenWords {
  /** What a person would see, frames where they stand. */
  words: string;
  /** Addresses of frames that are seen and could not be read. */
  unread: string[];
}

const visibleWords = readFileSync(new URL('./visible-words.js', import.meta.url), 'utf8');
const longest = 1_000_000;
/** attacker-controlled number and depth. */
const mostFrames = 20;
const deepest = 5;

const seenSchema = z.object({ parts: z.array(z.string()).min(1), views: z.array(z.unknown()) });

/** The words of a page and of the frames in it, each read in a world of its own (visible-words.js). Throws when the page itself cannot be read. */
export async function readSeenWords(context: BrowserContext, page: Page, timeout: number): Promise<SeenWords> {
  const session = await context.newCDPSession(page);
  const { frameTree } = await session.send('Page.getFrameTree');
  const unread: string[] = [];
  const reader = { session, timeout, unread, frames: framesOf(frameTree), left: mostFrames };
  const words = await readFrame(reader, frameTree.frame.id, null, deepest);
  return { words: words.slice(0, longest), unread };
}

type FrameTree = Awaited<ReturnType<typeof getFrameTree>>['frameTree'];
const getFrameTree = (session: CDPSession) => session.send('Page.getFrameTree');
type Frame = FrameTree['frame'];

interface Reader {
  session: CDPSession;
  timeout: number;
  unread: string[];
  frames: Map<string, Frame>;
  left: number;
}

function framesOf({ frame, childFrames = [] }: FrameTree): Map<string, Frame> {
  return new Map([[frame.id, frame], ...childFrames.flatMap((child) => [...framesOf(child)])]);
}

async function readFrame(reader: Reader, frameId: string, view: unknown, depth: number): Promise<string> {
  const { session, timeout } = reader;
  const world = await session.send('Page.createIsolatedWorld', { frameId, worldName: 'clearmirror' });
  const { result } = await told(
    session.send('Runtime.evaluate', {
      contextId: world.executionContextId,
      expression: `${visibleWords}\nseeWords(${JSON.stringify(view)})`,
      timeout,
    }),
  );
  const objectId = z.string().parse(result.objectId);
  const values = await told(
    session.send('Runtime.callFunctionOn', {
      objectId,
      functionDeclaration: 'function () { return { parts: this.parts, views: this.frames.map((one) => one.view) } }',
      returnByValue: true,
    }),
  );
  const { parts, views } = seenSchema.parse(values.result.value);
  const words = [parts[0] ?? ''];
  for (const [at, inner] of views.entries()) {
    words.push(' ', await readInner(reader, { objectId, at, view: inner }, depth - 1), ' ', parts[at + 1] ?? '');
  }
  return words.join('');
}

interface Inner {
  /** What visible-words.js answered in the frame around. */
  objectId: string;
  at: number;
  view: unknown;
}

/** What cannot be read says nothing: it is told. */
async function readInner(reader: Reader, { objectId, at, view }: Inner, depth: number): Promise<string> {
  const { session, frames, unread } = reader;
  const element = await told(
    session.send('Runtime.callFunctionOn', {
      objectId,
      functionDeclaration: 'function (at) { return this.frames[at].element }',
      arguments: [{ value: at }],
    }),
  );
  const { node } = await session.send('DOM.describeNode', { objectId: z.string().parse(element.result.objectId) });
  // An object or an embedded picture.
  if (node.frameId === undefined) return '';
  const frame = frames.get(node.frameId);
  // Nothing came: the browser shows a page of its own there, and what it wanted has been told.
  if (frame?.unreachableUrl !== undefined) return '';
  if (frame !== undefined && depth > 0 && reader.left > 0) {
    reader.left -= 1;
    try {
      return await readFrame(reader, frame.id, view, depth);
    } catch {
      // It has gone meanwhile, or holds its reader up.
    }
  }
  unread.push(frame?.url ?? 'about:blank');
  return '';
}

async function told<T extends { exceptionDetails?: { text: string } | undefined }>(answer: Promise<T>): Promise<T> {
  const { exceptionDetails, ...rest } = await answer;
  if (exceptionDetails) throw new Error(exceptionDetails.text);
  return rest as T;
}
