import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mistakeCodes } from '../../engine/rulebooks/mistakes.ts';
import { checkRulebooks } from './rulebooks.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rulebooks-'));
  cpSync('rulebooks/calendars', join(folder, 'calendars'), { recursive: true });
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A sound rulebook, small enough to break in every way. */
const sound = readFileSync(new URL('./example-rulebook.yaml', import.meta.url), 'utf8');

function check(yaml: string, id = 'example', lang: 'en' | 'zh' = 'en') {
  mkdirSync(join(folder, id), { recursive: true });
  writeFileSync(join(folder, id, 'rulebook.yaml'), yaml);
  return checkRulebooks([folder], lang);
}

/** The sound rulebook with one piece of text replaced; the piece must be there. */
function broken(piece: string, instead: string): string {
  expect(sound).toContain(piece);
  return sound.replace(piece, instead);
}

test('the example is sound', () => {
  expect(check(sound).findings).toEqual([]);
});

test('everything that ships is sound', () => {
  expect(checkRulebooks(['rulebooks'], 'en').findings).toEqual([]);
});

type Row = [code: string, path: string, piece: string, instead: string];

const rows: Row[] = [
  ['unknown-key', 'colour', 'schema: clearmirror.rulebook/1', 'schema: clearmirror.rulebook/1\ncolour: red'],
  ['shape', 'version', 'version: 2026-11-22', 'version: last week'],
  ['missing', 'title.en', 'title: { zh: 示例规则, en: Example rules }', 'title: { zh: 示例规则 }'],
  [
    'shape',
    'triggers[0].when.has',
    'when: { fact: features, has: voice_room }',
    'when: { fact: features, has: [voice_room] }',
  ],
  ['missing', 'triggers[0].clause', '    clause: { zh: 第三条, en: Art. 3 }\n', ''],
  ['folder-name', 'id', 'id: example', 'id: exampel'],
  ['id-twice', 'triggers[1].id', 'id: EX-T2', 'id: EX-T1'],
  ['unknown-fact', 'triggers[0].when.fact', 'fact: features, has: voice_room', 'fact: feature, has: voice_room'],
  ['wrong-question', 'triggers[0].when.is', 'fact: features, has: voice_room', 'fact: features, is: voice_room'],
  ['wrong-question', 'scope.when.all[1].is', 'fact: offeredToPublic, is: true', 'fact: offeredToPublic, is: certainly'],
  ['unknown-word', 'triggers[0].when.has', 'has: voice_room', 'has: voiceroom'],
  ['unknown-definition', 'triggers[1].when.definition', 'definition: EX-big', 'definition: EX-huge'],
  [
    'definition-circle',
    'definitions[0].when',
    'when: { fact: mau, atLeast: { parameter: many } }',
    'when: { definition: EX-big }',
  ],
  ['unknown-parameter', 'definitions[0].when.atLeast', 'parameter: many }', 'parameter: much }'],
  [
    'unknown-source',
    'triggers[0].source[0]',
    'source: [gazette]\n    provenance: F\n    verified: true # T1',
    'source: [gazete]\n    provenance: F\n    verified: true',
  ],
  [
    'no-source',
    'triggers[0].source',
    'source: [gazette]\n    provenance: F\n    verified: true # T1',
    'source: []\n    provenance: F\n    verified: true',
  ],
  [
    'verified-but-not-found',
    'triggers[1].verified',
    'provenance: K\n    verified: false # T2',
    'provenance: K\n    verified: true',
  ],
  [
    'quoted-but-not-found',
    'triggers[1].quotes',
    'source: []\n    provenance: K\n    verified: false # T2',
    'quotes: [zh]\n    source: []\n    provenance: K\n    verified: false',
  ],
  ['unknown-trigger', 'due[0].triggers[0]', 'triggers: [EX-T1]', 'triggers: [EX-T9]'],
  ['unknown-clock', 'due[0].clock', 'clock: EX-C1', 'clock: EX-C9'],
  ['unknown-requirement', 'due[0].requirements[0]', 'requirements: [EX-1]', 'requirements: [EX-9]'],
  ['unverified-gate', 'due[0].gate', 'triggers: [EX-T1]', 'triggers: [EX-T1, EX-T2]'],
  ['gate-without-launch', 'due[0].gate', 'rule: { before: launch }', 'rule: { without: delay }'],
  ['filing-clock-in-due', 'due[1].clock', 'clock: EX-C2\n', 'clock: EX-C3\n'],
  ['clock-not-a-day', 'clocks[1].rule', 'after: [incident.on]', 'after: [event]'],
  ['unknown-fact', 'clocks[1].rule', 'after: [incident.on]', 'after: [incident.when]'],
  ['needs-calendar', 'clocks[1].rule', 'calendar: cn', 'calendar: null'],
  ['unknown-calendar', 'calendar', 'calendar: cn', 'calendar: moon'],
  ['unknown-time-zone', 'timeZone', 'timeZone: Asia/Shanghai', 'timeZone: Asia/Atlantis'],
  ['dates-reversed', 'inForce.to', 'inForce: { from: 2026-01-01 }', 'inForce: { from: 2026-01-01, to: 2025-01-01 }'],
  [
    'before-rulebook',
    'requirements[0].inForce.from',
    'method: [test]',
    'method: [test]\n    inForce: { from: 2020-01-01 }',
  ],
  [
    'not-chinese',
    'triggers[0].text.zh',
    'zh: 开设语音房。',
    'zh: A voice room is opened, and nobody translated this line.',
  ],
  ['not-english', 'triggers[0].text.en', 'en: A voice room is opened.', 'en: 开设语音房。'],
  [
    'choice-without-options',
    'form.sections[0].fields[1]',
    '          options: [{ id: self, label: { zh: 自评估, en: Self } }]\n',
    '',
  ],
  ['unknown-about', 'form.sections[0].fields[0].about', 'about: EX-1', 'about: EX-9'],
  ['id-twice', 'form.sections[0].fields[1].id', 'id: how', 'id: what'],
  ['unknown-state', 'filing.moves[0].to', 'to: filed, by: company', 'to: field, by: company'],
  ['unknown-clock', 'filing.moves[0].clock', 'clock: EX-C3 }', 'clock: EX-C8 }'],
  ['unused-trigger', 'triggers[1]', 'triggers: [EX-T2]', 'triggers: [EX-T1]'],
  ['unused-clock', 'clocks[0]', 'clock: EX-C1\n    gate: true', 'clock: EX-C2'],
  ['unused-definition', 'definitions[0]', 'definition: EX-big', 'fact: isGenerator, is: true'],
  ['unused-source', 'sources.gazette2', 'sources:\n', 'sources:\n  gazette2: { about: Nobody cites it }\n'],
  [
    'unreachable-state',
    'filing.states[2]',
    '    - { id: filed, label: { zh: 已报送, en: Filed } }\n',
    '    - { id: filed, label: { zh: 已报送, en: Filed } }\n    - { id: lost, label: { zh: 遗失, en: Lost } }\n',
  ],
];

describe('a mistake in a rulebook is found with its file, line and path', () => {
  test.each(rows)('%s at %s', (code, path, piece, instead) => {
    const yaml = broken(piece, instead);
    const { findings, rulebooks } = check(yaml);
    const found = findings.find((finding) => finding.code === code && finding.path === path);
    expect(found, JSON.stringify(findings, null, 2)).toBeDefined();
    expect(found?.file).toBe(join(folder, 'example', 'rulebook.yaml'));
    // The line is that of the mistake, or of the nearest thing above it that exists.
    expect(found?.line).toBeGreaterThanOrEqual(1);
    expect(found?.message).not.toMatch(/rulebook\.|\{\{|undefined/);
    expect(rulebooks.length).toBe(found?.level === 'error' ? 0 : 1);
  });

  test('the line is the one that a person must edit', () => {
    const { findings } = check(broken('has: voice_room', 'has: voiceroom'));
    const line = sound.split('\n').findIndex((text) => text.includes('has: voice_room')) + 1;
    expect(findings.map(({ code, line: at }) => [code, at])).toEqual([['unknown-word', line]]);
  });

  test('it is said in Chinese too', () => {
    const { findings } = check(broken('clock: EX-C1', 'clock: EX-C9'), 'example', 'zh');
    expect(findings.map(({ message }) => message)).toContain('EX-D1 引用的期限 EX-C9 不存在。');
    expect(check(broken('version: 2026-11-22', 'version: yesterday'), 'example', 'zh').findings[0]?.message).toMatch(
      /\p{Script=Han}/u,
    );
  });
});

const deep = `a: ${'['.repeat(20_000)}${']'.repeat(20_000)}`;
const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [${'*a, '.repeat(9)}*a]\nc: &c [${'*b, '.repeat(9)}*b]\nd: [${'*c, '.repeat(9)}*c]`;
const notRulebooks: [code: string, yaml: string][] = [
  ['not-yaml', 'id: [unclosed'],
  ['not-yaml', 'id: one\nid: two'],
  ['not-yaml', bomb],
  ['not-yaml', deep],
  ['shape', ''],
  ['shape', 'just words'],
  ['too-large', `# ${'x'.repeat(1024 * 1024)}`],
];

describe('a file that is no rulebook at all', () => {
  test.each(notRulebooks)('%s', (code, yaml) => {
    const { findings, rulebooks } = check(yaml);
    expect([findings[0]?.code, rulebooks]).toEqual([code, []]);
  });
});

const newYear = '{ zh: 元旦, en: New Year }';
const brokenCalendars: [code: string, rest: string][] = [
  ['calendar-year', `      - { name: ${newYear}, from: 2025-12-31, to: 2026-01-01 }`],
  ['dates-reversed', `      - { name: ${newYear}, from: 2026-01-03, to: 2026-01-01 }`],
  [
    'calendar-overlap',
    `      - { name: ${newYear}, from: 2026-01-01, to: 2026-01-03 }\n      - { name: ${newYear}, from: 2026-01-03, to: 2026-01-04 }`,
  ],
  [
    'calendar-not-weekend',
    `      - { name: ${newYear}, from: 2026-01-01, to: 2026-01-03, workedInExchange: [2026-01-05] }`,
  ],
  [
    'calendar-not-weekend',
    `      - { name: ${newYear}, from: 2026-01-01, to: 2026-01-03, workedInExchange: [2026-01-03] }`,
  ],
  [
    'calendar-year-twice',
    `      - { name: ${newYear}, from: 2026-01-01, to: 2026-01-03 }\n  - year: 2026\n    status: published\n    source: again\n    rest: []`,
  ],
];

describe('calendars', () => {
  const calendar = (rest: string) => `schema: clearmirror.calendar/1
id: own
title: { zh: 自己的日历, en: Our calendar }
timeZone: Asia/Shanghai
years:
  - year: 2026
    status: published
    source: a made-up notice
    rest:
${rest}
`;
  test.each(brokenCalendars)('%s', (code, rest) => {
    writeFileSync(join(folder, 'calendars', 'own.yaml'), calendar(rest));
    const { findings, calendars } = checkRulebooks([folder], 'en');
    expect([findings[0]?.code, calendars.has('own')]).toEqual([code, false]);
  });
});

const brokenChoices: [code: string, path: string, choice: string][] = [
  ['unknown-alternative', 'alternatives.a-law', 'alternatives: { a-law: example }'],
  ['unknown-parameter', 'parameters.example.much', 'parameters: { example: { much: 1 } }'],
];

test.each(brokenChoices)('a choice of something that does not exist: %s', (code, path, choice) => {
  writeFileSync(join(folder, 'choices.yaml'), `schema: clearmirror.rulebook-choices/1\n${choice}\n`);
  const found = check(sound).findings.map((finding) => [finding.code, finding.path, finding.file]);
  expect(found).toEqual([[code, path, join(folder, 'choices.yaml')]]);
});

test('every kind of mistake but an unreadable file has been made here', () => {
  const made = new Set([...[...rows, ...notRulebooks, ...brokenCalendars, ...brokenChoices].map(([code]) => code)]);
  expect(Object.keys(mistakeCodes).filter((code) => !made.has(code))).toEqual(['unreadable']);
});
