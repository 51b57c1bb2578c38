import { createHash } from 'node:crypto';
import { open, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Card, cardSchema, maxCardBytes, maxModelBytes } from '../../contract/card.ts';
import type { Lang } from '../../contract/lang.ts';
import { parseIn } from '../../contract/parse-in.ts';
import { errorCode } from '../../platform/error-code.ts';
import { settle, writeDurably } from '../../platform/shelf.ts';
import { changeModels, describeIssues, installedSchema, listModels, type ModelFolders } from './installed.ts';
import { refuse } from './refusal.ts';
import { type TryModel, tryInChild } from './try-in-child.ts';

export interface AddModel extends ModelFolders {
  /** A folder with `card.json` and the model it names, or an ONNX file. */
  source: string;
  /** The card when it does not lie in the folder. */
  cardFile?: string | undefined;
  /** Takes the place of another version of the same id. */
  replace: boolean;
  now: Date;
  lang: Lang;
  /** Where the foreign model is loaded for the first time; a plain child process unless the box is given. */
  tryModel?: TryModel | undefined;
}

export interface AddedModel {
  card: Card;
  state: 'added' | 'replaced' | 'unchanged';
}

/**
 * Takes a detector into the data folder, or throws the Problem that says why not; then nothing was changed.
 * The model is copied first and only the copy is hashed, tried and kept, so that nobody can swap it in between.
 */
export async function addModel(request: AddModel): Promise<AddedModel> {
  const { dataFolder, now, lang, tryModel = tryInChild() } = request;
  const { modelFile, cardFile } = await locate(request);
  const described = await readCard(cardFile, lang);
  const source = modelFile ?? join(dirname(cardFile), described.model.file);
  await checkSize(source, described, lang);
  // On the shelf every model has the same name.
  const card: Card = { ...described, model: { ...described.model, file: 'model.onnx' } };

  // A detector that is there already needs no folder that can be written.
  if (stateAfter(request, card) === 'unchanged') return { card, state: 'unchanged' };
  return changeModels(dataFolder, lang, async ({ place }) => {
    // Asked once more, now that nobody else can change the answer.
    const state = stateAfter(request, card);
    if (state === 'unchanged') return { card, state };
    await place(card.id, async (draft) => {
      await copyChecked(source, join(draft, 'model.onnx'), card, lang);
      const result = await tryModel(join(draft, 'model.onnx'), card);
      if (!result.ok) throw refuse(lang, `model-${result.code}`, { file: basename(source), reason: result.reason });
      await writeDurably(join(draft, 'card.json'), toJson(card));
      await writeDurably(join(draft, 'installed.json'), toJson(installedRecord(request.source, now)));
    });
    return { card, state };
  });
}

/** What adding the card does to what is installed; refuses to replace unasked. */
function stateAfter({ dataFolder, root, replace, lang }: AddModel, card: Card): AddedModel['state'] {
  const { models, broken } = listModels({ dataFolder, root });
  const present = models.find((model) => model.card.id === card.id);
  if (present && isDeepStrictEqual(present.card, card)) return 'unchanged';
  if (!present && !broken.some(({ id }) => id === card.id)) return 'added';
  if (replace) return 'replaced';
  throw refuse(lang, 'model-exists', { id: card.id, version: card.version, present: present?.card.version ?? '?' });
}

async function locate({ source, cardFile, lang }: AddModel): Promise<{ modelFile: string | null; cardFile: string }> {
  const given = await statOrNull(source);
  if (!given) throw refuse(lang, 'model-path-missing', { path: source });
  if (given.isDirectory()) return { modelFile: null, cardFile: cardFile ?? join(source, 'card.json') };
  // A card that merely lies beside a model is not taken for its own.
  if (cardFile === undefined) throw refuse(lang, 'model-no-card', { path: source });
  return { modelFile: source, cardFile };
}

async function readCard(cardFile: string, lang: Lang): Promise<Card> {
  const found = await statOrNull(cardFile);
  if (!found?.isFile()) throw refuse(lang, 'model-no-card', { path: cardFile });
  if (found.size > maxCardBytes) throw refuse(lang, 'model-card-too-large', { limit: maxCardBytes / 1024 });
  let value: unknown;
  try {
    value = JSON.parse(await readFile(cardFile, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 200) : '';
    throw refuse(lang, 'model-card-not-json', { path: cardFile, reason });
  }
  const card = parseIn(cardSchema, value, lang);
  if (!card.success) throw refuse(lang, 'model-card-invalid', { reason: describeIssues(card.issues) });
  return card.data;
}

async function checkSize(source: string, card: Card, lang: Lang): Promise<void> {
  const found = await statOrNull(source);
  // Also keeps pipes and devices from being opened.
  if (!found?.isFile()) throw refuse(lang, 'model-file-missing', { path: source });
  if (found.size > maxModelBytes) throw refuse(lang, 'model-too-large', { limit: maxModelBytes / 1e6 });
  if (found.size !== card.model.bytes) {
    throw refuse(lang, 'model-bytes-mismatch', { bytes: found.size, expected: card.model.bytes });
  }
}

async function copyChecked(source: string, target: string, card: Card, lang: Lang): Promise<void> {
  const hash = createHash('sha256');
  const from = await open(source, 'r');
  const to = await open(target, 'wx', 0o644);
  try {
    const buffer = new Uint8Array(1024 * 1024);
    let copied = 0;
    for (;;) {
      const { bytesRead } = await from.read(buffer, 0, buffer.length);
      if (bytesRead === 0) break;
      copied += bytesRead;
      // It may grow while it is copied.
      if (copied > card.model.bytes) break;
      hash.update(buffer.subarray(0, bytesRead));
      await to.writeFile(buffer.subarray(0, bytesRead));
    }
    const sha256 = hash.digest('hex');
    if (sha256 !== card.model.sha256) {
      throw refuse(lang, 'model-hash-mismatch', { sha256, expected: card.model.sha256 });
    }
    await settle(to);
  } finally {
    await from.close();
    await to.close();
  }
}

function installedRecord(source: string, now: Date): unknown {
  return installedSchema.parse({
    schema: 'clearmirror.installed-model/1',
    installedAt: now.toISOString(),
    from: basename(resolve(source)),
  });
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

async function statOrNull(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP', 'ENAMETOOLONG'].includes(errorCode(error) ?? '')) return null;
    throw error;
  }
}
