import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Signal, signalSchema } from '../../contract/screening.ts';
import { readIptc } from './iptc.ts';
import type { Metadata } from './metadata.ts';

const namespace = 'http://iptc.org/std/Iptc4xmpExt/2008-02-29/';
const cv = 'http://cv.iptc.org/newscodes/digitalsourcetype/';
const packet = (body: string, attributes = '', bound = namespace) =>
  '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
  `<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="${bound}" ${attributes}>${body}</rdf:Description></rdf:RDF></x:xmpmeta>`;
const element = (value: string) => packet(`<Iptc4xmpExt:DigitalSourceType>${value}</Iptc4xmpExt:DigitalSourceType>`);
const metadataOf = (...values: string[]): Metadata => ({
  entries: values.map((value) => ({
    key: 'xmp',
    kind: 'xmp',
    value,
    cut: false,
    place: { location: 'jpeg.app1.xmp', path: 'APP1' },
  })),
  findings: [],
});
const notPassed = (signal: Signal | undefined) =>
  signal?.checks.filter(({ outcome }) => outcome !== 'pass').map(({ id, outcome, code }) => `${id} ${outcome} ${code}`);

describe('IPTC digital source type', () => {
  it.each([
    ['trainedAlgorithmicMedia', 'ai-generated'],
    ['compositeWithTrainedAlgorithmicMedia', 'ai-edited'],
    ['compositeSynthetic', 'ai-edited'],
    ['algorithmicMedia', 'unspecified'],
    ['virtualRecording', 'unspecified'],
    ['composite', 'unspecified'],
    ['algorithmicallyEnhanced', 'unspecified'],
    ['dataDrivenMedia', 'unspecified'],
    ['screenCapture', 'unspecified'],
    ['digitalCapture', 'captured'],
    ['computationalCapture', 'captured'],
    ['compositeCapture', 'captured'],
    ['negativeFilm', 'captured'],
    ['positiveFilm', 'captured'],
    ['print', 'captured'],
    ['humanEdits', 'human-made'],
    ['digitalCreation', 'human-made'],
  ])('%s is %s', (term, claim) => {
    const [signal, ...more] = readIptc(metadataOf(element(cv + term)));
    expect(signal).toMatchObject({
      id: 'label.iptc#1',
      claim,
      strength: 'declared',
      code: `label-iptc-${claim}`,
      params: { term },
    });
    expect(notPassed(signal)).toEqual([]);
    expect(more).toEqual([]);
    signalSchema.parse(signal);
  });

  it.each([
    ['minorHumanEdits', 'human-made'],
    ['digitalArt', 'human-made'],
    ['softwareImage', 'unspecified'],
  ])('%s is accepted though deprecated', (term, claim) => {
    const [signal] = readIptc(metadataOf(element(cv + term)));
    expect(signal).toMatchObject({ claim, strength: 'declared' });
    expect(notPassed(signal)).toEqual(['IPTC-TERM warn iptc-deprecated-term']);
  });

  it.each([
    ['term of C2PA', 'http://c2pa.org/digitalsourcetype/trainedAlgorithmicData', 'ai-generated', []],
    ['term alone', 'trainedAlgorithmicMedia', 'ai-generated', ['IPTC-URI warn iptc-not-full-uri']],
    ['QCode', 'digsrctype:trainedAlgorithmicMedia', 'ai-generated', ['IPTC-URI warn iptc-not-full-uri']],
    [
      'schema.org name',
      'https://schema.org/TrainedAlgorithmicMediaDigitalSource',
      'ai-generated',
      ['IPTC-URI warn iptc-not-full-uri'],
    ],
    ['https', `${cv.replace('http:', 'https:')}digitalCapture`, 'captured', ['IPTC-URI warn iptc-uri-variant']],
    ['other case', `${cv}TrainedAlgorithmicMedia`, 'ai-generated', ['IPTC-URI warn iptc-uri-variant']],
    ['unknown term', `${cv}dream`, 'unspecified', ['IPTC-TERM warn iptc-unknown-term']],
    ['words', 'made by AI', 'unspecified', ['IPTC-TERM warn iptc-unknown-term', 'IPTC-URI warn iptc-not-full-uri']],
  ])('%s', (_, value, claim, expected) => {
    const [signal] = readIptc(metadataOf(element(value)));
    expect(signal?.claim).toBe(claim);
    // A word outside the vocabulary is no hint of anything.
    expect(signal?.strength).toBe(claim === 'unspecified' ? 'not-applicable' : 'declared');
    expect(notPassed(signal)).toEqual(expected);
  });

  it.each([
    ['elements', packet('<Iptc4xmpExt:AISystemUsed></Iptc4xmpExt:AISystemUsed><Iptc4xmpExt:AIPromptInformation/>')],
    ['attributes', packet('', 'Iptc4xmpExt:AISystemUsed="" Iptc4xmpExt:AIPromptWriterName=" "')],
  ])('fields about AI that a template left empty say nothing: %s', (_, text) => {
    expect(readIptc(metadataOf(text))).toEqual([]);
  });

  it.each([
    ['attribute', packet('', `Iptc4xmpExt:DigitalSourceType="${cv}trainedAlgorithmicMedia"`), []],
    [
      'bag',
      packet(
        `<Iptc4xmpExt:DigitalSourceType><rdf:Bag><rdf:li>${cv}trainedAlgorithmicMedia</rdf:li></rdf:Bag></Iptc4xmpExt:DigitalSourceType>`,
      ),
      [],
    ],
    ['resource', packet(`<Iptc4xmpExt:DigitalSourceType rdf:resource="${cv}trainedAlgorithmicMedia"/>`), []],
    [
      'name of before 2010',
      packet(`<Iptc4xmpExt:DigitalSourcefileType>${cv}trainedAlgorithmicMedia</Iptc4xmpExt:DigitalSourcefileType>`),
      [],
    ],
    [
      'wrong namespace',
      packet('', `Iptc4xmpExt:DigitalSourceType="${cv}trainedAlgorithmicMedia"`, 'urn:wrong'),
      ['IPTC-NS warn iptc-namespace-wrong'],
    ],
  ])('is read as %s', (_, text, expected) => {
    const [signal] = readIptc(metadataOf(text));
    expect(signal?.claim).toBe('ai-generated');
    expect(notPassed(signal)).toEqual(expected);
  });

  it('is read from a text entry of that name', () => {
    const metadata = metadataOf();
    const place = { location: 'bmff.moov.udta.meta.mdta', path: 'moov/udta/meta/ilst[0]' };
    metadata.entries.push({
      key: 'Iptc4xmpExt:DigitalSourceType',
      kind: 'text',
      value: `${cv}digitalCapture`,
      cut: false,
      place,
    });
    const [signal] = readIptc(metadata);
    expect(signal?.claim).toBe('captured');
    expect(notPassed(signal)).toEqual(['IPTC-NS warn iptc-not-in-xmp']);
  });

  it('gives every value its own signal, and none to an empty one', () => {
    const signals = readIptc(
      metadataOf(element(`${cv}digitalCapture`), element(' '), element(`${cv}compositeSynthetic`)),
    );
    expect(signals.map(({ id, claim }) => [id, claim])).toEqual([
      ['label.iptc#1', 'captured'],
      ['label.iptc#2', 'ai-edited'],
    ]);
    expect(readIptc(metadataOf(packet('')))).toEqual([]);
  });

  it('notes the AI system and never repeats the prompt or who wrote it', () => {
    const fields =
      '<Iptc4xmpExt:AISystemUsed>Imagine</Iptc4xmpExt:AISystemUsed><Iptc4xmpExt:AISystemVersionUsed>7</Iptc4xmpExt:AISystemVersionUsed>' +
      '<Iptc4xmpExt:AIPromptInformation>a secret garden</Iptc4xmpExt:AIPromptInformation>' +
      '<Iptc4xmpExt:AIPromptWriterName>Somebody Real</Iptc4xmpExt:AIPromptWriterName>';
    const [signal, ...more] = readIptc(metadataOf(packet(fields)));
    expect(more).toEqual([]);
    expect(signal).toMatchObject({
      claim: 'ai-generated',
      strength: 'some',
      code: 'label-iptc-ai-system',
      params: { system: 'Imagine' },
      evidence: { system: 'Imagine', version: '7', promptCharacters: 15, promptWriterNamed: true },
    });
    expect(JSON.stringify(signal)).not.toMatch(/secret|Real/);
  });

  it('takes an AI system for the edit when the source type says so', () => {
    const body = `<Iptc4xmpExt:DigitalSourceType>${cv}compositeSynthetic</Iptc4xmpExt:DigitalSourceType><Iptc4xmpExt:AIPromptInformation>x</Iptc4xmpExt:AIPromptInformation>`;
    expect(readIptc(metadataOf(packet(body))).map(({ claim, code }) => [claim, code])).toEqual([
      ['ai-edited', 'label-iptc-ai-edited'],
      ['ai-edited', 'label-iptc-ai-fields'],
    ]);
  });

  it.each(['en', 'zh'])('has a sentence for everything it says: %s', (lang) => {
    const file = new URL(`../../contract/words/labels.${lang}.json`, import.meta.url);
    const words = new Set(Object.keys(JSON.parse(readFileSync(file, 'utf8'))));
    const source = readFileSync(new URL('./iptc.ts', import.meta.url), 'utf8');
    const checks = [...source.matchAll(/'(iptc-[a-z-]+)'/g)].map(([, code]) => `check.${code}`);
    const claims = [
      'ai-generated',
      'ai-edited',
      'captured',
      'human-made',
      'unspecified',
      'unknown',
      'ai-system',
      'ai-fields',
    ];
    expect(checks.length).toBeGreaterThan(7);
    expect(
      [...checks, ...claims.map((claim) => `signal.label-iptc-${claim}`)].filter((key) => !words.has(key)),
    ).toEqual([]);
  });

  it('bounds and cleans what it repeats', () => {
    const values = Array.from({ length: 3_000 }, () => `<rdf:li>\u202e${'x'.repeat(100)}&#27;</rdf:li>`).join('');
    const signals = readIptc(
      metadataOf(packet(`<Iptc4xmpExt:DigitalSourceType><rdf:Bag>${values}</rdf:Bag></Iptc4xmpExt:DigitalSourceType>`)),
    );
    expect(signals).toHaveLength(20);
    expect(JSON.stringify(signals)).not.toMatch(/\u202e|\\u001b/);
  });

  it('never throws after mutation', () => {
    const random = generator(2025);
    const whole = packet(
      `<Iptc4xmpExt:DigitalSourceType><rdf:Bag><rdf:li>${cv}digitalCapture</rdf:li></rdf:Bag></Iptc4xmpExt:DigitalSourceType>`,
      'Iptc4xmpExt:AISystemUsed="x"',
    );
    for (let round = 0; round < 400; round += 1) {
      const characters = [...whole];
      for (let change = random(6); change >= 0; change -= 1) {
        characters.splice(random(characters.length), random(5), String.fromCharCode(random(0x80)));
      }
      for (const signal of readIptc(metadataOf(characters.join('')))) signalSchema.parse(signal);
    }
  });
});

/** A tiny seeded generator (LCG of Numerical Recipes): integers below `limit`. */
function generator(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
