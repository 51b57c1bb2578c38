import { inflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { contentHash, renderDocx } from './assessment-form.ts';
import { sampleForm } from './sample.ts';
import { hostile } from './sample-hostile.ts';
import { said } from './sample-said.ts';
import { visibleLines } from './visible.ts';

const small = sampleForm({ requirements: 12, evidence: 15, probes: 2, hazards: 3 });

/** The parts of an archive by their names. */
function unzip(zip: Uint8Array): Map<string, string> {
  const file = Buffer.from(zip);
  const parts = new Map<string, string>();
  let entry = file.readUInt32LE(file.length - 6);
  for (let left = file.readUInt16LE(file.length - 12); left > 0; left -= 1) {
    const [packed, nameLength] = [file.readUInt32LE(entry + 20), file.readUInt16LE(entry + 28)];
    const [method, local] = [file.readUInt16LE(entry + 10), file.readUInt32LE(entry + 42)];
    const data = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
    const content = file.subarray(data, data + packed);
    const name = file.toString('utf8', entry + 46, entry + 46 + nameLength);
    parts.set(name, (method === 8 ? inflateRawSync(content) : content).toString('utf8'));
    entry += 46 + nameLength + file.readUInt16LE(entry + 30) + file.readUInt16LE(entry + 32);
  }
  return parts;
}

/** Throws where XML 1.0 is not well-formed: characters, entities, and tags that do not pair. */
function checkXml(xml: string): void {
  expect(xml).not.toMatch(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
  expect(xml.replace(/&(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-f]+);/gi, '')).not.toContain('&');
  const open: string[] = [];
  const rest = xml.replace(
    /<\?xml[^?]*\?>|<(\/?)([\w:]+)((?:\s+[\w:]+="[^"<]*")*)\s*(\/?)>/g,
    (tag, end, name, _, alone) => {
      if (tag.startsWith('<?') || alone === '/') return '';
      if (end === '/') expect(open.pop()).toBe(name);
      else open.push(name);
      return '';
    },
  );
  expect(open).toEqual([]);
  expect(rest).not.toMatch(/[<]/);
}

function words(xml: string): string {
  const text = xml.replace(/<w:tab\/>|<\/w:p>/g, '\n').replace(/<[^>]+>/g, '');
  const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return squeezed(text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => entities[name] ?? ''));
}

function squeezed(text: string): string {
  return visibleLines(text).join('').replace(/\s/g, '');
}

async function partsOf(filled: Parameters<typeof renderDocx>[0]) {
  const parts = unzip(await renderDocx(filled));
  const document = parts.get('word/document.xml') ?? '';
  const footer = parts.get('word/footer1.xml') ?? '';
  return { parts, document, footer };
}

describe('the report as DOCX', () => {
  test('says everything that was filled in, and everything that the form asks', async () => {
    const filled = sampleForm({ requirements: 100, evidence: 300, probes: 8, hazards: 20 });
    const { document, footer } = await partsOf(filled);
    const text = words(document) + words(footer);
    expect(said(filled).filter((one) => !text.includes(squeezed(one)))).toEqual([]);
    expect(text).toContain('□网站');
    expect(text).toContain('☑APP');
    expect(text).toContain('（未填写）');
  });

  test('every part is well-formed, the heads of tables repeat, the footer counts pages', async () => {
    const { parts, document, footer } = await partsOf(small);
    for (const xml of parts.values()) checkXml(xml);
    const tables = document.match(/<w:tbl>.*?<\/w:tbl>/gs) ?? [];
    expect(tables.length).toBeGreaterThan(8);
    for (const table of tables) expect(table).toMatch(/^<w:tbl>.*?<w:tr>(?:(?!<\/w:tr>).)*<w:tblHeader\/>/s);
    expect(footer).toMatch(/PAGE.*NUMPAGES/s);
    expect(words(footer)).toContain(contentHash(small).slice(0, 12));
  });

  test('every row of every table, charts included, covers all of its columns', async () => {
    const rates = [
      { subject: 'image/jpeg', kept: 1, tried: 2, low: 0.1, high: 0.9 },
      { subject: 'audio/mp3', kept: 2, tried: 2, low: 0.3, high: 1 },
    ];
    const { document } = await partsOf({
      ...small,
      probes: small.probes.map((probe) => ({ ...probe, rates })),
      hazards: small.hazards.map((hazard) => ({ ...hazard, planned: '2026-11-24', done: '2026-12-24' })),
    });
    const tables = document.match(/<w:tbl>.*?<\/w:tbl>/gs) ?? [];
    const charts = tables.filter((table) => (table.match(/<w:gridCol /g) ?? []).length > 20);
    // All probes, each probe, the days.
    expect(charts).toHaveLength(small.probes.length + 2);
    for (const table of tables) {
      const columns = table.match(/<w:gridCol /g)?.length;
      for (const row of table.match(/<w:tr>.*?<\/w:tr>/gs) ?? []) {
        const spans = row
          .match(/<w:tc>.*?<\/w:tc>/gs)
          ?.map((cell) => Number(/<w:gridSpan w:val="(\d+)"/.exec(cell)?.[1] ?? 1));
        expect(spans?.reduce((sum, span) => sum + span, 0)).toBe(columns);
      }
    }
    expect(words(charts.join(''))).toMatch(/0%50%100%.*●/s);
  });

  test('the same form gives the same bytes, dated to its making', async () => {
    const [one, other] = [await renderDocx(small), await renderDocx(structuredClone(small))];
    expect(Buffer.compare(one, other)).toBe(0);
    expect(unzip(one).get('docProps/core.xml')).toContain('2026-11-22T06:05:00Z');
  });

  test.each(Object.entries(hostile))('%s is said literally and breaks nothing', async (_, value) => {
    const filled = { ...small, title: value, conclusion: value, answers: { 'unit.name': value, [value]: value } };
    const form = { ...small.form, title: { zh: value, en: value } };
    const { parts, document } = await partsOf({ ...filled, form });
    for (const xml of parts.values()) checkXml(xml);
    expect(words(document).split(squeezed(value)).length).toBeGreaterThan(4);
    expect(document).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
  });
});
