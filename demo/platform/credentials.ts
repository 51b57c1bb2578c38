import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import type { Signal } from '../../src/contract/screening.ts';
import { bytesOf } from '../../src/engine/labels/writing/pieces.ts';
import { bufferSource } from '../../src/engine/media/bytes.ts';
import { sniff } from '../../src/engine/media/sniff.ts';
import { type ManifestSigner, openSigner } from '../../src/engine/provenance/signing/sign.ts';
import { iptcVocabulary, sourceTypes, sourceTypeTerm } from '../../src/engine/provenance/source-types.ts';
import { throwawaySigner } from '../../src/features/assessments/samples/throwaway-signer.ts';

/** What an upload's manifest says, where it holds. */
export interface Declared {
  /** Addresses of the kinds of source; empty where it says nothing of that. */
  sourceTypes: string[];
}

export interface Credentials {
  /** Signs a rendition as made from the upload, whose manifest becomes a part of the new one. */
  sign(rendition: string, upload: string, declared: Declared): Promise<void>;
}

const library = new URL('../../node_modules/@contentauth/c2pa-wasm/pkg/c2pa_bg.wasm', import.meta.url);
const platform = { name: 'Shimmer Video (sample)', version: '1' };

/** The certificate is made at the start and nobody answers for it: readers find it sound and on no list. */
export function openCredentials(now: () => Date): Credentials {
  const signing = throwawaySigner(crypto.randomUUID(), { name: platform.name, at: now() });
  let opened: Promise<ManifestSigner> | null = null;
  let last: Promise<unknown> = Promise.resolve();

  async function signNow(rendition: string, upload: string, declared: Declared): Promise<void> {
    opened ??= openSigner(readFileSync(library));
    const [source, parent] = await Promise.all([openMedia(rendition), openMedia(upload)]);
    const [sourceType] = declared.sourceTypes;
    const { pieces } = await (await opened).sign({
      ...source,
      parent,
      signing: { chain: signing.chain, algorithm: signing.algorithm, sign: signing.sign, at: now() },
      content: {
        generator: platform,
        origin: { kind: 'opened', by: platform, at: now() },
        steps: [{ action: 'c2pa.transcoded', by: platform, at: now() }],
        // Readers look at the active manifest: what the upload declared is said again there.
        ...(sourceType === undefined ? {} : { metadata: { 'Iptc4xmpExt:DigitalSourceType': sourceType } }),
      },
    });
    await writeFile(rendition, bytesOf(source.source, pieces));
  }

  return {
    sign: (...what) => {
      // One at a time: the library is one memory.
      const signed = last.then(() => signNow(...what));
      last = signed.catch(() => {
        // It may have failed itself; the next one gets another.
        opened = null;
      });
      return signed;
    },
  };
}

async function openMedia(path: string) {
  const source = bufferSource(await readFile(path));
  const sniffed = sniff(source);
  if (!sniffed) throw new Error('a rendition that is no media');
  return { source, format: sniffed.format };
}

/** Null where there is no manifest, or one that does not hold: nothing is built upon that. */
export function declaredIn(signals: readonly Signal[]): Declared | null {
  const manifest = signals.find(
    ({ method, params }) =>
      method === 'provenance.c2pa' && (params['trust'] === 'trusted' || params['trust'] === 'unlisted'),
  );
  if (!manifest) return null;
  const terms = [...sourceTypes].filter(([term, { deprecated }]) => !deprecated && says(manifest, term));
  return { sourceTypes: terms.map(([term, { vocabulary }]) => `${vocabulary ?? iptcVocabulary}${term}`) };
}

function says({ evidence }: Signal, term: string): boolean {
  const { declared } = evidence as { declared?: { sourceTypes?: { sourceType: string }[] } };
  return declared?.sourceTypes?.some(({ sourceType }) => sourceTypeTerm(sourceType) === term) ?? false;
}
