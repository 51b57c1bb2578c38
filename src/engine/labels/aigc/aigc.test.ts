import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { mediaFormatSchema, type Signal, signalSchema } from '../../../contract/screening.ts';
import type { Metadata } from '../metadata.ts';
import { readAigcLabels } from './aigc.ts';

const caseSchema = z.object({
  name: z.string(),
  format: mediaFormatSchema,
  entries: z.array(
    z.object({
      key: z.string(),
      value: z.string(),
      location: z.string(),
      kind: z.enum(['text', 'xmp', 'binary']),
      cut: z.boolean().default(false),
    }),
  ),
  signals: z.array(
    z.object({ claim: z.string(), strength: z.string(), code: z.string(), notPassed: z.array(z.string()) }),
  ),
});
type Case = z.infer<typeof caseSchema>;
const fixtures = new URL('../../../../test/fixtures/aigc/', import.meta.url);
const cases = z.array(caseSchema).parse(JSON.parse(readFileSync(new URL('labels.json', fixtures), 'utf8')));
const sealsSchema = z.array(
  z.object({
    name: z.string(),
    fields: z.record(z.string(), z.string()),
    reserved: z.string(),
    expect: z.looseObject({ outcome: z.string() }).nullable(),
  }),
);
const seals = sealsSchema.parse(JSON.parse(readFileSync(new URL('seals.json', fixtures), 'utf8')));

function metadataOf(entries: Case['entries']): Metadata {
  return {
    entries: entries.map(({ location, ...entry }, index) => ({
      ...entry,
      place: { location, path: `${location}[${index}]` },
    })),
    findings: [],
  };
}

function textEntry(value: string, key = 'AIGC', location = 'png.text'): Case['entries'][number] {
  return { key, value, location, kind: 'text', cut: false };
}

const notPassed = ({ checks }: Signal) =>
  checks.filter(({ outcome }) => outcome !== 'pass').map(({ id, outcome, code }) => `${id} ${outcome} ${code}`);

describe('AIGC labels', () => {
  it.each(cases.map((one) => [one.name, one] as const))('%s', (_, { format, entries, signals }) => {
    const read = readAigcLabels(metadataOf(entries), format);
    expect(
      read.map((signal) => ({
        claim: signal.claim,
        strength: signal.strength,
        code: signal.code,
        notPassed: notPassed(signal).sort(),
      })),
    ).toEqual(signals.map((signal) => ({ ...signal, notPassed: [...signal.notPassed].sort() })));
    expect(read.map(({ id }) => id)).toEqual(signals.map((__, index) => `label.aigc#${index + 1}`));
    for (const signal of read) signalSchema.parse(signal);
  });

  it('lets a rule that nobody has read warn, never fail', () => {
    const checks = cases
      .flatMap(({ format, entries }) => readAigcLabels(metadataOf(entries), format))
      .flatMap((signal) => signal.checks);
    expect(checks.filter(({ verified, outcome }) => !verified && outcome === 'fail')).toEqual([]);
    expect(new Set(checks.filter(({ outcome }) => outcome === 'fail').map(({ id }) => id))).toEqual(
      new Set([
        'CNLB-3',
        'GB-M2',
        'GB-M3',
        'GB-M8',
        'GB-M9',
        'GB-M10',
        'GB-M11',
        'GB-KEY',
        'GB-NS',
        'GB-PLACE',
        'GB-CODE-FORM',
        'GB-CODE-USCC',
      ]),
    );
  });

  it.each(seals.filter((seal) => seal.expect).map((seal) => [seal.name, seal] as const))(
    'seal in a label: %s',
    (_, seal) => {
      // Other reserved fields would not change what is signed.
      const text = JSON.stringify({ AIGC: { ...seal.fields, ReservedCode1: seal.reserved } });
      const [signal] = readAigcLabels(metadataOf([textEntry(text)]), 'png');
      const check = signal?.checks.find(({ id }) => id === 'GB-SEAL-1');
      const outcome = seal.expect?.outcome === 'seal-valid-pinned' ? 'seal-valid' : seal.expect?.outcome;
      // Without the pinned key of the vector the seal is only as good as its own key.
      if (seal.name.startsWith('no key inside')) expect(check?.code).toBe('seal-unsupported');
      else expect(check?.code).toBe(outcome);
    },
  );

  it('uses the pinned keys it is given', () => {
    const seal = seals.find(({ name }) => name.startsWith('openssl, DER'));
    const publicKeyHex = /"KeyValue":"([0-9a-f]+)"/.exec(seal?.reserved ?? '')?.[1] ?? '';
    const text = JSON.stringify({ ...seal?.fields, ReservedCode1: seal?.reserved });
    const [signal] = readAigcLabels(metadataOf([textEntry(text)]), 'png', {
      pinnedKeys: [{ id: 'house', publicKeyHex }],
    });
    expect(signal?.checks.find(({ id }) => id === 'GB-SEAL-1')).toMatchObject({
      outcome: 'pass',
      code: 'seal-valid-pinned',
      subject: 'house',
    });
  });

  it('keeps escapes and text direction marks out of everything it shows', () => {
    const hostile = '\u001b]0;pwned\u0007\u202eevil\u2066\u0000\u200b\ud800';
    const text = `{"Label":"${hostile}","ContentProducer":"${hostile}","ProduceID":"${hostile}","${hostile}":"${hostile}"}`;
    const metadata = metadataOf([textEntry(text), textEntry(hostile)]);
    for (const entry of metadata.entries) entry.place.path = hostile;
    const texts = stringsIn(readAigcLabels(metadata, 'png'));
    expect(texts.some((one) => one.includes('\uFFFD]0;pwned\uFFFD'))).toBe(true);
    expect(texts.filter((one) => /[\p{Cc}\p{Cf}\p{Cs}]/u.test(one))).toEqual([]);
  });

  it('repeats no prompt', () => {
    const entries = [
      textEntry('{"AIGC":{"Label":"1","ContentProducer":"x","Prompt":"secret garden"}}'),
      textEntry('secret garden {"AIGC":{"Label":"1","ContentProducer":"x"}}', 'UserComment', 'jpeg.app1.exif'),
      textEntry('{"text":"secret garden","AIGC":{"Label":"1"}}', 'prompt'),
    ];
    const signals = readAigcLabels(metadataOf(entries), 'jpeg');
    expect(signals).toHaveLength(3);
    expect(JSON.stringify(signals)).not.toContain('secret');
  });

  it('has a sentence in both languages for everything it says', () => {
    const signals = cases.flatMap(({ format, entries }) => readAigcLabels(metadataOf(entries), format));
    const codes = new Set(
      signals.flatMap(({ code, checks }) => [`signal.${code}`, ...checks.map((check) => `check.${check.code}`)]),
    );
    for (const seal of seals) if (seal.expect) codes.add(`check.${seal.expect.outcome}`);
    const [english, chinese] = ['en', 'zh'].map((lang) => {
      const words = new URL(`../../../contract/words/labels.${lang}.json`, import.meta.url);
      return z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(words, 'utf8')));
    });
    expect([...codes].filter((code) => !english?.[code] || !chinese?.[code])).toEqual([]);
    expect(Object.keys(english ?? {})).toEqual(Object.keys(chinese ?? {}));
    const holes = (words: Record<string, string> = {}) =>
      Object.values(words).map((text) => (text.match(/{{\w+}}/g) ?? []).sort());
    expect(holes(english)).toEqual(holes(chinese));
  });

  it('bounds what it repeats', () => {
    const long = 'x'.repeat(300_000);
    const members = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [`unknown${index}`, long.slice(0, 1000)]),
    );
    const text = JSON.stringify({ Label: '1', ContentProducer: long, ProduceID: long, ...members });
    const many = Array.from({ length: 200 }, () => textEntry(text));
    const signals = readAigcLabels(metadataOf(many), 'png');
    expect(signals).toHaveLength(20);
    expect(JSON.stringify(signals).length).toBeLessThan(400_000);
    expect(JSON.stringify(signals[0]?.evidence).length).toBeLessThan(8_000);
  });

  it('counts the same bytes reached twice as one label', () => {
    const metadata = metadataOf([textEntry('{"Label":"1"}'), textEntry('{"Label":"1"}')]);
    for (const entry of metadata.entries) Object.assign(entry.place, { offset: 40, length: 13 });
    expect(readAigcLabels(metadata, 'png')).toHaveLength(1);
    // Fields of one packet all tell where the packet lies: two of them are two labels.
    for (const { place } of metadata.entries) place.location = 'flac.vorbis-comment';
    expect(readAigcLabels(metadata, 'flac')).toHaveLength(2);
  });

  it('never throws after mutation', () => {
    const random = generator(45438);
    const alphabet = '{}[]"\':,\\%&;<>/=AIGCaigc1 \0\uFEFF\u202e“”：';
    for (let round = 0; round < 700; round += 1) {
      const one = cases[random(cases.length)];
      if (!one) continue;
      const entries = one.entries.map((entry) => {
        const characters = [...entry.value.slice(0, 4000)];
        for (let change = random(6); change >= 0; change -= 1) {
          const at = random(characters.length + 1);
          characters.splice(at, random(4), alphabet[random(alphabet.length)] ?? '');
        }
        return { ...entry, value: characters.join('') };
      });
      for (const signal of readAigcLabels(metadataOf(entries), one.format)) signalSchema.parse(signal);
    }
  });

  it('comes to an end on text made to be slow', () => {
    const million = 1_000_000;
    const slow = [
      `${' '.repeat(million)}x`,
      `AIGC${' '.repeat(million)}`,
      `{"AIGC"${' '.repeat(million)}`,
      'AIGC{'.repeat(million / 5),
      '{"AIGC":'.repeat(million / 8),
      'A'.repeat(million),
      '%7B%22'.repeat(million / 6),
      '&quot;'.repeat(million / 6),
      `<TC260:AIGC>${'&x;'.repeat(million / 3)}`,
      `<a ${'AIGC="{" '.repeat(million / 9)}/>`,
      '<AIGC>'.repeat(million / 6),
    ];
    for (const value of slow) {
      for (const kind of ['text', 'xmp'] as const) {
        for (const key of ['AIGC', 'Comment'])
          readAigcLabels(metadataOf([{ key, value, kind, location: 'png.text', cut: false }]), 'png');
      }
    }
  });
});

/** Every string in a value, names included. */
function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(stringsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [name, ...stringsIn(inner)]);
}

/** A tiny seeded generator (LCG of Numerical Recipes): integers below `limit`. */
function generator(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

describe('a document that was saved again', () => {
  const label = (path: string, value: string) => ({
    key: 'AIGC',
    kind: 'text' as const,
    value: JSON.stringify({ Label: value, ContentProducer: 'A', ProduceID: '1' }),
    cut: false,
    place: { location: 'pdf.info', path },
  });

  it('says what its newest save says', () => {
    const entries = [label('Info/AIGC', '1'), label('revision 1 of 2/Info/AIGC', '2')];
    const signals = readAigcLabels({ entries, findings: [] }, 'pdf');
    expect(signals.map(({ code, strength }) => [code, strength])).toEqual([
      ['label-aigc-generated', 'declared'],
      ['label-aigc-superseded', 'not-applicable'],
    ]);
    expect(signals[0]?.checks.find(({ id }) => id === 'GB-M9')?.outcome ?? 'pass').toBe('pass');
  });

  it('does not lose a label by dropping it', () => {
    const signals = readAigcLabels({ entries: [label('revision 1 of 2/Info/AIGC', '1')], findings: [] }, 'pdf');
    expect(signals.map(({ code, strength }) => [code, strength])).toEqual([['label-aigc-removed', 'some']]);
  });
});
