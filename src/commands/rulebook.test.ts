import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { codeOf } from '../../test/refusal.ts';
import { readConfig } from '../config.ts';
import type { Lang } from '../contract/lang.ts';
import { answerSchema } from '../contract/question.ts';
import { rulebookCommand } from './rulebook.ts';

let folder: string;
let said: string;
let codes: number[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rulebook-command-'));
  codes = [];
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function run(args: string[], lang: Lang = 'en'): Promise<string> {
  said = '';
  const write = (text: string) => {
    said += text;
  };
  const config = { ...readConfig({}), dataFolder: folder, lang, noColor: true } as const;
  const command = rulebookCommand({ config, root: '.', out: write, err: write, exit: (code) => codes.push(code) });
  await command.exitOverride().parseAsync(args, { from: 'user' });
  return stripVTControlCharacters(said);
}

function facts(text: string): string {
  const file = join(folder, 'facts.yaml');
  writeFileSync(file, text);
  return file;
}

const room = `jurisdictions: [cn]
features: [voice_room]
event: add-function
plannedAt: 2026-12-20
`;
const incident = `jurisdictions: [cn]
features: [voice_room]
event: incident
incident: { illegalSpread: true, controlsInsufficient: true, on: 2025-09-22 }
`;

describe('ask', () => {
  test('says what is due, why, by which clause, and what to find out next', async () => {
    const text = await run(['ask', facts(room), '--now', '2026-11-22', '--only', 'cn-2018']);
    expect(text).toContain('Asked as of 2026-11-22. The launch must wait.');
    expect(text).toContain('■ due · assessment: Security assessment before the launch [the launch must wait for it]');
    expect(text).toContain('before the launch on 2026-12-20');
    expect(text).toContain(
      '▲ due · filing: File the assessment report before the launch [the time limit is not verified: warns only]',
    );
    expect(text).toContain('CN18-T1 fires  Art. 3(1)');
    expect(text).toContain('✓ What is about to happen: a function is added');
    expect(text).toMatch(/Worth knowing next:\n {2}\? .+ \(usesNewTech; 1 rule waits for it\)/);
  });

  test('shows how a date was counted, in either language', async () => {
    const file = facts(incident);
    const english = await run(['ask', file, '--now', '2025-10-01', '--only', 'cn-2018']);
    expect(english).toContain('by 2025-11-07 (Fri, Asia/Shanghai)');
    expect(english).toContain(
      '30 working days, counted from 2025-09-22 (Day of the incident); the first day that counts is 2025-09-23',
    );
    expect(english).toContain('not counted: 8 weekend days, National Day and Mid-autumn Festival 2025-10-01–10-08');
    expect(english).toContain('counted though a weekend: 2025-09-28');
    const chinese = await run(['ask', file, '--now', '2025-10-01', '--only', 'cn-2018', '--lang', 'zh']);
    expect(chinese).toContain('最迟 2025-11-07（周五，Asia/Shanghai）');
    expect(chinese).toContain('30 个工作日');
    expect(chinese).toContain('周末计入：2025-09-28');
    expect(chinese).toContain('第三条第（四）项');
    expect(await run(['ask', file, '--now', '2025-11-08', '--only', 'cn-2018'])).toContain('overdue');
  });

  test('a year whose calendar is not published is called projected', async () => {
    const file = facts(incident.replace('2025-09-22', '2026-12-21'));
    expect(await run(['ask', file, '--now', '2026-12-22', '--only', 'cn-2018'])).toContain(
      'projected: the calendar of 2027 is not published yet, the date may move',
    );
  });

  test('names the rulebooks that do not apply in one line, and all of it when asked', async () => {
    const file = facts(room);
    const short = await run(['ask', file]);
    expect(short).toContain('Do not apply: EU AI Act, Art. 50, EU Digital Services Act');
    expect(short).not.toContain('eu-dsa');
    expect(await run(['ask', file, '--all'])).toContain('eu-dsa\n  does not apply  Art. 33');
  });

  test('every sentence has its words', async () => {
    const all = [
      room,
      incident,
      'event: none',
      '{}',
      'jurisdictions: [us, in, kr, eu, uk, us-ca]\nfeatures: [short_video, face_swap]',
    ];
    for (const text of all) {
      for (const lang of ['en', 'zh'] as const) {
        expect(await run(['ask', facts(text), '--all'], lang)).not.toMatch(
          /(rulebook|cli|fact|fact-word)\.[a-z]|\{\{|undefined/,
        );
      }
    }
  });

  test('gives the answer of the contract as JSON', async () => {
    const answer = answerSchema.parse(
      JSON.parse(await run(['ask', facts(room), '--now', '2026-11-22T12:00:00+08:00', '--json'])),
    );
    expect([answer.now, answer.summary]).toEqual(['2026-11-22T04:00:00.000Z', 'blocked']);
  });

  test('refuses a time that is none', async () => {
    expect(await codeOf(() => run(['ask', facts(room), '--now', 'tomorrow']))).toBe('facts-bad-time');
  });
});

describe('check and list', () => {
  const example = readFileSync('src/features/rulebooks/example-rulebook.yaml', 'utf8');
  const put = (text: string) => {
    mkdirSync(join(folder, 'own', 'example'), { recursive: true });
    writeFileSync(join(folder, 'own', 'example', 'rulebook.yaml'), text);
  };

  test('what ships is sound', async () => {
    expect(await run(['check'])).toMatch(/^\d+ rulebooks are sound\. 0 errors, 0 warnings in \d+ files\n$/);
    expect(codes).toEqual([]);
  });

  test('a folder of one or of several rulebooks is checked', async () => {
    put(example);
    expect(await run(['check', join(folder, 'own')])).toBe('1 rulebook is sound. 0 errors, 0 warnings in 1 files\n');
    expect(await run(['check', join(folder, 'own', 'example')], 'zh')).toContain('1 个规则集没有错误');
    const near = relative('.', join(folder, 'own'));
    expect(await run(['check', `./${near}/`])).toContain('1 rulebook is sound.');
    expect(await run(['check', folder])).toContain('There is no rulebook here.');
  });

  test('mistakes come with file, line and path, and exit code 5', async () => {
    put(example.replace('clock: EX-C1', 'clock: EX-C9'));
    const text = await run(['check', join(folder, 'own')]);
    const line = example.split('\n').findIndex((row) => row.includes('clock: EX-C1')) + 1;
    expect(text).toContain(
      `rulebook.yaml:${line}  error unknown-clock  due[0].clock\n    EX-D1 names the clock EX-C9, which does not exist.`,
    );
    expect(codes).toEqual([5]);
    const json: unknown = JSON.parse(await run(['check', join(folder, 'own'), '--json']));
    expect(json).toMatchObject({
      findings: [{ code: 'unknown-clock', line, path: 'due[0].clock' }, { code: 'unused-clock' }],
    });
  });

  test('list shows what is used and how much of it was read', async () => {
    put(example);
    const text = await run(['list', '--folder', join(folder, 'own')]);
    expect(text).toContain('cn-2018  Provisions on the Security Assessment');
    expect(text).toContain('example  Example rules');
    expect(text).toMatch(/us-ca-sb1000 .+\n.+\n {4}not used: an alternative to it is chosen/);
    const listed: unknown = JSON.parse(await run(['list', '--json']));
    expect(listed).toEqual(expect.arrayContaining([expect.objectContaining({ id: 'cn-algorithm', used: true })]));
  });
});
