import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readConfig } from '../config.ts';
import { withheldReasons } from '../contract/card.ts';
import type { Lang } from '../contract/lang.ts';
import { readWords, say } from '../contract/words.ts';
import { likelihoods } from '../engine/forensics/calibration.ts';
import { modelProblems } from '../features/models/models.ts';
import { modelsCommand } from './models.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'clearmirror-models-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

async function run(args: string[], lang: Lang = 'en'): Promise<string> {
  let printed = '';
  const command = modelsCommand({
    config: { ...readConfig({}), dataFolder: join(home, 'data'), lang, noColor: true },
    root: home,
    out: (text) => {
      printed += text;
    },
    err: () => {},
    exit: () => {},
  });
  await command.exitOverride().parseAsync(args, { from: 'user' });
  return printed;
}

test('an empty slot teaches the first step', async () => {
  expect(await run(['list'])).toBe(
    'No detector is installed. Verdicts rest on provenance, labels and traces.\nAdd one with its card: clearmirror models add FOLDER (models/README.md shows the shape).\n',
  );
  expect(await run(['list', '--json'])).toBe('{\n  "models": [],\n  "broken": []\n}\n');
  expect(await run(['list', '--lang', 'zh'])).toContain('尚未安装检测器');
});

test('a detector is added, listed and removed, and told what it may say', async () => {
  expect(await run(['add', 'test/fixtures/models/toy-loudness'])).toBe(
    [
      'Added toy-loudness 1.0.0 (voice): Toy: loudness',
      '  on clean: may say “strong evidence”',
      '  on mp3-64k: at most “some evidence”, because on the channel mp3-64k more than 1 in 100 real items were wrongly accused',
      '  on opus-16k: at most “some evidence”, because on the channel opus-16k it was tried on fewer than 300 real items',
      '',
    ].join('\n'),
  );
  expect(await run(['add', 'test/fixtures/models/toy-loudness'], 'zh')).toBe('toy-loudness 1.0.0 已安装，未作改动。\n');
  expect(await run(['list'], 'zh')).toContain(
    'toy-loudness 1.0.0  语音，自行安装，Apache-2.0：玩具：响度\n  通道 clean：可称“证据充分”\n',
  );
  expect(JSON.parse(await run(['list', '--json']))).toMatchObject({
    models: [
      { id: 'toy-loudness', origin: 'installed', channels: [{ channel: 'clean', best: 'strong', why: null }, {}, {}] },
    ],
    broken: [],
  });
  expect(await run(['remove', 'toy-loudness'])).toBe('Removed toy-loudness.\n');
});

test('a model without its card is refused with what to do', async () => {
  const refused = run(['add', 'test/fixtures/models/toy-loudness/model.onnx'], 'zh');
  await expect(refused).rejects.toMatchObject({
    code: 'model-no-card',
    message: expect.stringContaining('没有模型卡的检测器不予运行'),
    next: expect.stringContaining('--card'),
  });
});

test.each(['en', 'zh'] as const)('every code of the slot has its words in %s', (lang) => {
  const words = readWords(lang);
  const keys = [
    ...Object.keys(modelProblems).flatMap((code) => [`cli.models.problem.${code}`, `cli.models.next.${code}`]),
    ...likelihoods.map((code) => `likelihood.${code}`),
    ...[...withheldReasons, 'codec-never-measured'].map((code) => `withheld.${code}`),
    ...['codec', 'codec-unknown', 'codec-never-measured'].map((code) => `channel-pick.${code}`),
    ...['strong', 'some', 'some-withheld', 'little'].map((code) => `signal.forensic-${code}`),
    ...['no-audio', 'no-picture', 'silence', 'too-little-sound', 'picture-too-small'].map(
      (code) => `signal.forensic-${code}`,
    ),
    'signal.no-face-finder',
    'finding.no-detector',
    'finding.detector-failed',
  ];
  expect(keys.filter((key) => !words[key])).toEqual([]);
});

test('both catalogues have the same keys and the same values to fill in', () => {
  const read = (lang: Lang): Record<string, string> =>
    JSON.parse(readFileSync(`src/contract/words/forensics.${lang}.json`, 'utf8'));
  const holes = (text: string | undefined) => [...(text ?? '').matchAll(/\{\{\w+\}\}/g)].map(String).sort();
  const [en, zh] = [read('en'), read('zh')];
  expect(Object.keys(zh)).toEqual(Object.keys(en));
  for (const key of Object.keys(en)) expect([key, holes(zh[key])]).toEqual([key, holes(en[key])]);
});

test('a signal reads as a sentence', () => {
  const params = {
    detector: 'quiet-ear 1.0.0',
    channel: 'mp3-64k',
    channelPick: 'codec',
    likelihood: 'more',
    withheld: 'too-few-reals',
  };
  expect(say('en', 'signal.forensic-some-withheld', params)).toBe(
    'Some evidence of synthesis, measured by quiet-ear 1.0.0: the score is clearly more usual for synthetic than for other material. It may not say “strong” here: on the channel mp3-64k it was tried on fewer than 300 real items. Error rates are those of the channel mp3-64k.',
  );
  expect(say('zh', 'finding.no-detector', { kind: 'voice' })).toBe(
    '未安装语音检测器：未作测量，结论依据其他各层线索。',
  );
});
