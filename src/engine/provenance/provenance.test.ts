import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WasmReader } from '@contentauth/c2pa-wasm';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import {
  emailProtection,
  makeAuthority,
  makeCertificate,
  timeStamping,
} from '../../../test/fixtures/provenance/certificates.ts';
import { seeded } from '../../../test/fixtures/provenance/random.ts';
import { signMedia } from '../../../test/fixtures/provenance/sign.ts';
import { stamp } from '../../../test/fixtures/provenance/timestamps.ts';
import { findingSchema, type MediaFormat, mediaFormats, signalSchema } from '../../contract/screening.ts';
import { readWords } from '../../contract/words.ts';
import { type ByteSource, bufferSource } from '../media/bytes.ts';
import { openProvenance, type ProvenanceReader, type ProvenanceTrust } from './provenance.ts';

const folder = new URL('../../../test/fixtures/provenance/', import.meta.url);
const fixture = (name: string) => readFileSync(new URL(name, folder));
const noTrust: ProvenanceTrust = { anchorsPem: '', tsaAnchorsPem: '', lists: [] };
const testTrust: ProvenanceTrust = {
  anchorsPem: fixture('test-root.pem').toString(),
  tsaAnchorsPem: fixture('test-tsa-root.pem').toString(),
  lists: [{ id: 'test', version: '2026' }],
};
const formatOf = (name: string): MediaFormat => {
  const ending = name.endsWith('.jpg') ? 'jpeg' : name.split('.').at(-1);
  const format = mediaFormats.find((known) => known === ending);
  if (!format) throw new Error(`no format for ${name}`);
  return format;
};

let reader: ProvenanceReader;
beforeAll(async () => {
  reader = await openProvenance(readFileSync('node_modules/@contentauth/c2pa-wasm/pkg/c2pa_bg.wasm'));
});

async function read(name: string, trust: ProvenanceTrust, bytes: Uint8Array = fixture(name)) {
  return reader.read({ source: bufferSource(bytes), format: formatOf(name), mime: 'x/y', trust });
}

/** file, signals with the test lists installed, signals without any list: `code claim strength`, then the checks. */
const table: [file: string, listed: string[], without: string[]][] = [
  [
    'ai.jpg',
    ['c2pa-trusted-ai-generated ai-generated declared'],
    ['c2pa-unlisted-ai-generated ai-generated declared signingCredential.untrusted=warn'],
  ],
  [
    'ai.png',
    ['c2pa-trusted-ai-generated ai-generated declared'],
    ['c2pa-unlisted-ai-generated ai-generated declared signingCredential.untrusted=warn'],
  ],
  [
    'ai.mp4',
    ['c2pa-trusted-ai-generated ai-generated declared'],
    ['c2pa-unlisted-ai-generated ai-generated declared signingCredential.untrusted=warn'],
  ],
  [
    'ai.wav',
    ['c2pa-trusted-ai-generated ai-generated declared'],
    ['c2pa-unlisted-ai-generated ai-generated declared signingCredential.untrusted=warn'],
  ],
  [
    'stranger.jpg',
    ['c2pa-unlisted-ai-generated ai-generated declared signingCredential.untrusted=warn'],
    ['c2pa-unlisted-ai-generated ai-generated declared signingCredential.untrusted=warn'],
  ],
  [
    'camera.jpg',
    ['c2pa-trusted-captured captured little'],
    ['c2pa-unlisted-captured captured not-applicable signingCredential.untrusted=warn timeStamp.untrusted=warn'],
  ],
  [
    'annotated.jpg',
    ['c2pa-trusted-captured captured little'],
    ['c2pa-unlisted-captured captured not-applicable signingCredential.untrusted=warn'],
  ],
  // Signed under an authority that is on the list for time only.
  [
    'clock-signer.jpg',
    ['c2pa-unlisted-captured captured not-applicable signingCredential.untrusted=warn'],
    ['c2pa-unlisted-captured captured not-applicable signingCredential.untrusted=warn'],
  ],
  [
    'drawn.jpg',
    ['c2pa-trusted-human-made human-made little'],
    ['c2pa-unlisted-human-made human-made not-applicable signingCredential.untrusted=warn'],
  ],
  [
    'untold.jpg',
    ['c2pa-trusted-unspecified unspecified not-applicable'],
    ['c2pa-unlisted-unspecified unspecified not-applicable signingCredential.untrusted=warn'],
  ],
  [
    'changed.jpg',
    ['c2pa-invalid-changed-ai unspecified some assertion.dataHash.mismatch=fail'],
    ['c2pa-invalid-changed-ai unspecified some assertion.dataHash.mismatch=fail signingCredential.untrusted=warn'],
  ],
  [
    'longer.jpg',
    ['c2pa-invalid-changed-ai unspecified some assertion.dataHash.mismatch=fail'],
    ['c2pa-invalid-changed-ai unspecified some assertion.dataHash.mismatch=fail signingCredential.untrusted=warn'],
  ],
  [
    'changed-camera.jpg',
    ['c2pa-invalid-changed unspecified not-applicable assertion.dataHash.mismatch=fail'],
    [
      'c2pa-invalid-changed unspecified not-applicable assertion.dataHash.mismatch=fail signingCredential.untrusted=warn timeStamp.untrusted=warn',
    ],
  ],
  [
    'broken-signature.jpg',
    ['c2pa-invalid-signature-ai unspecified some claimSignature.mismatch=fail'],
    ['c2pa-invalid-signature-ai unspecified some claimSignature.mismatch=fail signingCredential.untrusted=warn'],
  ],
  [
    'expired.jpg',
    ['c2pa-invalid-expired-ai unspecified some signingCredential.expired=fail signingCredential.untrusted=warn'],
    ['c2pa-invalid-expired-ai unspecified some signingCredential.expired=fail signingCredential.untrusted=warn'],
  ],
  // Signed while the certificate was in date, which only a listed time-stamp authority can say.
  [
    'expired-stamped.jpg',
    ['c2pa-trusted-ai-generated ai-generated declared'],
    [
      'c2pa-invalid-expired-ai unspecified some signingCredential.expired=fail signingCredential.untrusted=warn timeStamp.untrusted=warn',
    ],
  ],
  [
    'edited.jpg',
    ['c2pa-trusted-ai-edited ai-edited declared'],
    ['c2pa-unlisted-ai-edited ai-edited declared signingCredential.untrusted=warn'],
  ],
  [
    'collage.jpg',
    ['c2pa-trusted-unspecified unspecified not-applicable', 'c2pa-ingredient-ai ai-edited declared'],
    [
      'c2pa-unlisted-unspecified unspecified not-applicable signingCredential.untrusted=warn',
      'c2pa-ingredient-ai ai-edited declared',
    ],
  ],
  [
    'broken-ingredient.jpg',
    [
      'c2pa-trusted-unspecified unspecified not-applicable',
      'c2pa-ingredient-broken unspecified not-applicable assertion.dataHash.mismatch=warn',
      'c2pa-ingredient-ai ai-edited some',
    ],
    [
      'c2pa-unlisted-unspecified unspecified not-applicable signingCredential.untrusted=warn',
      'c2pa-ingredient-broken unspecified not-applicable assertion.dataHash.mismatch=warn',
      'c2pa-ingredient-ai ai-edited some',
    ],
  ],
  [
    'remote.jpg',
    ['remote-manifest-not-followed unspecified not-applicable'],
    ['remote-manifest-not-followed unspecified not-applicable'],
  ],
];

function summary({ signals }: Awaited<ReturnType<typeof read>>) {
  return signals.map(({ code, claim, strength, checks }) =>
    [code, claim, strength, ...checks.map(({ id, outcome }) => `${id}=${outcome}`).sort()].join(' '),
  );
}

describe('each fixture', () => {
  test.each(table)('%s', async (file, listed, without) => {
    const withLists = await read(file, testTrust);
    const withoutLists = await read(file, noTrust);
    expect(summary(withLists)).toEqual(listed);
    expect(summary(withoutLists)).toEqual(without);
    expect(withLists.present && withoutLists.present).toBe(true);
    expect(withLists.findings).toEqual([]);
    expect(withoutLists.findings.map(({ code }) => code)).toEqual(
      file === 'remote.jpg' ? [] : ['provenance-no-trust-list'],
    );
    for (const signal of [...withLists.signals, ...withoutLists.signals]) signalSchema.parse(signal);
    for (const finding of withoutLists.findings) findingSchema.parse(finding);
  });

  test.each(table)('%s gives the same answer every time', async (file) => {
    expect(await read(file, testTrust)).toEqual(await read(file, testTrust));
  });
});

describe('what a manifest says', () => {
  test('evidence names signer, time, action and generator', async () => {
    const { signals } = await read('camera.jpg', testTrust);
    expect(signals[0]?.evidence).toMatchObject({
      validity: 'trusted',
      trustLists: [{ id: 'test', version: '2026' }],
      signer: { organisation: 'Clearmirror Tests', commonName: 'Test Signer', algorithm: 'Es256' },
      time: { at: '2026-03-01T10:00:01+00:00', authority: 'Test Clock', trust: 'listed' },
      manifest: { title: 'camera.jpg', claimVersion: 2, generators: [{ name: 'Clearmirror Tests', version: '1.0' }] },
      actions: {
        total: 1,
        list: [
          {
            action: 'c2pa.created',
            when: '2026-03-01T10:00:00Z',
            softwareAgent: { name: 'Test Generator', version: '2.0' },
            sourceType: 'digitalCapture',
          },
        ],
      },
    });
    expect(JSON.stringify(signals[0]?.evidence)).toContain('"code":"assertion.dataHash.match"');
  });

  test('a time stamp of an authority that is not listed is shown as such', async () => {
    const { signals } = await read('camera.jpg', { ...testTrust, tsaAnchorsPem: '' });
    expect(signals[0]).toMatchObject({
      code: 'c2pa-trusted-captured',
      evidence: { time: { authority: 'Test Clock', trust: 'unlisted' } },
    });
  });

  test('identity, mining permissions and soft bindings are listed, none of them verified', async () => {
    const { signals } = await read('annotated.jpg', testTrust);
    expect(signals[0]?.evidence).toMatchObject({
      identities: { total: 1, list: [{ type: 'cawg.identity_claims_aggregation', verified: false }] },
      trainingMining: {
        total: 2,
        list: [
          { name: 'cawg.ai_training', use: 'notAllowed' },
          { name: 'cawg.data_mining', use: 'allowed' },
        ],
      },
      softBindings: { total: 1, list: [{ algorithm: 'com.adobe.trustmark.P', blocks: 1 }] },
      otherAssertions: { list: ['cawg.metadata'] },
    });
  });

  test('ingredients show their relation, their claim and what was wrong with them', async () => {
    const collage = await read('collage.jpg', testTrust);
    expect(collage.signals[0]?.evidence).toMatchObject({
      ingredients: {
        total: 2,
        list: [
          { title: 'camera.jpg', relationship: 'parentOf', claim: 'captured', depth: 1, failures: { total: 0 } },
          { title: 'ai.png', relationship: 'componentOf', claim: 'ai-generated', depth: 1, failures: { total: 0 } },
        ],
      },
    });
    const broken = await read('broken-ingredient.jpg', testTrust);
    expect(broken.signals[1]?.evidence).toMatchObject({
      ingredients: {
        total: 1,
        list: [{ title: 'changed.jpg', failures: { list: [{ code: 'assertion.dataHash.mismatch' }] } }],
      },
    });
  });

  test('every sentence exists in both languages, and an unlisted signer is called exactly that', async () => {
    const [en, zh] = [readWords('en'), readWords('zh')];
    for (const [file] of table) {
      for (const trust of [testTrust, noTrust]) {
        const { signals, findings } = await read(file, trust);
        const keys = [
          ...signals.map(({ code }) => `signal.${code}`),
          ...signals.flatMap(({ checks }) => checks.map(({ code }) => `check.${code}`)),
          ...findings.map(({ code }) => `finding.${code}`),
        ];
        for (const key of keys) expect([key, en[key] && zh[key] && 'said']).toEqual([key, 'said']);
        if (signals[0]?.code.startsWith('c2pa-unlisted')) {
          expect(en[`signal.${signals[0].code}`]).toContain('valid, signer not on any installed list');
        }
      }
    }
  });
});

describe('nothing named in a file is fetched', () => {
  test('a remote manifest on a listening server', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(String(request.url));
      response.end();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port }: AddressInfo = addressOf(server.address());
    const url = `http://127.0.0.1:${port}/manifest.c2pa`;
    const root = makeAuthority({ organisation: 'Test', commonName: 'Root' });
    const signer = makeCertificate(root, { organisation: 'Test', commonName: 'Signer' }, { purpose: emailProtection });
    const plain = await plainJpeg();
    const definition = {
      claim_generator_info: [{ name: 'Test' }],
      assertions: [
        {
          label: 'c2pa.actions.v2',
          data: { actions: [{ action: 'c2pa.created', digitalSourceType: 'http://c2pa.org/digitalsourcetype/empty' }] },
        },
      ],
    };
    try {
      for (const embed of [false, true]) {
        const media = await signMedia({ media: plain, mime: 'image/jpeg', signer, definition, remote: { url, embed } });
        const { present, signals } = await read('x.jpg', noTrust, media);
        expect(present).toBe(true);
        expect(signals[0]).toMatchObject(
          embed ? { code: 'c2pa-unlisted-unspecified' } : { code: 'remote-manifest-not-followed', params: { url } },
        );
        expect(asked).toEqual([]);
        if (!embed) {
          // The library left to itself does ask: this test would see it.
          await WasmReader.fromBytes('image/jpeg', media).catch(() => null);
          expect(asked).toEqual(['/manifest.c2pa']);
          asked.length = 0;
        }
      }
    } finally {
      server.close();
    }
  });

  test('the host of a did:web identity', async () => {
    const asked = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('no network'));
    try {
      await read('annotated.jpg', testTrust);
      expect(asked).not.toHaveBeenCalled();
      await WasmReader.fromBytes('image/jpeg', fixture('annotated.jpg')).catch(() => null);
      expect(asked).toHaveBeenCalled();
    } finally {
      asked.mockRestore();
    }
  });
});

describe('trust', () => {
  test('an authority on both lists vouches for signers and for time', async () => {
    const { anchorsPem, tsaAnchorsPem, lists } = testTrust;
    const all = `${anchorsPem}\n${tsaAnchorsPem}`;
    const { signals } = await read('camera.jpg', { anchorsPem: all, tsaAnchorsPem: all, lists });
    expect(signals[0]).toMatchObject({ code: 'c2pa-trusted-captured', evidence: { time: { trust: 'listed' } } });
  });

  test('time vouched for by a list of signers does not revive an expired certificate', async () => {
    const { anchorsPem, tsaAnchorsPem, lists } = testTrust;
    const trust = { anchorsPem: `${anchorsPem}\n${tsaAnchorsPem}`, tsaAnchorsPem: '', lists };
    const { signals } = await read('expired-stamped.jpg', trust);
    expect(signals[0]).toMatchObject({
      code: 'c2pa-invalid-expired-ai',
      claim: 'unspecified',
      evidence: { time: { trust: 'unlisted' } },
    });
  });

  test('a name in a certificate cannot claim a list', async () => {
    const [root, clockRoot] = [
      makeAuthority({ organisation: 'Test', commonName: 'Root' }),
      makeAuthority({ organisation: 'Test', commonName: 'Clock' }),
    ];
    const signer = makeCertificate(root, { organisation: 'Test', commonName: 'Signer' }, { purpose: emailProtection });
    const clock = makeCertificate(
      clockRoot,
      { organisation: 'Test', commonName: 'X, trust list: clearmirror-time' },
      { purpose: timeStamping },
    );
    const media = await signMedia({
      media: await plainJpeg(),
      mime: 'image/jpeg',
      signer,
      definition: {
        assertions: [
          {
            label: 'c2pa.actions.v2',
            data: {
              actions: [{ action: 'c2pa.created', digitalSourceType: 'http://c2pa.org/digitalsourcetype/empty' }],
            },
          },
        ],
      },
      timestamp: stamp(clock, '20260301100001Z'),
    });
    const trust = { anchorsPem: root.pem + clockRoot.pem, tsaAnchorsPem: '', lists: [] };
    expect((await read('x.jpg', trust, media)).signals[0]?.evidence).toMatchObject({
      validity: 'trusted',
      time: { trust: 'unlisted' },
    });
  });
});

describe('files without a manifest, of other formats, too large', () => {
  test('no manifest is an answer, not a finding', async () => {
    expect(await read('x.jpg', testTrust, await plainJpeg())).toEqual({ present: false, signals: [], findings: [] });
  });

  test.each(['webm', 'mkv', 'ogg', 'opus', 'mpegts', 'flv', 'aac', 'markdown', 'ooxml'] as const)(
    '%s',
    async (format) => {
      const result = await reader.read({
        source: bufferSource(fixture('ai.jpg')),
        format,
        mime: `x/${format}`,
        trust: testTrust,
      });
      expect(result).toEqual({
        present: null,
        signals: [],
        findings: [
          {
            code: 'provenance-unsupported-format',
            severity: 'info',
            stage: 'provenance',
            params: { mime: `x/${format}` },
          },
        ],
      });
    },
  );

  test('bytes that are no media of their format', async () => {
    for (const format of mediaFormats) {
      const { signals } = await reader.read({
        source: bufferSource(Buffer.from('nothing')),
        format,
        mime: 'x/y',
        trust: testTrust,
      });
      expect(signals).toEqual([]);
    }
    expect(reader.healthy()).toBe(true);
  });

  test('a file of 1.5 GiB with a manifest is reported, not validated, and not loaded', async () => {
    const before = reader.memoryBytes();
    const { source, bytesRead } = padded(fixture('ai.mp4'), 1.5 * 1024 ** 3);
    const result = await reader.read({ source, format: 'mp4', mime: 'video/mp4', trust: testTrust });
    expect(result.present).toBe(true);
    expect(result.findings).toMatchObject([{ code: 'provenance-too-large', severity: 'warning' }]);
    expect(result.signals).toMatchObject([
      { code: 'c2pa-unchecked-ai', claim: 'unspecified', strength: 'some', evidence: { validity: 'unchecked' } },
    ]);
    expect(bytesRead()).toBeLessThan(1024 * 1024);
    expect(reader.memoryBytes() - before).toBeLessThan(8 * 1024 * 1024);
  });

  test('beyond what the library can count, the manifest is still seen', async () => {
    const { source, bytesRead } = padded(fixture('ai.mp4'), 9 * 1024 ** 3);
    const result = await reader.read({ source, format: 'mp4', mime: 'video/mp4', trust: testTrust });
    expect(result).toMatchObject({ present: true, signals: [], findings: [{ code: 'provenance-too-large' }] });
    expect(bytesRead()).toBeLessThan(10_000);
    const without = await reader.read({ ...ofFormat('mp4'), source: padded(boxed('ftyp', 24), 9 * 1024 ** 3).source });
    expect(without).toEqual({ present: false, signals: [], findings: [] });
    const looping = await reader.read({
      ...ofFormat('mp4'),
      source: padded(Buffer.from('\0\0\0\x04ftyp'), 9 * 1024 ** 3).source,
    });
    expect(looping).toMatchObject({ present: null, findings: [{ code: 'provenance-too-large-to-look' }] });
  });

  test('a JPEG too large to load is not loaded', async () => {
    const { source, bytesRead } = padded(fixture('ai.jpg'), 200 * 1024 ** 2);
    const result = await reader.read({ ...ofFormat('jpeg'), source });
    expect(result).toMatchObject({ present: null, signals: [], findings: [{ code: 'provenance-too-large-to-look' }] });
    expect(bytesRead()).toBe(0);
  });

  test('a signed video above 32 MiB is validated through ranges', async () => {
    const root = makeAuthority({ organisation: 'Test', commonName: 'Root' });
    const signer = makeCertificate(root, { organisation: 'Test', commonName: 'Signer' }, { purpose: emailProtection });
    const media = await signMedia({
      media: Buffer.concat([boxed('ftyp', 24), boxed('moov', 8), boxed('mdat', 40 * 1024 ** 2)]),
      mime: 'video/mp4',
      signer,
      definition: {
        assertions: [
          {
            label: 'c2pa.actions.v2',
            data: {
              actions: [{ action: 'c2pa.created', digitalSourceType: 'http://c2pa.org/digitalsourcetype/empty' }],
            },
          },
        ],
      },
    });
    const trust = { anchorsPem: root.pem, tsaAnchorsPem: '', lists: [] };
    expect(summary(await read('x.mp4', trust, media))).toEqual(['c2pa-trusted-unspecified unspecified not-applicable']);
    media[media.length - 1] = 1;
    expect(summary(await read('x.mp4', trust, media))).toEqual([
      'c2pa-invalid-changed unspecified not-applicable assertion.bmffHash.mismatch=fail',
    ]);
    expect('FileReaderSync' in globalThis).toBe(false);
  });
});

describe('hostile bytes', () => {
  test.each(['ai.jpg', 'camera.jpg', 'collage.jpg', 'ai.png', 'ai.mp4', 'ai.wav'])('mutations of %s', async (name) => {
    const original = fixture(name);
    const honest = (await read(name, testTrust)).signals.map(({ claim }) => claim);
    const random = seeded(name.length * 7919);
    for (let round = 0; round < 60; round++) {
      const bytes = mutate(original, random);
      const { signals, findings } = await read(name, testTrust, bytes);
      for (const signal of signals) signalSchema.parse(signal);
      for (const finding of findings) findingSchema.parse(finding);
      // A manifest that still counts as trusted says what the honest one said.
      if (signals[0]?.params['trust'] === 'trusted') expect(signals.map(({ claim }) => claim)).toEqual(honest);
    }
    expect(reader.healthy()).toBe(true);
  });
});

function mutate(original: Buffer, random: (below: number) => number): Buffer {
  const bytes = Buffer.from(original);
  const kind = random(4);
  if (kind === 0) return bytes.subarray(0, random(bytes.length));
  const times = kind === 1 ? 1 : 1 + random(20);
  for (let time = 0; time < times; time++) bytes[random(bytes.length)] = random(256);
  if (kind === 3) bytes.copy(bytes, random(bytes.length), random(bytes.length));
  return bytes;
}

const ofFormat = (format: MediaFormat) => ({ format, mime: 'x/y', trust: testTrust });

/** `start`, then one huge box of zeros, without the bytes of it. */
function padded(start: Buffer, size: number): { source: ByteSource; bytesRead: () => number } {
  const header = Buffer.alloc(16);
  header.writeUInt32BE(1, 0);
  header.write('mdat', 4, 'latin1');
  header.writeBigUInt64BE(BigInt(size - start.length), 8);
  const known = Buffer.concat([start, header]);
  let read = 0;
  return {
    bytesRead: () => read,
    source: {
      size,
      read: (offset, length) => {
        const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
        read += bytes.length;
        bytes.set(known.subarray(offset, Math.min(known.length, offset + bytes.length)));
        return bytes;
      },
    },
  };
}

function boxed(type: string, length: number): Buffer {
  const box = Buffer.alloc(length);
  box.writeUInt32BE(length, 0);
  box.write(type, 4, 'latin1');
  return box;
}

async function plainJpeg(): Promise<Buffer> {
  const { default: sharp } = await import('sharp');
  return sharp({ create: { width: 32, height: 24, channels: 3, background: '#336699' } })
    .jpeg()
    .toBuffer();
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('the server does not listen');
  return address;
}
