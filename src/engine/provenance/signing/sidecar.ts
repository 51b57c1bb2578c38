import { createHash } from 'node:crypto';
import type { MediaFormat } from '../../../contract/screening.ts';
import { type ByteSource, bufferSource } from '../../media/bytes.ts';
import { openLibrary } from '../library.ts';
import { build } from './build.ts';
import { activeLabel } from './jumbf.ts';
import { type ManifestContent, manifestDefinition, parentLabel } from './manifest.ts';
import { SigningRefusal } from './refusal.ts';
import { type Signing, withSeal } from './seal.ts';
import { ingredientOf, type Parent } from './sign.ts';

export interface SidecarRequest {
  source: ByteSource;
  format: MediaFormat;
  content: ManifestContent;
  /**
   * For content that was opened: what was opened, with the manifest in it, when its format has a place for one. A manifest that
   * lies beside the parent cannot be taken along.
   */
  parent?: Parent | undefined;
  signing: Signing;
}

export interface Sidecar {
  /** The manifest store, `application/c2pa`: to be kept beside the file, as `NAME.c2pa`. */
  manifest: Uint8Array;
  /** Name of the manifest, `urn:c2pa:…`. */
  label: string;
}

export interface SidecarSigner {
  /**
   * Signs a file that has no place for a manifest (C2PA 2.2 §11.4: external manifests). The file stays as it is; a hash of all its
   * bytes binds it, read once and in pieces, so any size will do. Throws a SigningRefusal.
   */
  sign(request: SidecarRequest): Promise<Sidecar>;
}

/** Loads the library once per process, shared with its reader. */
export async function openSidecarSigner(wasmBytes: Uint8Array<ArrayBuffer>): Promise<SidecarSigner> {
  await openLibrary(wasmBytes);
  return {
    sign: async ({ source, format, content, parent, signing }) => {
      const mime = sidecarTypes[format];
      if (!mime) throw new SigningRefusal('format-unsupported', format);
      const definition = withHash(manifestDefinition(content), hashOf(source));
      const { manifest } = await withSeal(signing, (seal) =>
        build({
          definition,
          mime,
          // The library hashes nothing where the definition holds the hash; it need not see the file.
          source: bufferSource(new Uint8Array(1)),
          parent: content.origin.kind === 'opened' ? parentFor(parent ?? { source, format }) : null,
          embed: false,
          seal,
        }),
      );
      return { manifest, label: activeLabel(manifest) };
    },
  };
}

/** Formats whose manifest can only lie beside the file: C2PA names no place in them, or its library writes none. */
export const sidecarTypes: { [format in MediaFormat]?: string } = {
  webm: 'video/webm',
  mkv: 'video/x-matroska',
  flv: 'video/x-flv',
  mpegts: 'video/mp2t',
  ogg: 'audio/ogg',
  opus: 'audio/ogg',
  aac: 'audio/aac',
};

function parentFor(parent: Parent) {
  const mime = sidecarTypes[parent.format];
  if (!mime) return ingredientOf(parent);
  const { title } = parent;
  const json = {
    relationship: 'parentOf',
    label: parentLabel,
    format: mime,
    ...(title === undefined ? {} : { title }),
  };
  return { json: JSON.stringify(json), mime, source: null };
}

const readBytes = 4 * 1024 * 1024;

function hashOf(source: ByteSource): number[] {
  const hash = createHash('sha256');
  for (let at = 0; at < source.size; ) {
    const part = source.read(at, Math.min(readBytes, source.size - at));
    // A file that shrank meanwhile is another file than the one that was to be signed.
    if (part.length === 0) throw new SigningRefusal('file-unsignable', 'Truncated');
    hash.update(part);
    at += part.length;
  }
  return [...hash.digest()];
}

/** `c2pa.hash.data` over the whole file (C2PA 2.2 §18.5); a list of numbers becomes a byte string in CBOR here. */
function withHash(definition: string, hash: number[]): string {
  const { assertions, ...rest } = JSON.parse(definition);
  const binding = {
    label: 'c2pa.hash.data',
    data: { name: 'whole file', alg: 'sha256', hash, pad: [] },
    created: true,
  };
  return JSON.stringify({ ...rest, assertions: [...assertions, binding] });
}
