import type { MediaFormat } from '../../../contract/screening.ts';
import type { ByteSource } from '../../media/bytes.ts';
import { openLibrary } from '../library.ts';
import { dataBinding, type Place, signInPlace } from './bind.ts';
import type { Ingredient } from './build.ts';
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
      if (!sidecarTypes[format]) throw new SigningRefusal('format-unsupported', format);
      const definition = manifestDefinition(content);
      const from = content.origin.kind === 'opened' ? parentFor(parent ?? { source, format }) : null;
      const { manifest } = await withSeal(signing, (seal) =>
        signInPlace({ source, definition, parent: from, placeFor: () => beside, seal }),
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

function parentFor(parent: Parent): Ingredient {
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

const beside: Place = { edits: () => [], binding: dataBinding(null) };
