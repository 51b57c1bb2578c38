import init, { WasmReader } from '@contentauth/c2pa-wasm';
import type { ByteSource } from '../media/bytes.ts';
import { withMemoryLimit } from './memory-limit.ts';
import { SourceBlob, withFileReaderSync } from './source-blob.ts';

/** What the library made of one file. `store` is the manifest store as JSON text. */
export type LibraryAnswer =
  | { kind: 'store'; json: string }
  | { kind: 'none' }
  | { kind: 'remote'; url: string }
  | { kind: 'unsupported' }
  /** The library refused the bytes; `code` is its own name for the reason. */
  | { kind: 'unreadable'; code: string }
  /** The library itself failed and must not be used again in this process. */
  | { kind: 'failed' };

export interface Anchors {
  /** Name that the library gives back when an anchor of this group was used. */
  uri: string;
  kind: 'manifest' | 'tsa';
  pem: string;
}

export interface Library {
  /** Bytes of its linear memory, which grows and never shrinks. */
  memoryBytes(): number;
  read(input: { source: ByteSource; mime: string; anchors: Anchors[]; validate: boolean }): Promise<LibraryAnswer>;
}

export async function openLibrary(wasmBytes: Uint8Array<ArrayBuffer>): Promise<Library> {
  const { memory } = await init({ module_or_path: withMemoryLimit(wasmBytes, memoryPages) });
  return {
    memoryBytes: () => memory.buffer.byteLength,
    read: async ({ source, mime, anchors, validate }) => {
      const settings = settingsFor(anchors, validate);
      const work = async (): Promise<LibraryAnswer> => {
        try {
          const reader =
            source.size <= wholeBytes
              ? await WasmReader.fromBytes(mime, source.read(0, source.size), settings)
              : await withFileReaderSync(() => WasmReader.fromBlob(mime, new SourceBlob(source), settings));
          try {
            return { kind: 'store', json: reader.json() };
          } finally {
            reader.free();
          }
        } catch (error) {
          return answerTo(error);
        }
      };
      return orTrap(work, { kind: 'failed' });
    },
  };
}

/**
 * A trap inside one of the library's own tasks reaches nobody who waits for its promise: it comes up as an uncaught exception
 * of the process. Any other one still ends the process.
 */
export async function orTrap<Answer>(work: () => Promise<Answer>, trapped: Answer): Promise<Answer> {
  let onUncaught: (error: unknown) => void = () => {};
  const trap = new Promise<Answer>((resolve) => {
    onUncaught = (error) => {
      if (!(error instanceof Error && error.name === 'RuntimeError')) throw error;
      resolve(trapped);
    };
  });
  process.on('uncaughtException', onUncaught);
  try {
    return await Promise.race([work(), trap]);
  } finally {
    process.off('uncaughtException', onUncaught);
  }
}

/** 640 MiB: above what the largest honest file takes (formats.ts), below what would bring the whole examiner down. */
const memoryPages = 640 * 16;

/** Files up to this size are handed over whole, bigger ones through a Blob that reads ranges. */
const wholeBytes = 32 * 1024 * 1024;

function settingsFor(anchors: Anchors[], validate: boolean): string {
  return JSON.stringify({
    // Nothing named in a file is ever fetched: no remote manifest, no revocation status …
    verify: { verify_trust: true, verify_after_reading: validate, remote_manifest_fetch: false, ocsp_fetch: false },
    // … and no `did:web` document of a CAWG identity: decoding one asks the issuer's host, and the list of allowed
    // hosts alone does not stop it.
    core: { decode_identity_assertions: false, allowed_network_hosts: [] },
    trust: {
      anchors: anchors
        .filter(({ pem }) => pem !== '')
        .map(({ uri, kind, pem }) => ({ trust_anchors: pem, trust_uri: uri, trust_kind: kind })),
    },
  });
}

/** The library throws strings such as `C2pa(JumbfNotFound)`; a trap of the WebAssembly code is an Error. */
function answerTo(error: unknown): LibraryAnswer {
  if (typeof error !== 'string') return { kind: 'failed' };
  const code = /^C2pa\(([A-Za-z0-9]+)/.exec(error)?.[1] ?? 'Unknown';
  if (code === 'JumbfNotFound' || code === 'ProvenanceMissing') return { kind: 'none' };
  if (code === 'UnsupportedType') return { kind: 'unsupported' };
  if (code === 'RemoteManifestUrl')
    return { kind: 'remote', url: /^C2pa\(RemoteManifestUrl\("(.*)"\)\)$/s.exec(error)?.[1] ?? '' };
  return { kind: 'unreadable', code };
}
