import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { type MediaFormat, signalSchema } from '../../contract/screening.ts';
import { bufferSource } from '../media/bytes.ts';
import { openProvenance, type ProvenanceReader, type ProvenanceTrust } from './provenance.ts';

const data = '../shared/data';
const untrusted = 'signingCredential.untrusted=warn';

/** Conformance: file, what is said with the test roots installed, what with the official lists and what without any. */
const table: [file: string, format: MediaFormat, withRoots: string[], without: string[]][] = [
  ['public-testfiles/adobe-20220124-A.jpg', 'jpeg', [], []],
  [
    'public-testfiles/adobe-20220124-C.jpg',
    'jpeg',
    ['c2pa-trusted-unspecified'],
    [`c2pa-unlisted-unspecified ${untrusted}`],
  ],
  [
    'public-testfiles/adobe-20220124-CA.jpg',
    'jpeg',
    ['c2pa-trusted-unspecified'],
    [`c2pa-unlisted-unspecified ${untrusted}`],
  ],
  [
    'public-testfiles/adobe-20220124-CAI.jpg',
    'jpeg',
    ['c2pa-trusted-unspecified'],
    [`c2pa-unlisted-unspecified ${untrusted}`],
  ],
  [
    'public-testfiles/adobe-20220124-CICA.jpg',
    'jpeg',
    ['c2pa-trusted-unspecified'],
    [`c2pa-unlisted-unspecified ${untrusted}`],
  ],
  [
    'public-testfiles/adobe-20220124-CIE-sig-CA.jpg',
    'jpeg',
    ['c2pa-trusted-unspecified', 'c2pa-ingredient-broken claimSignature.mismatch=warn'],
    [`c2pa-unlisted-unspecified ${untrusted}`, 'c2pa-ingredient-broken claimSignature.mismatch=warn'],
  ],
  [
    'public-testfiles/adobe-20220124-E-dat-CA.jpg',
    'jpeg',
    ['c2pa-invalid-changed assertion.dataHash.mismatch=fail'],
    [`c2pa-invalid-changed assertion.dataHash.mismatch=fail ${untrusted}`],
  ],
  [
    'public-testfiles/adobe-20220124-E-sig-CA.jpg',
    'jpeg',
    ['c2pa-invalid-signature claimSignature.mismatch=fail timeStamp.mismatch=warn'],
    [`c2pa-invalid-signature claimSignature.mismatch=fail ${untrusted} timeStamp.mismatch=warn`],
  ],
  [
    'public-testfiles/adobe-20220124-E-uri-CA.jpg',
    'jpeg',
    ['c2pa-invalid-manifest assertion.hashedURI.mismatch=fail'],
    [`c2pa-invalid-manifest assertion.hashedURI.mismatch=fail ${untrusted}`],
  ],
  [
    'public-testfiles/adobe-20220124-XCA.jpg',
    'jpeg',
    ['c2pa-invalid-changed assertion.dataHash.mismatch=fail'],
    [`c2pa-invalid-changed assertion.dataHash.mismatch=fail ${untrusted}`],
  ],
  ['c2pa-rs/c.mov', 'mov', [], []],
  ['c2pa-rs/cloud.jpg', 'jpeg', ['remote-manifest-not-followed'], ['remote-manifest-not-followed']],
  ['c2pa-rs/id3v23_compression_underflow.mp3', 'mp3', [], []],
  ['c2pa-rs/libpng-test.png', 'png', [], []],
  [
    'c2pa-rs/nested_moov_1000.mp4',
    'mp4',
    ['provenance-unreadable InvalidAsset'],
    ['provenance-unreadable InvalidAsset'],
  ],
  // Its certificate is under a root that is on none of these lists.
  ['c2pa-rs/ocsp.jpg', 'jpeg', [`c2pa-unlisted-ai-edited ${untrusted}`], [`c2pa-unlisted-ai-edited ${untrusted}`]],
  ['c2pa-rs/riff_bomb_1000.wav', 'wav', [], []],
  ['c2pa-rs/sample1.avif', 'avif', [], []],
  ['c2pa-rs/sample1.heif', 'heic', [], []],
  ['c2pa-rs/sample1.webp', 'webp', [], []],
  [
    'c2pa-rs/sample3.invalid.wav',
    'wav',
    ['provenance-unreadable InvalidAsset'],
    ['provenance-unreadable InvalidAsset'],
  ],
  ['c2pa-rs/test.avi', 'avi', [], []],
  ['c2pa-rs/test.tiff', 'tiff', [], []],
  ['c2pa-rs/tiff_poc.tiff', 'tiff', ['provenance-unreadable InvalidAsset'], ['provenance-unreadable InvalidAsset']],
  ['c2pa-rs/update_manifest.jpg', 'jpeg', ['c2pa-trusted-unspecified'], [`c2pa-unlisted-unspecified ${untrusted}`]],
  ['c2pa-rs/video1.mp4', 'mp4', ['c2pa-trusted-unspecified'], [`c2pa-unlisted-unspecified ${untrusted}`]],
  ['c2pa-rs/video1_no_manifest.mp4', 'mp4', [], []],
];

describe.runIf(existsSync(data))('the public samples', () => {
  const pem = (name: string) => readFileSync(`${data}/trust/${name}`, 'utf8');
  let reader: ProvenanceReader;
  let trusts: Record<'roots' | 'official' | 'none', ProvenanceTrust>;

  beforeAll(async () => {
    reader = await openProvenance(readFileSync('node_modules/@contentauth/c2pa-wasm/pkg/c2pa_bg.wasm'));
    const lists = [{ id: 'some', version: '1' }];
    trusts = {
      roots: { anchorsPem: pem('c2pa-rs-test-roots.pem'), tsaAnchorsPem: '', lists },
      official: { anchorsPem: pem('C2PA-TRUST-LIST.pem'), tsaAnchorsPem: pem('C2PA-TSA-TRUST-LIST.pem'), lists },
      none: { anchorsPem: '', tsaAnchorsPem: '', lists: [] },
    };
  });

  async function said(file: string, format: MediaFormat, trust: ProvenanceTrust): Promise<string[]> {
    const source = bufferSource(readFileSync(`${data}/c2pa/${file}`));
    const { signals, findings } = await reader.read({ source, format, mime: 'x/y', trust });
    for (const signal of signals) signalSchema.parse(signal);
    return [
      ...signals.map(({ code, checks }) =>
        [code, ...checks.map(({ id, outcome }) => `${id}=${outcome}`).sort()].join(' '),
      ),
      ...findings
        .filter(({ code }) => code !== 'provenance-no-trust-list')
        .map(({ code, params }) => `${code} ${params['reason']}`),
    ];
  }

  test.each(table)('%s', async (file, format, withRoots, without) => {
    expect(await said(file, format, trusts.roots)).toEqual(withRoots);
    expect(await said(file, format, trusts.official)).toEqual(without);
    expect(await said(file, format, trusts.none)).toEqual(without);
  });

  test('every sample is in the table', () => {
    const files = ['public-testfiles', 'c2pa-rs'].flatMap((folder) =>
      readdirSync(`${data}/c2pa/${folder}`).map((name) => `${folder}/${name}`),
    );
    expect(files.sort()).toEqual(table.map(([file]) => file).sort());
  });
});
