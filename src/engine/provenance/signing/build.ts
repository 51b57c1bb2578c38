import { WasmBuilder } from '@contentauth/c2pa-wasm';
import { type ByteSource, bufferSource } from '../../media/bytes.ts';
import { orTrap } from '../library.ts';
import { SourceBlob, withFileReaderSync } from '../source-blob.ts';
import { SigningRefusal } from './refusal.ts';
import type { Seal } from './seal.ts';

export interface Ingredient {
  /** The ingredient of c2pa-rs, JSON. */
  json: string;
  /** The library's name for its format. */
  mime: string;
  /** Null where the library cannot look into it. */
  source: ByteSource | null;
}

/** A manifest that is being made by the library. */
export interface Draft {
  /** Signs it into a file: the file with it, and the manifest store alone. */
  signInto(source: ByteSource, mime: string, seal: Seal): Promise<{ asset: Uint8Array; manifest: Uint8Array }>;
  /** Signs it alone: the manifest store. It must hold its binding to the file, as the library sees none. May be called again. */
  signAlone(seal: Seal): Promise<Uint8Array>;
  /** Gives the one assertion of this label other data. */
  update(label: string, data: unknown): void;
}

/**
 * Lets the library make a manifest from a manifest definition of c2pa-rs (JSON). Throws a SigningRefusal for what the library
 * refuses, and passes on what the work or the seal throws.
 */
export async function withDraft<T>(
  definition: string,
  parent: Ingredient | null,
  work: (draft: Draft) => Promise<T>,
): Promise<T> {
  const outside: unknown[] = [];
  const noted = async <R>(calling: () => Promise<R>): Promise<R> => {
    try {
      return await calling();
    } catch (error) {
      // Thrown through the library, only a text of it would come out.
      outside.push(error);
      throw error;
    }
  };
  const drafting = async (): Promise<{ result: T }> => {
    const builder = WasmBuilder.fromJson(definition, settings);
    try {
      if (parent?.source) await builder.addIngredientFromBlob(parent.json, parent.mime, new SourceBlob(parent.source));
      else if (parent) builder.addIngredient(parent.json);
      return { result: await work(draftOf(builder, noted)) };
    } finally {
      builder.free();
    }
  };
  const answer = await orTrap<{ result: T } | 'trapped' | { thrown: unknown }>(
    () => withFileReaderSync(drafting).catch((thrown: unknown) => ({ thrown })),
    'trapped',
  );
  if (answer === 'trapped') throw new SigningRefusal('library-failed');
  if ('result' in answer) return answer.result;
  throw outside.length > 0 ? outside[0] : refusalOf(answer.thrown);
}

function draftOf(builder: WasmBuilder, noted: <R>(calling: () => Promise<R>) => Promise<R>): Draft {
  const sign = (source: ByteSource, mime: string, seal: Seal) => {
    const close = (claim: Uint8Array) => noted(async () => new Uint8Array(await seal.close(claim)));
    const signer = { alg: seal.algorithm, reserveSize: seal.size, sign: close };
    return builder.signAndGetManifestBytes(signer, [], mime, new SourceBlob(source));
  };
  return {
    signInto: (source, mime, seal) => {
      builder.setNoEmbed(false);
      return sign(source, mime, seal);
    },
    signAlone: async (seal) => {
      builder.setNoEmbed(true);
      const { manifest } = await sign(oneByte, 'application/octet-stream', seal);
      return manifest;
    },
    // One entry for each assertion of the label.
    update: (label, data) => builder.updateAssertionsAt(label, [data]),
  };
}

/** The library hashes nothing where the manifest holds its binding; it need not see the file. */
const oneByte = bufferSource(new Uint8Array(1));

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
function refusalOf(error: unknown): unknown {
  if (error instanceof Error && error.name !== 'RuntimeError') return error;
  if (typeof error !== 'string') return new SigningRefusal('library-failed', '', { cause: error });
  const code = /^C2pa\(([A-Za-z0-9]+)/.exec(error)?.[1] ?? 'Unknown';
  return code === 'UnsupportedType'
    ? new SigningRefusal('format-unsupported', code)
    : new SigningRefusal('file-unsignable', code, { cause: error });
}
