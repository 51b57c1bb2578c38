import { describe, expect, it } from 'vitest';
import { readXmp, readXmpFindings } from './xmp.ts';

const rdf = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"';
const packet = (body: string, attributes = 'xmlns:a="urn:a" xmlns:b="urn:b"') =>
  `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="toolkit"><rdf:RDF ${rdf}>` +
  `<rdf:Description rdf:about="" ${attributes}>${body}</rdf:Description></rdf:RDF></x:xmpmeta>\n     <?xpacket end="w"?>\0\0`;
const short = (text: string) =>
  readXmp(text).properties.map(
    ({ path, form, values, namespace }) => `${path} ${form} ${namespace} ${values.join('|')}`,
  );

describe('XMP packets', () => {
  it.each([
    ['element', packet('<a:P>v</a:P>'), ['a:P element urn:a v']],
    ['empty element', packet('<a:P/>'), ['a:P element urn:a ']],
    ['attribute', packet('', 'xmlns:a="urn:a" a:P="v"'), ['a:P attribute urn:a v']],
    [
      'entities and character references',
      packet('<a:P>&lt;&quot;&#x4E2D;&amp;quot;</a:P>'),
      ['a:P element urn:a <"中&quot;'],
    ],
    ['CDATA', packet('<a:P><![CDATA[{"x":"<"}]]></a:P>'), ['a:P element urn:a {"x":"<"}']],
    ['bag', packet('<a:P><rdf:Bag><rdf:li>1</rdf:li>\n<rdf:li>2</rdf:li></rdf:Bag></a:P>'), ['a:P list urn:a 1|2']],
    [
      'alternative',
      packet('<a:P><rdf:Alt><rdf:li xml:lang="x-default">t</rdf:li></rdf:Alt></a:P>'),
      ['a:P list urn:a t'],
    ],
    ['resource', packet('<a:P rdf:resource="http://x/y"/>'), ['a:P resource urn:a http://x/y']],
    [
      'resources in a bag',
      packet('<a:P><rdf:Bag><rdf:li rdf:resource="http://x/y"/></rdf:Bag></a:P>'),
      ['a:P list urn:a http://x/y'],
    ],
    ['value', packet('<a:P><rdf:Description><rdf:value>v</rdf:value></rdf:Description></a:P>'), ['a:P list urn:a v']],
    [
      'structure',
      packet('<a:P rdf:parseType="Resource"><b:Q>1</b:Q><b:R>2</b:R></a:P>'),
      ['a:P/b:Q element urn:b 1', 'a:P/b:R element urn:b 2'],
    ],
    ['structure in attributes', packet('<a:P b:Q="1"/>'), ['a:P/b:Q attribute urn:b 1']],
    [
      'list of structures',
      packet('<a:P><rdf:Seq><rdf:li b:Q="1"/><rdf:li b:Q="2"/></rdf:Seq></a:P>'),
      ['a:P/b:Q attribute urn:b 1', 'a:P/b:Q attribute urn:b 2'],
    ],
    ['prefix bound on the property', packet('<c:P xmlns:c="urn:c">v</c:P>'), ['c:P element urn:c v']],
    ['default namespace', packet('<P xmlns="urn:d">v</P>'), ['P element urn:d v']],
    [
      'two descriptions',
      packet('<a:P>1</a:P>').replace('</rdf:RDF>', `<rdf:Description b:Q="2" xmlns:b="urn:b"/></rdf:RDF>`),
      ['a:P element urn:a 1', 'b:Q attribute urn:b 2'],
    ],
    [
      'no rdf:RDF',
      '<x:xmpmeta xmlns:x="adobe:ns:meta/"><a:P xmlns:a="urn:a">v</a:P></x:xmpmeta>',
      ['a:P element urn:a v'],
    ],
    ['bytes before it', `\0\0rubbish${packet('<a:P>v</a:P>')}`, ['a:P element urn:a v']],
  ])('%s', (_, text, expected) => {
    expect(short(text)).toEqual(expected);
    expect(readXmp(text).findings).toEqual([]);
  });

  it.each([
    ['unbound prefix', packet('<z:P>v</z:P>'), ['z:P element  v'], ['xmp-not-well-formed']],
    [
      'breaks off',
      packet('<a:P>{"Label":"1"|').split('|', 1).join(),
      ['a:P element urn:a {"Label":"1"'],
      ['xmp-not-well-formed'],
    ],
    ['not XML', 'hello', [], ['xmp-not-well-formed']],
    ['empty', '', [], ['xmp-not-well-formed']],
    ['mismatched', packet('<a:P>v</a:Q>'), ['a:P element urn:a v'], ['xmp-not-well-formed']],
    [
      'entities of its own are not expanded',
      `<!DOCTYPE x [<!ENTITY lol "lollollol"><!ENTITY file SYSTEM "file:///etc/hostname">]>${packet('<a:P>&lol;&file;</a:P>')}`,
      ['a:P element urn:a &lol;&file;'],
      ['xmp-has-doctype', 'xmp-not-well-formed'],
    ],
  ])('reads on: %s', (_, text, properties, findings) => {
    expect(short(text)).toEqual(properties);
    expect(readXmp(text).findings.map(({ code }) => code)).toEqual(findings);
  });

  it.each([
    ['depth', '<a>'.repeat(300_000), 'nested-too-deep'],
    ['elements', `<r>${'<a/>'.repeat(200_000)}</r>`, 'too-many-entries'],
    [
      'properties in attributes',
      `<r ${Array.from({ length: 60_000 }, (_, index) => `a${index}=""`).join(' ')}/>`,
      'too-many-entries',
    ],
    ['mistakes', `<r>${'&x;'.repeat(300_000)}</r>`, 'xmp-not-well-formed'],
    ['endless names', `<${'n'.repeat(500_000)}>`.repeat(2), 'xmp-not-well-formed'],
    ['blanks', `<r>${' '.repeat(1_000_000)}x`, 'xmp-not-well-formed'],
  ])('is bounded: %s', (_, text, code) => {
    const { properties, findings } = readXmp(text);
    expect(findings.map((finding) => finding.code)).toContain(code);
    expect(properties.length).toBeLessThanOrEqual(5_000);
  });

  it('has no name that could do harm', () => {
    const text = packet('<a:__proto__>v</a:__proto__><constructor>1</constructor>', 'xmlns:a="urn:a" __proto__="x"');
    expect(short(text)).toEqual(['__proto__ attribute  x', 'a:__proto__ element urn:a v', 'constructor element  1']);
    expect(Reflect.get({}, 'v')).toBeUndefined();
  });

  it('tells about the packets of a file', () => {
    const place = { location: 'png.itxt.xmp', path: 'iTXt[0]' };
    const entries = ['hello', packet('<a:P>v</a:P>')].map((value) => ({
      key: 'xmp',
      kind: 'xmp' as const,
      value,
      cut: false,
      place,
    }));
    expect(readXmpFindings({ entries, findings: [] })).toEqual([
      { code: 'xmp-not-well-formed', severity: 'warning', stage: 'labels', params: { where: 'iTXt[0]' } },
    ]);
  });

  it('never throws after mutation', () => {
    const random = generator(16684);
    const whole = packet(
      '<a:P b:Q="1"><rdf:Bag><rdf:li>x</rdf:li></rdf:Bag></a:P><a:R><![CDATA[y]]>&amp;<!-- c --></a:R>',
    );
    const alphabet = '<>/&;="\':!?[]- \0\uD800ab';
    for (let round = 0; round < 600; round += 1) {
      const characters = [...whole];
      for (let change = random(8); change >= 0; change -= 1) {
        characters.splice(random(characters.length), random(5), alphabet[random(alphabet.length)] ?? '');
      }
      expect(readXmp(characters.join('')).properties.length).toBeLessThan(50);
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
