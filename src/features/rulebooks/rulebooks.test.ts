import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { codeOf, refusalOf } from '../../../test/refusal.ts';
import type { Facts } from '../../contract/facts.ts';
import { askRulebooks, openRulebooks, readFactsFile } from './rulebooks.ts';

const example = readFileSync(new URL('./example-rulebook.yaml', import.meta.url), 'utf8');
const now = new Date('2026-11-22T04:00:00Z');
const opening: Facts = {
  jurisdictions: ['cn'],
  features: ['voice_room'],
  offeredToPublic: true,
  event: 'add-function',
  plannedAt: '2026-12-20',
  mau: { value: 6000, asOf: '2026-11-20' },
};

let own: string;
beforeEach(() => {
  own = mkdtempSync(join(tmpdir(), 'own-rulebooks-'));
});
afterEach(() => {
  rmSync(own, { recursive: true, force: true });
});

function put(id: string, yaml: string) {
  mkdirSync(join(own, id), { recursive: true });
  writeFileSync(join(own, id, 'rulebook.yaml'), yaml);
}

const open = () => openRulebooks({ folders: ['rulebooks', own], lang: 'en' });
const ids = (shelf: ReturnType<typeof open>) => shelf.current().rulebooks.map(({ id }) => id);

describe("an operator's own folder", () => {
  test('adds a rulebook without a change of code', () => {
    const shelf = open();
    expect(ids(shelf)).not.toContain('example');
    put('example', example);
    expect(ids(shelf)).toContain('example');
    const answer = askRulebooks(shelf.current(), { facts: opening, now, only: ['example'], lang: 'en' });
    expect(answer.summary).toBe('blocked');
    expect(answer.rulebooks[0]?.due.map(({ id, state, blocks }) => [id, state, blocks])).toEqual([
      ['EX-D1', 'due', true],
      ['EX-D2', 'due', false],
    ]);
  });

  test('replaces a shipped rulebook of the same id', () => {
    put('cn-2018', example.replace('id: example', 'id: cn-2018'));
    expect(
      open()
        .current()
        .rulebooks.find(({ id }) => id === 'cn-2018')?.title.en,
    ).toBe('Example rules');
  });

  test('sets a number that a text leaves open', () => {
    put('example', example);
    const shelf = open();
    const stateOfT2 = () =>
      askRulebooks(shelf.current(), { facts: opening, now, only: ['example'], lang: 'en' }).rulebooks[0]?.triggers[1]
        ?.state;
    expect(stateOfT2()).toBe('fired');
    const choices = 'schema: clearmirror.rulebook-choices/1\nparameters: { example: { many: 6001 } }\n';
    writeFileSync(join(own, 'choices.yaml'), choices);
    expect(stateOfT2()).toBe('not-fired');
  });

  test('chooses between two texts of one law', () => {
    const shelf = open();
    expect(ids(shelf)).toContain('us-ca-sb942');
    expect(ids(shelf)).not.toContain('us-ca-sb1000');
    const choice = 'schema: clearmirror.rulebook-choices/1\nalternatives: { us-ca-ai-transparency: us-ca-sb1000 }\n';
    writeFileSync(join(own, 'choices.yaml'), choice);
    expect(ids(shelf)).toContain('us-ca-sb1000');
    expect(ids(shelf)).not.toContain('us-ca-sb942');
    expect(shelf.current().notChosen.map(({ id }) => id)).toEqual(['us-ca-sb942']);
  });

  test('a choice of something that does not exist is a mistake', async () => {
    for (const choice of ['alternatives: { us-ca-ai-transparency: cn-2018 }', 'parameters: { cn-2018: { much: 1 } }']) {
      writeFileSync(join(own, 'choices.yaml'), `schema: clearmirror.rulebook-choices/1\n${choice}\n`);
      expect(await codeOf(() => open().current())).toBe('rulebook-broken');
    }
  });

  test('a calendar of its own is used', () => {
    cpSync('rulebooks/calendars/cn.yaml', join(own, 'cn.yaml'));
    mkdirSync(join(own, 'calendars'));
    const text = readFileSync(join(own, 'cn.yaml'), 'utf8').replace('id: cn\n', 'id: cn\n# edited\n');
    const edited = text.replace('year: 2027\n    status: projected', 'year: 2027\n    status: published');
    writeFileSync(join(own, 'calendars', 'cn.yaml'), edited);
    const facts: Facts = {
      jurisdictions: ['cn'],
      features: ['voice_room'],
      event: 'incident',
      incident: { illegalSpread: true, controlsInsufficient: true, on: '2026-12-21' },
    };
    const by = (folders: string[]) => {
      const rulebooks = openRulebooks({ folders, lang: 'en' }).current();
      const due = askRulebooks(rulebooks, { facts, now, only: ['cn-2018'], lang: 'en' }).rulebooks[0]?.due[0];
      return due?.by.kind === 'date' ? due.by.projected : null;
    };
    expect([by(['rulebooks']), by(['rulebooks', own])]).toEqual([true, false]);
  });
});

describe('a broken rulebook', () => {
  test('stops at the first reading: a rule left out silently is a duty missed', async () => {
    put('example', example.replace('clock: EX-C1', 'clock: EX-C9'));
    const refusal = await refusalOf(() => open().current());
    expect([refusal.code, refusal.exitCode]).toEqual(['rulebook-broken', 5]);
    expect(refusal.message).toContain(join(own, 'example', 'rulebook.yaml'));
    expect(refusal.message).toContain('EX-C9');
  });

  test('that was sound before keeps its last sound state, and says so', () => {
    put('example', example);
    const shelf = open();
    expect(shelf.current().broken).toEqual([]);
    put('example', `${example}colour: red\n`);
    expect(ids(shelf)).toContain('example');
    expect(shelf.current().broken.map(({ code }) => code)).toEqual(['unknown-key']);
    put('example', `${example}# mended\n`);
    expect(shelf.current().broken).toEqual([]);
  });

  test('is read again only after a change', () => {
    const shelf = open();
    expect(shelf.current()).toBe(shelf.current());
  });

  test('a folder that does not exist is refused', async () => {
    const missing = join(own, 'nowhere');
    expect(await codeOf(() => openRulebooks({ folders: [missing], lang: 'en' }).current())).toBe(
      'rulebook-folder-missing',
    );
  });

  test('a rulebook that does not exist cannot be asked', async () => {
    const ask = () => askRulebooks(open().current(), { facts: opening, now, only: ['cn-1999'], lang: 'zh' });
    expect(await codeOf(ask)).toBe('rulebook-unknown');
  });
});

describe('a file of facts', () => {
  const read = (text: string, lang: 'en' | 'zh' = 'en') => {
    const file = join(own, 'facts.yaml');
    writeFileSync(file, text);
    return readFactsFile(file, lang);
  };

  test('may be YAML or JSON', () => {
    const facts = { jurisdictions: ['cn'], mau: { value: 5, asOf: '2026-11-01' } };
    expect(read('jurisdictions: [cn]\nmau: { value: 5, asOf: 2026-11-01 }')).toEqual(facts);
    expect(read(JSON.stringify(facts))).toEqual(facts);
  });

  test('with a mistake names the line and the fact', async () => {
    const refusal = await refusalOf(() => read('jurisdictions: [cn]\nmau: { value: many, asOf: 2026-11-01 }'));
    expect([refusal.code, refusal.exitCode]).toEqual(['facts-broken', 2]);
    expect(refusal.message).toMatch(/facts\.yaml, line 2, mau\.value: /);
    expect((await refusalOf(() => read('colour: red'))).message).toContain('colour is not known here.');
  });

  test('that does not exist is refused', async () => {
    expect(await codeOf(() => readFactsFile(join(own, 'none.yaml'), 'zh'))).toBe('facts-missing');
  });
});

test('the worked example of the manual is a sound rulebook that does what the manual says', () => {
  const blocks = [...readFileSync('docs/rulebooks.md', 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g)].map(
    ([, text]) => text ?? '',
  );
  const [rulebook = '', facts = ''] = blocks;
  put('example-voice', rulebook);
  writeFileSync(join(own, 'facts.yaml'), facts);
  const shelf = open();
  const asked = {
    facts: readFactsFile(join(own, 'facts.yaml'), 'en'),
    now,
    only: ['example-voice'],
    lang: 'en',
  } as const;
  const [answer] = askRulebooks(shelf.current(), asked).rulebooks;
  expect(answer?.due.map(({ id, blocks: isGate }) => [id, isGate])).toEqual([['XV-D1', true]]);
  const incident = { ...asked.facts, event: 'incident', incident: { illegalSpread: true, on: '2026-09-30' } } as const;
  const [later] = askRulebooks(shelf.current(), { ...asked, facts: incident }).rulebooks;
  expect(later?.due.map(({ id, by, blocks: isGate }) => [id, by.kind === 'date' && by.date, isGate])).toEqual([
    ['XV-D2', '2026-10-13', false],
  ]);
});
