import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Labelling, labellingSchema } from '../../src/contract/labelling.ts';
import { survivalSchema } from '../../src/contract/survival.ts';
import { clearmirror, type Run, root } from '../clearmirror.ts';
import { makeMedia } from '../labelled-media.ts';
import { newFolder } from '../new-folder.ts';
import { makeChain } from '../signing/make-certificate.ts';
import { secondOpinion } from '../signing/second-reader.ts';

const code = '001191110102MAD55U9H0F10002';
const produced = ['--producer', code, '--produce-id', '98ae6b12'];
const label = { Label: '1', ContentProducer: code, ProduceID: '98ae6b12' };

/** What other programs read: exiftool where it knows the place, ffprobe for the rest; null where neither does. */
const readers: Record<string, string> = {};
function readElsewhere(file: string): unknown {
  const tags = JSON.parse(execFileSync('exiftool', ['-j', '-G1', '-a', '-u', file], { encoding: 'utf8' }))[0];
  const found = Object.entries<string>(tags).find(([name]) => /:aigc$/i.test(name));
  const text = found?.[1] ?? ffprobeTag(file);
  if (text !== undefined) readers[extname(file)] = found ? 'exiftool' : 'ffprobe';
  return text === undefined ? null : typeof text === 'string' ? JSON.parse(text) : text;
}

function ffprobeTag(file: string): string | undefined {
  try {
    const out = execFileSync('ffprobe', ['-v', 'error', '-show_format', '-show_streams', '-of', 'json', file]);
    const { format, streams = [] } = JSON.parse(out.toString());
    const tags = [format, ...streams].flatMap((one) => Object.entries<string>(one?.tags ?? {}));
    return tags.find(([name]) => /^aigc$/i.test(name))?.[1];
  } catch {
    return undefined;
  }
}

/** Hashes of all packets, or of the decoded picture: what must not change. */
async function content(file: string): Promise<string> {
  if (/\.(jpg|png|webp|gif|tif|avif)$/.test(file)) {
    const pixels = await sharp(file, { animated: true }).raw().toBuffer();
    return createHash('sha256').update(pixels).digest('hex');
  }
  if (/\.(pdf|docx|md)$/.test(file)) return '';
  return execFileSync('ffmpeg', ['-v', 'error', '-i', file, '-map', '0', '-c', 'copy', '-f', 'streamhash', '-'], {
    encoding: 'utf8',
  });
}

const hashes = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder).map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ]),
  );

describe('labelling every container from the command line', () => {
  it('writes, updates and removes; other programs read it; content and input stay as they were', async () => {
    const folder = newFolder();
    const [from, written, updated, removed] = ['in', 'written', 'updated', 'removed'].map((name) =>
      join(folder, name),
    ) as [string, string, string, string];
    mkdirSync(from);
    const names = await makeMedia(from);
    const before = hashes(from);
    const one = await clearmirror(['label', from, '-o', written, ...produced, '--json']);
    expect(one.err).toBe('');
    const records = one.out
      .trim()
      .split('\n')
      .map((line) => labellingSchema.parse(JSON.parse(line)));
    expect(records.map(({ input }) => input.name).sort()).toEqual([...names].sort());
    const platform = ['--propagator', 'ExamplePlatform', '--propagate-id', 'p-1'];
    expect(await clearmirror(['label', written, '-o', updated, '--update', ...platform])).toMatchObject({ code: 0 });
    expect(await clearmirror(['label', updated, '-o', removed, '--remove'])).toMatchObject({ code: 0 });

    const table: Record<string, unknown> = {};
    for (const name of names) {
      const same = await content(join(from, name));
      for (const step of [written, updated, removed])
        expect([name, await content(join(step, name))]).toEqual([name, same]);
      table[name] = [
        readElsewhere(join(written, name)),
        readElsewhere(join(updated, name)),
        readElsewhere(join(removed, name)),
      ];
    }
    const first = expect.objectContaining(label);
    const second = expect.objectContaining({ ...label, ContentPropagator: 'ExamplePlatform', PropagateID: 'p-1' });
    const expected = Object.fromEntries(
      names.map((name) => [name, unread.has(name) ? [null, null, null] : [first, second, null]]),
    );
    expect(table).toEqual(expected);
    expect(hashes(from)).toEqual(before);

    const signed = await signFolder(written, join(folder, 'signed'));
    const rows = await Promise.all(inOrder(records, names).map((record) => rowOf(record, signed)));
    const page = containersPage(rows);
    if (process.env['CLEARMIRROR_UPDATE_GOLDENS'] === '1') writeFileSync(containersFile, page);
    expect(page).toBe(readFileSync(containersFile, 'utf8'));
  });
});

const containersFile = join(root, 'docs/containers.md');

function inOrder(records: readonly Labelling[], names: readonly string[]): Labelling[] {
  return records.toSorted((one, other) => names.indexOf(one.input.name) - names.indexOf(other.input.name));
}

/** Signs what can be signed; the rest is refused, and said so. */
async function signFolder(from: string, to: string): Promise<string> {
  const { keyFile, chainFile } = makeChain();
  const run = await clearmirror([
    'label',
    from,
    '-o',
    to,
    '--certificate',
    chainFile,
    '--key',
    keyFile,
    '--system',
    'G',
  ]);
  expect(run.code).toBe(5);
  return to;
}

async function rowOf({ input, steps }: Labelling, signed: string): Promise<string[]> {
  const { name, format } = input;
  const [step] = steps.filter((one) => one.step === 'implicit');
  const seen = unread.has(name) ? 'our reader only' : (readers[extname(name)] ?? 'nobody');
  const same = /^d/.test(name) ? 'the pages as they were' : /^p/.test(name) ? 'pixels' : 'streams';
  return [
    format,
    `\`${step?.path?.replaceAll('|', '\\|')}\``,
    'yes',
    'yes',
    'yes',
    seen,
    same,
    await manifestOf(name, format, signed),
  ];
}

async function manifestOf(name: string, format: string, folder: string): Promise<string> {
  const file = join(folder, name);
  if (!existsSync(file)) return 'refused: C2PA has no place for it';
  const sidecar = existsSync(`${file}.c2pa`) ? readFileSync(`${file}.c2pa`) : undefined;
  const { isValid, signatureHolds } = await secondOpinion(format, readFileSync(file), sidecar);
  expect([name, isValid, signatureHolds]).toEqual([name, true, true]);
  return sidecar ? 'valid, beside the file' : 'valid';
}

function containersPage(rows: readonly string[][]): string {
  const heads = [
    'container',
    'AIGC object stands in',
    'write',
    'update',
    'remove',
    'label read by',
    'unchanged',
    'manifest, read by c2pa-ts',
  ];
  const table = [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `# Where labels stand, and who else reads them

Each line is run by \`test/journeys/label.test.ts\`, which writes this page: the label is written, a platform's part added, the label removed;
after each step another program than ours reads it, and what must not change is compared.

${table.join('\n')}
`;
}

/** Neither exiftool 12.57 nor ffprobe 5.1 looks into these places; our own reader, and the unit tests' plain bytes, do. */
const unread = new Set(['a.wav', 'd.md']);

describe('what labelling refuses', () => {
  let picture = '';
  let folder = '';
  beforeAll(async () => {
    folder = execFileSync('mktemp', ['-d'], { encoding: 'utf8' }).trim();
    picture = join(folder, 'picture.jpg');
    await sharp({ create: { width: 300, height: 240, channels: 3, background: '#445566' } })
      .jpeg()
      .toFile(picture);
  });

  async function refused(
    args: readonly string[],
    expected: { code: number; says: RegExp },
    out = 'out.jpg',
  ): Promise<Run> {
    const before = readFileSync(picture);
    const entries = readdirSync(folder).sort();
    const run = await clearmirror(['label', picture, '-o', join(folder, out), ...args]);
    expect(run.err).toMatch(expected.says);
    expect([run.code, run.out]).toEqual([expected.code, '']);
    // Nothing new, nothing half written, the input as it was.
    expect(readdirSync(folder).sort()).toEqual(entries);
    expect(readFileSync(picture)).toEqual(before);
    return run;
  }

  it.each<[string, string[], RegExp]>([
    ['a Chinese name where only 0x21–0x7E may stand', ['--producer', '云上微光'], /0x21 to 0x7E.*Annex E j/s],
    ['a name with a space', ['--producer', 'Shimmer Cloud'], /Annex E j/],
    ['a credit code with a wrong character', ['--uscc', '91110102MAD55U9H0G'], /GB 32100-2015/],
    ['a provider code whose credit code is wrong', ['--producer', '001191110102MAD55U9H0G10002'], /GB 32100-2015/],
    ['half of the platform’s part', ['--update', '--propagator', 'p'], /PropagateID.*Art\. 6/s],
    ['a removal where nothing is', ['--remove'], /no AIGC label/],
    [
      'an own text without the AI element',
      ['--explicit', 'en', '--text', 'generated'],
      /lacks the AI element.*clause 5/s,
    ],
    [
      'an own text without the generation element',
      ['--explicit', 'en', '--text', 'AI'],
      /lacks the generation element/,
    ],
    [
      'a certificate without its key',
      ['--certificate', 'x.pem', '--system', 'a', '--producer', 'b'],
      /Give --certificate together with --key/,
    ],
    [
      'a certificate that is not there',
      ['--certificate', 'x.pem', '--key', 'y.pem', '--system', 'a', '--producer', 'b'],
      /x\.pem/,
    ],
    ['a seal without a key', ['--producer', 'a', '--seal'], /label keys generate/],
  ])('%s', async (_what, args, says) => {
    await refused(args, { code: 5, says });
  });

  it('refuses to write onto its input, over another file, into what is no folder', async () => {
    await refused(['--producer', 'a'], { code: 5, says: /input itself/ }, 'picture.jpg');
    await refused(['--producer', 'a', '--force'], { code: 5, says: /input itself/ }, './picture.jpg');
    writeFileSync(join(folder, 'there.jpg'), 'mine');
    await refused(['--producer', 'a'], { code: 5, says: /exists already/ }, 'there.jpg');
    expect(readFileSync(join(folder, 'there.jpg'), 'utf8')).toBe('mine');
    await refused(['--producer', 'a'], { code: 5, says: /could not be written/ }, 'there.jpg/out.jpg');
    await refused(['--producer', 'a'], { code: 5, says: /could not be written/ }, 'nowhere/out.jpg');
  });

  it('leaves nothing behind on a full disk', async () => {
    const small = join(folder, 'small');
    mkdirSync(small);
    // A file system of 64 KiB that only this process sees.
    const run = execFileSync(
      'bwrap',
      [
        ...['--dev-bind', '/', '/', '--size', '65536', '--tmpfs', small, 'sh', '-c'],
        `head -c 40000 /dev/zero >${small}/filler; "$0" "$1" label "$2" -o ${small}/out.jpg --producer a --explicit zh 2>&1; echo "exit $?"; ls -A ${small}`,
        ...[
          process.execPath,
          join(import.meta.dirname, '../../src/main.ts'),
          await noisyPicture(join(folder, 'noisy.jpg')),
        ],
      ],
      { encoding: 'utf8', env: { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8', HOME: folder } },
    );
    expect(run).toMatch(/The disk is full.*No part of it was left behind/);
    expect(run).toMatch(/exit 5\nfiller\n$/);
  });

  it('does not label over somebody else’s label, nor lower what it says', async () => {
    const labelled = join(folder, 'labelled.jpg');
    expect(await clearmirror(['label', picture, '-o', labelled, ...produced])).toMatchObject({ code: 0 });
    const out = join(folder, 'other.jpg');
    const over = await clearmirror(['label', labelled, '-o', out, '--producer', 'Somebody']);
    expect([over.code, over.err]).toEqual([5, expect.stringMatching(/has a label already.*6\.1 c/s)]);
    const lower = await clearmirror([
      ...['label', labelled, '-o', out, '--update', '--level', '3'],
      ...['--propagator', 'p', '--propagate-id', '1'],
    ]);
    expect([lower.code, lower.err]).toEqual([5, expect.stringMatching(/Art\. 6/)]);
    expect(await clearmirror(['label', labelled, '-o', out, '--producer', 'Somebody', '--replace'])).toMatchObject({
      code: 0,
    });
    expect(readElsewhere(out)).toMatchObject({ ContentProducer: 'Somebody' });
  });

  it('never breaks a manifest: without a key it refuses, with one the old credentials become the parent', async () => {
    const { keyFile, chainFile } = makeChain();
    const other = makeChain({ name: 'Another' });
    const signedBy = (key: string, chain: string) => ['--certificate', chain, '--key', key, '--system', 'Gen@1'];
    const signed = join(folder, 'signed.jpg');
    const first = await clearmirror(['label', picture, '-o', signed, ...produced, ...signedBy(keyFile, chainFile)]);
    expect(first).toMatchObject({ code: 0, err: '' });
    const out = join(folder, 'again.jpg');
    const update = ['--update', '--propagator', 'p', '--propagate-id', '1'];
    const bare = await clearmirror(['label', signed, '-o', out, ...update]);
    expect([bare.code, bare.err]).toEqual([5, expect.stringMatching(/content credentials \(C2PA\).*break/s)]);
    const wrong = await clearmirror(['label', signed, '-o', out, ...update, ...signedBy(other.keyFile, chainFile)]);
    expect([wrong.code, wrong.err]).toEqual([5, expect.stringMatching(/belongs? to another certificate/)]);
    const resigned = await clearmirror([
      'label',
      signed,
      '-o',
      out,
      ...update,
      ...signedBy(keyFile, chainFile),
      '--json',
    ]);
    const record = labellingSchema.parse(JSON.parse(resigned.out));
    expect(record.steps).toContainEqual(expect.objectContaining({ step: 'credentials', parent: true }));
    const [manifest] = record.readBack.filter(({ method }) => method === 'provenance.c2pa');
    expect(manifest).toMatchObject({ params: { trust: 'unlisted', declared: 'ai-generated' } });
  });

  it('lets one of two have the name', async () => {
    const out = join(folder, 'raced.jpg');
    const runs = await Promise.all(
      ['One', 'Two'].map((name) => clearmirror(['label', picture, '-o', out, '--producer', name])),
    );
    expect(runs.map(({ code: exit }) => exit).sort()).toEqual([0, 5]);
    const winner = runs[0]?.code === 0 ? 'One' : 'Two';
    expect(readElsewhere(out)).toMatchObject({ ContentProducer: winner });
  });
});

it('tells the texts of rooms, pages and voices in both languages', async () => {
  const { code: ended, out } = await clearmirror(['label', 'texts', '--json']);
  const texts: { claim: string; place: string; zh: string; en: string }[] = JSON.parse(out);
  expect([ended, texts.length]).toEqual([0, 24]);
  for (const { zh, en } of texts)
    expect([zh, en]).toEqual([expect.stringMatching(/人工智能/), expect.stringMatching(/AI/)]);
  const read = await clearmirror(['label', 'texts', '--lang', 'zh']);
  expect(read.out).toMatch(/语音房 +本房间有人工智能生成合成的声音/);
});

it('writes where nothing can read letters, says that nobody measured it, and refuses to measure', async () => {
  const folder = newFolder();
  const [picture, labelled] = [await noisyPicture(join(folder, 'in.png')), join(folder, 'out.png')];
  const without = { without: 'tesseract' };
  const run = await clearmirror(['label', picture, '-o', labelled, '--explicit', 'zh', '--json'], without);
  const { steps } = labellingSchema.parse(JSON.parse(run.out));
  expect([run.code, steps]).toEqual([0, [expect.objectContaining({ step: 'explicit', measured: null })]]);

  const refused = await clearmirror(['label', 'check', labelled], without);
  expect([refused.code, refused.out]).toEqual([5, '']);
  expect(refused.err).toMatch(/tesseract, which is not installed.*apt-get install .* tesseract-ocr-chi-sim/s);
});

describe('profiles and survival', () => {
  it('fills in what a regime asks for, and says what cannot be had, with its clause', async () => {
    const folder = newFolder();
    const input = await noisyPicture(join(folder, 'in.png'));
    const run = await clearmirror(['label', input, '-o', join(folder, 'out.png'), '--profile', 'eu-2026', '--json']);
    const record = labellingSchema.parse(JSON.parse(run.out));
    expect(record.steps.map(({ step }) => step)).toEqual(['source-type', 'explicit', 'watermark']);
    expect(record.cannot).toEqual([
      expect.objectContaining({ requirement: 'EUCOP-2', code: 'no-signer', verified: true }),
    ]);
    const table = await clearmirror(['label', 'survive', join(folder, 'out.png'), '--json']);
    const survival = survivalSchema.parse(JSON.parse(table.out));
    expect(survival.followed).toEqual(['source-type', 'watermark']);
    const fate = (id: string) => survival.treatments.find((one) => one.id === id)?.fates;
    expect(fate('sharp-plain')).toEqual({ 'source-type': 'lost', watermark: 'kept' });
    expect(fate('sharp-keep-metadata')).toEqual({ 'source-type': 'kept', watermark: 'kept' });
    expect(fate('jpeg-75')).toEqual({ 'source-type': 'lost', watermark: 'kept' });
  });
});

async function noisyPicture(path: string): Promise<string> {
  const [width, height] = [480, 360];
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 30 };
  await sharp({ create: { width, height, channels: 3, background: '#888', noise } })
    .blur(1.2)
    .toFile(path);
  return path;
}
