import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Sample, samples } from '../../../../test/fixtures/reports/samples.ts';
import { sampleSpeaker } from '../../../../test/fixtures/reports/words.ts';
import { recordSchema, type ScreeningRecord } from '../../../contract/screening.ts';
import { readWords, speaker } from '../../../contract/words.ts';
import { fileWord } from './glyphs.ts';
import { fileSection, pageFoot, pageHead } from './screening-page.ts';

let all: Record<string, Sample>;

beforeAll(async () => {
  all = await samples();
});

function sectionOf(name: string, lang: 'en' | 'zh' = 'en', index = 1): string {
  const { record, exhibits } = sampleOf(name);
  return fileSection({ lang, record, exhibits, index, say: sampleSpeaker(lang) });
}

function sampleOf(name: string): Sample {
  const sample = all[name];
  if (!sample) throw new Error(`no sample ${name}`);
  return sample;
}

test('the samples are records', () => {
  for (const { record } of Object.values(all)) expect(recordSchema.safeParse(record).error).toBeUndefined();
});

describe('head', () => {
  test('allows exactly its own style and script', () => {
    const head = pageHead({ lang: 'en', generatedBy: '0.1.0' });
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(head)?.[1] ?? '';
    const hash = (text: string | undefined) =>
      createHash('sha256')
        .update(text ?? '')
        .digest('base64');
    expect(policy.replaceAll('&#39;', "'")).toBe(
      `default-src 'none'; img-src data:; style-src 'sha256-${hash(/<style>([\s\S]*?)<\/style>/.exec(head)?.[1])}'; script-src 'sha256-${hash(/<script>([\s\S]*?)<\/script>/.exec(head)?.[1])}'; base-uri 'none'; form-action 'none'`,
    );
  });

  test('escapes who made it', () => {
    expect(pageHead({ lang: 'zh', generatedBy: '<img src=x>' })).not.toContain('<img');
  });

  test('names nothing outside the page', () => {
    const head = pageHead({ lang: 'en', generatedBy: '0.1.0' }).replace(/<script>[\s\S]*?<\/script>/, '');
    const page = head + sectionOf('video') + sectionOf('conflict');
    const named = [...page.matchAll(/(?:src|href|url)\s*[=(]\s*["']?([^"')\s>]+)/g)].map(([, target]) => target ?? '');
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((target) => !/^(#|data:image\/)/.test(target))).toEqual([]);
  });
});

test.each([
  ['en', 'A person decided otherwise', 'Notes of people'],
  ['zh', '人工结论', '人工备注'],
] as const)('what people decided and noted stands beside what the machine said: %s', (lang, decided, noted) => {
  const { record, exhibits } = sampleOf('conflict');
  const say = sampleSpeaker(lang);
  const by = { type: 'person', id: 'p', name: 'An <Li>' } as const;
  const at = '2026-11-22T08:00:00Z';
  const note = { id: '00000000-0000-4000-8000-000000000000', text: 'first line\nsecond <b>line</b>', by, at };
  const people = {
    override: { word: 'little' as const, reason: 'seen the \u202enegative', by: null, at },
    notes: [note],
  };
  const page = fileSection({ lang, record, exhibits, people, index: 1, say });
  const machine = page.indexOf('class="verdict v-declared"');
  const person = page.indexOf('<section class="override">');
  expect(machine).toBeGreaterThan(0);
  expect(person).toBeGreaterThan(machine);
  expect(page.slice(person)).toContain(decided);
  expect(page.slice(person, page.indexOf('</section>', person))).toContain(say('report.word.little'));
  for (const part of [noted, 'An &#60;Li&#62;', 'second &#60;b&#62;line', '2026-11-22 08:00 UTC'])
    expect(page).toContain(part);
  expect(page).not.toContain('\u202e');
  const alone = fileSection({ lang, record, exhibits, index: 1, say });
  expect(alone).not.toContain(decided);
  expect(alone).not.toContain(noted);
});

describe('a section says', () => {
  test.each([
    [
      'conflict',
      [
        'Declared as AI-generated, but another statement',
        'class="conflict"',
        'captured by a camera or recorder',
        'CNLB-4',
        'Labelling Measures, Art. 6(1)',
        'clause not read',
        'Cannot be measured: a statement may be false.',
        '0x29',
      ],
    ],
    [
      'trusted',
      [
        'Little evidence',
        'credential holds; signer on an installed list',
        'Darkroom Imaging GmbH',
        'L1008842.DNG',
        'without content credentials',
      ],
    ],
    [
      'broken',
      [
        'credential does not hold',
        '✗ assertion.dataHash.mismatch',
        '✗ claimSignature.mismatch',
        'changed after signing',
      ],
    ],
    [
      'voice',
      ['Strong evidence of synthesis', '0.85 %', 'n = 412', 'Spectrogram', 'much more usual', 'all 23 s of sound'],
    ],
    ['unexaminable', ['Unexaminable', '512 MB of memory', 'Examined without a sandbox', 'not computed']],
    ['plain', ['No layer said anything', 'says nothing about whether it is genuine', 'Not applicable']],
    [
      'video',
      [
        '24 key frames and the first 60 s of sound',
        '400 × 400 px',
        'at most; computed, not counted',
        '48,190,112',
        'Still 3, at 0:15.0',
      ],
    ],
  ])('%s', (name, phrases) => {
    const section = sectionOf(name);
    expect(phrases.filter((phrase) => !section.includes(phrase))).toEqual([]);
  });

  test.each(['conflict', 'trusted', 'broken', 'voice', 'unexaminable', 'plain', 'video'])(
    '%s in Chinese, without a word left over',
    (name) => {
      const section = sectionOf(name, 'zh');
      const visible = section
        .replace(/<(script|style|pre|code)\b[\s\S]*?<\/\1>/g, '')
        .replace(/<bdi>[\s\S]*?<\/bdi>/g, '')
        .replace(/<[^>]*>/g, ' ');
      expect(visible).toMatch(/结论|线索|文件信息/);
      expect(visible).not.toMatch(/report\.|\b(the|and|signed|file)\b/);
    },
  );

  test('an unknown code as the code itself', () => {
    const { record } = sampleOf('plain');
    const section = fileSection({
      lang: 'en',
      record: { ...record, verdict: { ...record.verdict, code: 'never-heard-of' } },
      exhibits: null,
      index: 0,
      say: speaker('en'),
    });
    expect(section).toContain('<code><bdi>never-heard-of</bdi></code>');
  });
});

test('every word that a section or the foot asks for exists in both languages', () => {
  const asked = new Set<string>();
  for (const lang of ['en', 'zh'] as const) {
    const say = sampleSpeaker(lang);
    const listening = (key: string, params?: Record<string, string | number>) => {
      asked.add(key);
      return say(key, params);
    };
    for (const [index, { record, exhibits }] of Object.values(all).entries())
      fileSection({ lang, record, exhibits, index, say: listening });
    pageFoot({ lang, counts: { declared: 1 }, say: listening });
    const words = readWords(lang);
    expect(
      [...asked].filter(
        (key) => key.startsWith('report.') && words[key] === undefined && !/report\.(rule|relationship)\./.test(key),
      ),
    ).toEqual([]);
  }
  const keys = (lang: 'en' | 'zh') => Object.keys(readWords(lang)).filter((key) => key.startsWith('report.'));
  expect(keys('zh').sort()).toEqual(keys('en').sort());
});

test('the word of a file is that of its verdict, unless it could not be examined', () => {
  expect(Object.entries(all).map(([name, { record }]) => [name, fileWord(record)])).toEqual([
    ['conflict', 'declared'],
    ['trusted', 'little'],
    ['broken', 'some'],
    ['voice', 'strong'],
    ['unexaminable', 'unexaminable'],
    ['plain', 'not-applicable'],
    ['video', 'declared'],
    ['hostile', 'declared'],
  ]);
});

describe('hostile strings', () => {
  test('leave no element, attribute or script of theirs, in the body as in the text that becomes one', () => {
    for (const index of [1, 5000]) {
      const section = sectionOf('hostile', 'en', index);
      const found = (pattern: RegExp) => section.match(pattern)?.[0];
      expect(found(/<(img|svg onload|textarea|style)/)).toBeUndefined();
      expect(found(/\son[a-z]+\s*=\s*["'][^"']*"/)).toBeUndefined();
      expect(found(/<!--/)).toBeUndefined();
      const scripts = [...section.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag);
      expect(scripts).toEqual([
        ...(index > 200 ? ['<script type="text/plain" class="later">'] : []),
        '<script type="application/json" class="record">',
      ]);
      expect(section.match(/<\/script/g)).toHaveLength(scripts.length);
      expect(
        found(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2066-\u2069\ue000-\uf8ff]/),
      ).toBeUndefined();
    }
  });

  test('come back whole from the record that travels with the page', () => {
    const { record } = sampleOf('hostile');
    const json =
      /<script type="application\/json" class="record">([\s\S]*?)<\/script>/.exec(sectionOf('hostile'))?.[1] ?? '';
    expect(JSON.parse(json)).toEqual(record);
  });

  test('exhibits that are not base64 are not drawn', () => {
    const { record } = sampleOf('video');
    const evil = '"><script>alert(1)</script>';
    const section = fileSection({
      lang: 'en',
      record,
      exhibits: {
        thumbnails: [{ atMs: 0, width: 1, height: 1, jpegBase64: evil }],
        waveform: null,
        spectrogram: { durationMs: 1000, maxHz: 8000, pngBase64: evil },
      },
      index: 0,
      say: sampleSpeaker('en'),
    });
    expect(section.includes('alert(1)')).toBe(false);
  });
});

test('records bent at random give a section and never an exception', () => {
  const random = seeded(20261122);
  const say = sampleSpeaker('en');
  const originals = Object.values(all).map(({ record, exhibits }) =>
    JSON.stringify({ record: { ...record }, exhibits: exhibits && { ...exhibits, thumbnails: [] } }),
  );
  for (let round = 0; round < 300; round += 1) {
    const { record, exhibits } = JSON.parse(originals[round % originals.length] ?? '', (_, value: unknown) =>
      bend(value, random),
    );
    // Only what the contract lets through can reach the report.
    const parsed = recordSchema.safeParse(record);
    const known: ScreeningRecord = parsed.success ? parsed.data : sampleOf('plain').record;
    const section = fileSection({ lang: 'en', record: known, exhibits, index: round, say });
    expect(section.match(/<details class="file"/g)).toHaveLength(1);
    expect(
      /.{30}(NaN|Infinity|undefined|\[object).{30}/.exec(section.replace(/base64,[^"]*/g, ''))?.[0],
    ).toBeUndefined();
  }
});

/** Now and then another value of the same kind. */
function bend(value: unknown, random: () => number): unknown {
  if (random() > 0.06) return value;
  if (typeof value === 'number') return [0, 1, 0.5, 1e15, 3, 2 ** 31][Math.floor(random() * 6)];
  if (typeof value === 'string')
    return value.length > 3 && random() > 0.7
      ? value
      : ['', '<', '\u202e', 'x'.repeat(500), value][Math.floor(random() * 5)];
  if (Array.isArray(value)) return random() > 0.5 ? [] : [...value, ...value];
  return value;
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('a row', () => {
  test.each([
    ['conflict', 'AIGC label: AI-generated;'],
    ['unexaminable', 'it needed more than 512 MB of memory'],
    ['plain', 'Nothing in this file speaks for or against synthesis.'],
  ])('of %s gives the shortest honest reason', (name, why) => {
    expect(/<span class="c-why">(.*?)<\/span><span class="c-flag">/.exec(sectionOf(name))?.[1]).toContain(why);
  });

  test('names the file before its folders', () => {
    const { record } = sampleOf('plain');
    const section = fileSection({
      lang: 'en',
      record: { ...record, file: { ...record.file, name: '/srv/inbox/a & b/holiday.jpg' } },
      exhibits: null,
      index: 0,
      say: speaker('en'),
    });
    expect(section).toContain(
      '<span class="c-name"><bdi>holiday.jpg</bdi> <span class="folder"><bdi>/srv/inbox/a &#38; b/</bdi></span></span>',
    );
  });
});
