import { WasmBuilder } from '@contentauth/c2pa-wasm';
import type { ByteSource } from '../../media/bytes.ts';
import { orTrap } from '../library.ts';
import { SourceBlob, withFileReaderSync } from '../source-blob.ts';
import { SigningRefusal } from './refusal.ts';
import type { Seal } from './seal.ts';

export interface BuildRequest {
  /** The manifest definition of c2pa-rs, JSON. */
  definition: string;
  /** The library's name for the format. */
  mime: string;
  source: ByteSource;
  /** The ingredient that was opened; without its bytes where the library cannot look into them. */
  parent: { json: string; mime: string; source: ByteSource | null } | null;
  /** Whether the manifest goes into the file, or stands beside it. */
  embed: boolean;
  seal: Seal;
}

/** The file with its manifest (or as it was), and the manifest store alone. */
export interface Built {
  asset: Uint8Array;
  manifest: Uint8Array;
}

/** Lets the library make and sign one manifest. Throws a SigningRefusal, or what the seal throws. */
export async function build({ definition, mime, source, parent, embed, seal }: BuildRequest): Promise<Built> {
  const thrownBySeal: unknown[] = [];
  const close = async (claim: Uint8Array): Promise<Uint8Array<ArrayBuffer>> => {
    try {
      return new Uint8Array(await seal.close(claim));
    } catch (error) {
      // The library would pass on no more of it than a text.
      thrownBySeal.push(error);
      throw error;
    }
  };
  const work = async (): Promise<Built> => {
    const builder = WasmBuilder.fromJson(definition, settings);
    try {
      builder.setNoEmbed(!embed);
      if (parent?.source) await builder.addIngredientFromBlob(parent.json, parent.mime, new SourceBlob(parent.source));
      else if (parent) builder.addIngredient(parent.json);
      const signer = { alg: seal.algorithm, reserveSize: seal.size, sign: close };
      return await builder.signAndGetManifestBytes(signer, [], mime, new SourceBlob(source));
    } finally {
      builder.free();
    }
  };
  const answer = await orTrap<Built | 'trapped' | { thrown: unknown }>(
    () => withFileReaderSync(work).catch((thrown: unknown) => ({ thrown })),
    'trapped',
  );
  if (answer === 'trapped') throw new SigningRefusal('library-failed');
  if (!('thrown' in answer)) return answer;
  if (thrownBySeal.length > 0) throw thrownBySeal[0];
  throw refusalOf(answer.thrown);
}

const settings = JSON.stringify({
  // What was written is read back by our own reader, with the operator's trust lists; nothing is ever fetched.
  verify: { verify_after_sign: false, verify_trust: false, remote_manifest_fetch: false, ocsp_fetch: false },
  core: { decode_identity_assertions: false, allowed_network_hosts: [] },
  builder: {
    // A thumbnail would be one more picture of ours that nobody asked for.
    thumbnail: { enabled: false },
    // Manifests say what we say, and nothing that the library adds.
    actions: {
      auto_created_action: { enabled: false },
      auto_opened_action: { enabled: false },
      auto_placed_action: { enabled: false },
    },
  },
});

/** The library throws strings such as `C2pa(JumbfNotFound)`; a trap of the WebAssembly code is an Error. */
function refusalOf(error: unknown): SigningRefusal {
  if (typeof error !== 'string') return new SigningRefusal('library-failed', '', { cause: error });
  const code = /^C2pa\(([A-Za-z0-9]+)/.exec(error)?.[1] ?? 'Unknown';
  return code === 'UnsupportedType'
    ? new SigningRefusal('format-unsupported', code)
    : new SigningRefusal('file-unsignable', code, { cause: error });
}
