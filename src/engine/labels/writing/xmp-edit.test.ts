import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readXmp } from '../xmp.ts';
import { LabelRefusal } from './change.ts';
import { editXmp, trimPadding } from './xmp-edit.ts';

const label = '{"Label":"1","ContentProducer":"001191110102MAD55U9H0F10002","ProduceID":"a<b&c>d"}';
const source = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';
const adobe = `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Adobe XMP Core">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="uuid:42" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="5">
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">A &lt; B</rdf:li></rdf:Alt></dc:title>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
${' '.repeat(400)}
<?xpacket end="w"?>`;

const values = (packet: string | null, name: string) =>
  readXmp(packet ?? '')
    .properties.filter((property) => property.name === name)
    .flatMap(({ values }) => values);

describe('editing an XMP packet', () => {
  it('makes a packet where there was none, and takes it away again', () => {
    const made = editXmp(null, { aigc: label, digitalSourceType: source });
    expect(values(made, 'AIGC')).toEqual([label]);
    expect(values(made, 'DigitalSourceType')).toEqual([source]);
    expect(editXmp(made, { aigc: null, digitalSourceType: null })).toBeNull();
    expect(editXmp(null, { aigc: null })).toBeNull();
  });

  it('adds to what is there and leaves every character of it', () => {
    const edited = editXmp(adobe, { aigc: label }) ?? '';
    expect(values(edited, 'AIGC')).toEqual([label]);
    const at = edited.indexOf('  <rdf:Description rdf:about="uuid:42" xmlns:rdf');
    expect(at).toBeGreaterThan(0);
    expect(editXmp(edited, { aigc: null })).toBe(adobe);
  });

  it.each([
    [
      'an attribute',
      `<rdf:Description rdf:about="" xmlns:T="http://www.tc260.org.cn/ns/AIGC/1.0/" T:AIGC='{"Label":"2"}' xmlns:a="urn:a" a:b="c"/>`,
    ],
    [
      'an element of another namespace',
      `<rdf:Description xmlns:z="urn:z" xmlns:a="urn:a" a:b="c"><z:aigc>x</z:aigc></rdf:Description>`,
    ],
    ['an element without namespace', `<rdf:Description xmlns:a="urn:a" a:b="c"><AIGC>x</AIGC></rdf:Description>`],
    [
      'fields one by one',
      `<rdf:Description xmlns:T="http://www.tc260.org.cn/ns/AIGC/1.0/" xmlns:a="urn:a" a:b="c"><T:Label>1</T:Label><T:ProduceID>2</T:ProduceID></rdf:Description>`,
    ],
    [
      'a structure',
      `<rdf:Description xmlns:T="urn:t" xmlns:a="urn:a" a:b="c"><T:AIGC rdf:parseType="Resource"><T:Label>1</T:Label></T:AIGC></rdf:Description>`,
    ],
  ])('replaces a label written as %s', (_form, body) => {
    const packet = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">${body}</rdf:RDF>`;
    const edited = editXmp(packet, { aigc: label }) ?? '';
    expect(readXmp(edited).properties.map(({ name, values }) => [name, values])).toEqual([
      ['b', ['c']],
      ['AIGC', [label]],
    ]);
    expect(readXmp(edited).findings).toEqual([]);
    expect(readXmp(editXmp(edited, { aigc: null }) ?? '').properties.map(({ name }) => name)).toEqual(['b']);
  });

  it('does not grow when it is written again and again', () => {
    let packet = editXmp(adobe, { aigc: label, digitalSourceType: source });
    const { length } = packet ?? '';
    for (let round = 0; round < 5; round += 1) packet = editXmp(packet, { aigc: label, digitalSourceType: source });
    expect(packet).toHaveLength(length);
  });

  it('leaves the source type alone unless it is asked about it', () => {
    const both = editXmp(adobe, { aigc: label, digitalSourceType: source });
    expect(values(editXmp(both, { aigc: null }), 'DigitalSourceType')).toEqual([source]);
    expect(values(editXmp(both, { aigc: label, digitalSourceType: null }), 'DigitalSourceType')).toEqual([]);
  });

  it('opens an empty RDF element', () => {
    const edited = editXmp('<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>', { aigc: label });
    expect(values(edited, 'AIGC')).toEqual([label]);
    expect(readXmp(edited ?? '').findings).toEqual([]);
  });

  it.each([
    ['<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><a></rdf:RDF>'],
    ['<!DOCTYPE a><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'],
    ['<x:xmpmeta xmlns:x="adobe:ns:meta/"/>'],
    ['no XML'],
  ])('refuses %s instead of guessing', (packet) => {
    expect(() => editXmp(packet, { aigc: label })).toThrow(LabelRefusal);
  });

  it('gives way with padding, not with content', () => {
    const edited = editXmp(adobe, { aigc: label }) ?? '';
    const trimmed = trimPadding(edited, edited.length - 100);
    expect(trimmed.length).toBeLessThan(edited.length - 300);
    expect(values(trimmed, 'AIGC')).toEqual([label]);
    expect(trimPadding(edited, 100_000)).toBe(edited);
  });

  it('either refuses a damaged packet or makes one with exactly the label asked for', () => {
    const seed = editXmp(adobe, { aigc: '{"Label":"3"}' }) ?? '';
    fc.assert(
      fc.property(
        fc.nat(seed.length - 1),
        fc.nat(20),
        fc.string({
          maxLength: 6,
          unit: fc.constantFrom('<', '>', '"', "'", '/', '&', ' ', 'A', 'rdf:', '-->', 'AIGC='),
        }),
        (at, removed, inserted) => {
          const damaged = seed.slice(0, at) + inserted + seed.slice(at + removed);
          try {
            expect(values(editXmp(damaged, { aigc: label }), 'AIGC')).toContain(label);
          } catch (error) {
            if (!(error instanceof LabelRefusal)) throw error;
          }
        },
      ),
      { numRuns: 400, seed: 7 },
    );
  });

  it('ends quickly on texts made to be slow', () => {
    for (const text of [
      '<'.repeat(100_000),
      '<a '.repeat(50_000),
      `<a${' x="1"'.repeat(50_000)}>`,
      `<a>${' '.repeat(200_000)}`,
    ]) {
      expect(() => editXmp(text, { aigc: label })).toThrow(LabelRefusal);
    }
  });
});
