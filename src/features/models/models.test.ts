import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { refusalOf } from '../../../test/refusal.ts';
import type { Problem } from '../../contract/problem.ts';
import { addModel, installedModels, listModels, removeModel, type TryModel, tryInChild } from './models.ts';

const fixtures = 'test/fixtures/models';
const now = new Date('2026-11-22T08:00:00Z');
let home = '';

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'clearmirror-models-'));
  mkdirSync(join(home, 'root', 'models'), { recursive: true });
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function request(source: string, more: { cardFile?: string; replace?: boolean; tryModel?: TryModel } = {}) {
  return { source, replace: false, now, lang: 'en', ...folders(), ...more } as const;
}
function folders() {
  return { dataFolder: join(home, 'data'), root: join(home, 'root') };
}
function shelf() {
  return join(home, 'data', 'models');
}
function everything(): string[] {
  return existsSync(shelf()) ? readdirSync(shelf(), { recursive: true }).map(String).sort() : [];
}

/** A copy of a toy's folder with its card changed. */
function copyOf(name: string, change: (card: Record<string, unknown>) => object): string {
  const folder = join(home, 'copies', `${name}-${Math.random().toString(36).slice(2)}`);
  cpSync(join(fixtures, name), folder, { recursive: true });
  const card: unknown = JSON.parse(readFileSync(join(folder, 'card.json'), 'utf8'));
  writeFileSync(join(folder, 'card.json'), JSON.stringify(change(Object.assign({}, card))));
  return folder;
}

const works: TryModel = async () => ({ ok: true, inputs: [], outputs: [] });

test('a folder with model and card is taken in, listed and removed', async () => {
  const { state, card } = await addModel(request(join(fixtures, 'toy-loudness')));
  expect({ state, id: card.id }).toEqual({ state: 'added', id: 'toy-loudness' });
  expect(everything()).toEqual([
    'toy-loudness',
    'toy-loudness/card.json',
    'toy-loudness/installed.json',
    'toy-loudness/model.onnx',
  ]);
  expect(listModels(folders())).toMatchObject({
    models: [{ origin: 'installed', installedAt: '2026-11-22T08:00:00.000Z', folder: join(shelf(), 'toy-loudness') }],
    broken: [],
  });
  await removeModel({ id: 'toy-loudness', lang: 'en', ...folders() });
  expect(everything()).toEqual([]);
});

test('what is installed can be read by the box, whatever the umask', async () => {
  const before = process.umask(0o077);
  try {
    await addModel(request(join(fixtures, 'toy-loudness'), { tryModel: works }));
  } finally {
    process.umask(before);
  }
  const modes = ['', 'card.json', 'model.onnx'].map(
    (name) => statSync(join(shelf(), 'toy-loudness', name)).mode & 0o777,
  );
  expect(modes).toEqual([0o755, 0o644, 0o644]);
});

test('a model and its card may lie apart and have other names', async () => {
  mkdirSync(join(home, 'apart'));
  cpSync(join(fixtures, 'toy-bands', 'model.onnx'), join(home, 'apart', 'bands.onnx'));
  const cardFile = join(fixtures, 'toy-bands', 'card.json');
  await addModel(request(join(home, 'apart', 'bands.onnx'), { cardFile }));
  expect(installedModels(folders().dataFolder, folders().root)).toMatchObject([{ card: { id: 'toy-bands' } }]);
});

test('the same model once more changes nothing and is not tried again', async () => {
  await addModel(request(join(fixtures, 'toy-loudness'), { tryModel: works }));
  const never = vi.fn<TryModel>();
  const again = await addModel(request(join(fixtures, 'toy-loudness'), { tryModel: never }));
  expect(again.state).toBe('unchanged');
  expect(never).not.toHaveBeenCalled();
});

test('another version needs --replace', async () => {
  await addModel(request(join(fixtures, 'toy-loudness'), { tryModel: works }));
  const newer = copyOf('toy-loudness', (card) => ({ ...card, version: '1.1.0' }));
  expect(await refusalOf(() => addModel(request(newer, { tryModel: works })))).toMatchObject({
    code: 'model-exists',
    message: 'toy-loudness is there already in version 1.0.0; this one is 1.1.0.',
  });
  expect(await addModel(request(newer, { replace: true, tryModel: works }))).toMatchObject({ state: 'replaced' });
  expect(listModels(folders()).models.map(({ card }) => card.version)).toEqual(['1.1.0']);
  expect(readdirSync(shelf())).toEqual(['toy-loudness']);
});

const refusedCards: [string, (card: Record<string, unknown>) => object, string, string][] = [
  ['a field that is wrong', (card) => ({ ...card, licence: '?' }), 'model-card-invalid', 'licence'],
  ['a field that is missing', ({ scope, ...card }) => (scope ? card : {}), 'model-card-invalid', 'scope'],
  ['a field that nobody knows', (card) => ({ ...card, extra: 1 }), 'model-card-invalid', 'extra'],
  [
    'another hash',
    (card) => ({ ...card, model: { file: 'model.onnx', bytes: 309, sha256: '0'.repeat(64) } }),
    'model-hash-mismatch',
    '0000',
  ],
  [
    'another size',
    (card) => ({ ...card, model: { file: 'model.onnx', bytes: 300, sha256: '0'.repeat(64) } }),
    'model-bytes-mismatch',
    '300',
  ],
  [
    'a model that is not there',
    (card) => ({ ...card, model: { file: 'other.onnx', bytes: 309, sha256: '0'.repeat(64) } }),
    'model-file-missing',
    'other.onnx',
  ],
];
test.each(refusedCards)('refused: %s', async (_name, change, code, reason) => {
  const problem = await refusalOf(() => addModel(request(copyOf('toy-loudness', change), { tryModel: works })));
  expect(problem.code).toBe(code);
  expect(problem.message).toContain(reason);
  expect(problem.next).not.toMatch(/^cli\./);
  expect(everything()).toEqual([]);
});

test('refused: no card, no JSON, too large a card, nothing there, a pipe for a model', async () => {
  const bare = join(home, 'bare');
  mkdirSync(bare);
  const codeOf = async (source: string, cardFile?: string) =>
    (await refusalOf(() => addModel(request(source, cardFile === undefined ? {} : { cardFile })))).code;
  expect(await codeOf(bare)).toBe('model-no-card');
  expect(await codeOf(join(fixtures, 'toy-loudness', 'model.onnx'))).toBe('model-no-card');
  writeFileSync(join(bare, 'card.json'), '{"schema":');
  expect(await codeOf(bare)).toBe('model-card-not-json');
  writeFileSync(join(bare, 'card.json'), ' '.repeat(257 * 1024));
  expect(await codeOf(bare)).toBe('model-card-too-large');
  expect(await codeOf(join(home, 'nowhere'))).toBe('model-path-missing');
  expect(await codeOf('/dev/zero', join(fixtures, 'toy-loudness', 'card.json'))).toBe('model-file-missing');
  expect(everything()).toEqual([]);
});

const refusedModels: [string, string, string][] = [
  ['bad-two-inputs', 'model-wrong-input', '"wave", "other"'],
  ['bad-double', 'model-wrong-input', 'float64'],
  ['bad-operator', 'model-cannot-load', 'Frobnicate'],
  ['bad-external', 'model-external-data', 'another file'],
];
test.each(refusedModels)('refused by the trial: %s', async (name, code, reason) => {
  const problem = await refusalOf(() => addModel(request(join(fixtures, name))));
  expect(problem.code).toBe(code);
  expect(problem.message).toContain(reason);
  // Neither the draft nor its name is left.
  expect(everything()).toEqual([]);
  expect(problem.message).not.toContain(home);
});

const wrongCards: [string, (card: Record<string, unknown>) => object, string][] = [
  ['another window', (card) => ({ ...card, input: { ...inputOf(card), windowMs: 2000 } }), 'model-wrong-input'],
  ['another input name', (card) => ({ ...card, input: { ...inputOf(card), tensor: 'sound' } }), 'model-wrong-input'],
  [
    'another output name',
    (card) => ({ ...card, output: { ...outputOf(card), tensor: 'logits' } }),
    'model-wrong-output',
  ],
  ['another output size', (card) => ({ ...card, output: { ...outputOf(card), size: 2 } }), 'model-cannot-run'],
  [
    'a logit called a probability',
    (card) => ({ ...card, output: { ...outputOf(card), meaning: 'probability' } }),
    'model-cannot-run',
  ],
];
const inputOf = ({ input }: Record<string, unknown>) => Object.assign({}, input);
const outputOf = ({ output }: Record<string, unknown>) => Object.assign({}, output);
test.each(wrongCards)('refused: a card with %s than the model', async (_name, change, code) => {
  expect((await refusalOf(() => addModel(request(copyOf('toy-loudness', change))))).code).toBe(code);
  expect(everything()).toEqual([]);
});

test('a text file is not a model', async () => {
  const folder = copyOf('toy-loudness', (card) => card);
  // Same size, so that only its content tells; its hash is put in the card.
  const text = 'x'.repeat(309);
  writeFileSync(join(folder, 'model.onnx'), text);
  const { createHash } = await import('node:crypto');
  const card: unknown = JSON.parse(readFileSync(join(folder, 'card.json'), 'utf8'));
  const sha256 = createHash('sha256').update(text).digest('hex');
  writeFileSync(
    join(folder, 'card.json'),
    JSON.stringify({ ...Object(card), model: { file: 'model.onnx', bytes: 309, sha256 } }),
  );
  expect((await refusalOf(() => addModel(request(folder)))).code).toBe('model-not-onnx');
});

test('a model that never ends is stopped', async () => {
  const tryModel = tryInChild({ wallMs: 3000, memoryBytes: 1024 ** 3 });
  const problem = await refusalOf(() => addModel(request(join(fixtures, 'bad-endless'), { tryModel })));
  expect(problem.code).toBe('model-trial-timeout');
  expect(everything()).toEqual([]);
});

test('a model that wants all memory is stopped', async () => {
  const tryModel = tryInChild({ wallMs: 60_000, memoryBytes: 512 * 1024 ** 2 });
  const problem = await refusalOf(() => addModel(request(join(fixtures, 'bad-greedy'), { tryModel })));
  expect(problem.code).toBe('model-trial-memory');
});

test('a failing trial leaves the installed version as it was', async () => {
  await addModel(request(join(fixtures, 'toy-loudness'), { tryModel: works }));
  const newer = copyOf('toy-loudness', (card) => ({ ...card, version: '2.0.0' }));
  const fails: TryModel = async () => ({ ok: false, code: 'cannot-run', reason: 'no' });
  await refusalOf(() => addModel(request(newer, { replace: true, tryModel: fails })));
  expect(listModels(folders()).models.map(({ card }) => card.version)).toEqual(['1.0.0']);
  expect(readdirSync(shelf())).toEqual(['toy-loudness']);
});

test('what an interrupted run left is put right', async () => {
  await addModel(request(join(fixtures, 'toy-loudness'), { tryModel: works }));
  // Interrupted between the two renames of a replacement, and in the middle of another draft.
  cpSync(join(shelf(), 'toy-loudness'), join(shelf(), '.old-toy-loudness'), { recursive: true });
  rmSync(join(shelf(), 'toy-loudness'), { recursive: true });
  mkdirSync(join(shelf(), '.new-999999999-abc'));
  await addModel(request(join(fixtures, 'toy-bands'), { tryModel: works }));
  expect(readdirSync(shelf()).sort()).toEqual(['toy-bands', 'toy-loudness']);
});

test('between the two renames of a replacement the old detector is listed, run and removable', async () => {
  await addModel(request(join(fixtures, 'toy-loudness'), { tryModel: works }));
  renameSync(join(shelf(), 'toy-loudness'), join(shelf(), '.old-toy-loudness'));
  expect(installedModels(folders().dataFolder, folders().root)).toMatchObject([
    { card: { id: 'toy-loudness' }, folder: join(shelf(), '.old-toy-loudness') },
  ]);
  await removeModel({ id: 'toy-loudness', lang: 'en', ...folders() });
  expect(everything()).toEqual([]);
});

test('two changes at once: the second is told to wait, in words', async () => {
  await addModel(request(join(fixtures, 'toy-loudness'), { tryModel: works }));
  const meanwhile: Problem[] = [];
  const tryModel: TryModel = async () => {
    meanwhile.push(await refusalOf(() => addModel(request(join(fixtures, 'toy-redness'), { tryModel: works }))));
    meanwhile.push(await refusalOf(() => removeModel({ id: 'toy-loudness', lang: 'zh', ...folders() })));
    return { ok: true, inputs: [], outputs: [] };
  };
  await addModel(request(join(fixtures, 'toy-bands'), { tryModel }));
  expect(meanwhile).toMatchObject([
    { code: 'model-busy', message: `Another process (${process.pid}) is changing the detectors.` },
    { code: 'model-busy', message: `另一进程（${process.pid}）正在更改检测器。` },
  ]);
  expect(meanwhile.map(({ next }) => next)).toEqual([
    expect.stringContaining(join(shelf(), '.lock')),
    expect.stringContaining(join(shelf(), '.lock')),
  ]);
  expect(readdirSync(shelf()).sort()).toEqual(['toy-bands', 'toy-loudness']);
});

test('a broken detector is shown, not run and not left out', async () => {
  await addModel(request(join(fixtures, 'toy-loudness'), { tryModel: works }));
  await addModel(request(join(fixtures, 'toy-bands'), { tryModel: works }));
  writeFileSync(join(shelf(), 'toy-loudness', 'model.onnx'), 'short');
  mkdirSync(join(shelf(), 'empty'));
  const { models, broken } = listModels(folders());
  expect(models.map(({ card }) => card.id)).toEqual(['toy-bands']);
  expect(broken.map(({ id }) => id)).toEqual(['empty', 'toy-loudness']);
  expect(broken[1]?.reason).toBe('model.onnx has 5 bytes, the card says 309');
  // And it can be replaced or removed.
  await addModel(request(join(fixtures, 'toy-loudness'), { replace: true, tryModel: works }));
  await removeModel({ id: 'empty', lang: 'en', ...folders() });
  expect(listModels(folders()).broken).toEqual([]);
});

test('shipped detectors are there, can be hidden by an installed one and not removed', async () => {
  cpSync(join(fixtures, 'toy-redness'), join(home, 'root', 'models', 'toy-redness'), { recursive: true });
  writeFileSync(join(home, 'root', 'models', 'README.md'), 'not a detector');
  expect(listModels(folders())).toMatchObject({ models: [{ origin: 'shipped', installedAt: null }], broken: [] });
  const remove = () => removeModel({ id: 'toy-redness', lang: 'en', ...folders() });
  expect((await refusalOf(remove)).code).toBe('model-shipped');
  const own = copyOf('toy-redness', (card) => ({ ...card, version: '9.0.0' }));
  expect((await refusalOf(() => addModel(request(own, { tryModel: works })))).code).toBe('model-exists');
  await addModel(request(own, { replace: true, tryModel: works }));
  expect(listModels(folders()).models).toMatchObject([{ origin: 'installed', card: { version: '9.0.0' } }]);
  await remove();
  expect(listModels(folders()).models).toMatchObject([{ origin: 'shipped' }]);
});

test.each(['nobody', '../../etc', '.', '', 'a\u001b[31m'])(
  'removing %j, which is not there, is refused',
  async (id) => {
    const problem = await refusalOf(() => removeModel({ id, lang: 'zh', ...folders() }));
    expect(problem.code).toBe('model-unknown');
    expect(problem.message).not.toContain('\u001b');
  },
);
