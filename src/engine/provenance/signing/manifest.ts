import { iptcVocabulary, sourceTypes } from '../source-types.ts';
import { SigningRefusal } from './refusal.ts';

/** What a C2PA manifest of ours says; its types hold the rules C2PA-1 to C2PA-4 of the regulation catalogue (C2PA 2.2 §18.14). */
export interface ManifestContent {
  /** The program that makes the claim: Clearmirror and its version. */
  generator: Product;
  title?: string;
  /** How the file began. There is exactly one such action and it comes first (§18.14.2). */
  origin: Created | Opened;
  /** What was done after that, in order. */
  steps?: Step[];
  /** Whether the actions are all that was done (§18.14.10); left out where nobody can know. */
  allActionsIncluded?: boolean;
  /** `cawg.metadata`: properties by their prefixed names, in the namespaces of `metadataNamespaces`. */
  metadata?: Partial<Record<MetadataProperty, unknown>>;
  /** `cawg.training-mining`: what the file may be used for. */
  trainingMining?: Partial<Record<MiningUse, MiningPermission>>;
  watermark?: Watermark;
}

export interface Product {
  name: string;
  version?: string;
}

/** Made from nothing. Its kind of source must be said (C2PA-2). */
export interface Created {
  kind: 'created';
  /** Full address of a term that is not deprecated; see source-types.ts, and `emptySource`. */
  sourceType: string;
  by: Product;
  at: Date;
  description?: string;
}

/** Made from a file that existed, which becomes the parent ingredient and keeps its own manifest. */
export interface Opened {
  kind: 'opened';
  by: Product;
  at: Date;
}

export interface Step {
  action: StepAction;
  by: Product;
  at: Date;
  sourceType?: string;
  description?: string;
}

/** Actions after the first (C2PA-4), without those that need an ingredient, a redaction or a listed soft binding to be valid. */
export const stepActions = [
  'c2pa.addedText',
  'c2pa.adjustedColor',
  'c2pa.changedSpeed',
  'c2pa.converted',
  'c2pa.cropped',
  'c2pa.deleted',
  'c2pa.drawing',
  'c2pa.dubbed',
  'c2pa.edited',
  'c2pa.edited.metadata',
  'c2pa.enhanced',
  'c2pa.filtered',
  'c2pa.orientation',
  'c2pa.published',
  'c2pa.repackaged',
  'c2pa.resized',
  'c2pa.transcoded',
  'c2pa.translated',
  'c2pa.trimmed',
  'c2pa.unknown',
] as const;
export type StepAction = (typeof stepActions)[number];

/** CAWG training and data mining assertion 1.0. */
export type MiningUse = 'cawg.ai_generative_training' | 'cawg.ai_inference' | 'cawg.ai_training' | 'cawg.data_mining';
export type MiningPermission = 'allowed' | 'notAllowed' | { constrained: string };

/**
 * An imperceptible watermark of an algorithm that is not on C2PA's list. Such a one may not be called `c2pa.soft-binding`, nor
 * its making `c2pa.watermarked` (§9.3.2, §18.14.5; C2PA-5): it goes into an assertion of our own with the same parts.
 */
export interface Watermark {
  /** Name and version of the algorithm, e.g. `clearmirror.dwt-dct.1`. */
  algorithm: string;
  /** What the watermark carries. */
  value: Uint8Array;
  by: Product;
  at: Date;
}

/** Where CAWG metadata properties come from. */
export const metadataNamespaces = {
  dc: 'http://purl.org/dc/elements/1.1/',
  Iptc4xmpCore: 'http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/',
  Iptc4xmpExt: 'http://iptc.org/std/Iptc4xmpExt/2008-02-29/',
  photoshop: 'http://ns.adobe.com/photoshop/1.0/',
  plus: 'http://ns.useplus.org/ldf/xmp/1.0/',
  xmp: 'http://ns.adobe.com/xap/1.0/',
  xmpRights: 'http://ns.adobe.com/xap/1.0/rights/',
} as const;
export type MetadataProperty = `${keyof typeof metadataNamespaces}:${string}`;

/** Nothing was there at the start: an empty canvas (C2PA-2). */
export const emptySource = 'http://c2pa.org/digitalsourcetype/empty';

/** Name of the parent among the ingredients; it is replaced by a link when the manifest is made. */
export const parentLabel = 'parent';

export const watermarkLabel = 'clearmirror.watermark';

/** The manifest definition of c2pa-rs, as JSON. Throws a SigningRefusal for what a manifest may not say. */
export function manifestDefinition(content: ManifestContent): string {
  const assertions = [
    actions(content),
    ...(content.metadata ? [metadata(content.metadata)] : []),
    ...(content.trainingMining ? [trainingMining(content.trainingMining)] : []),
    ...(content.watermark ? [watermark(content.watermark)] : []),
  ];
  return JSON.stringify({
    claim_version: 2,
    claim_generator_info: [content.generator],
    ...(content.title === undefined ? {} : { title: content.title }),
    // Assertions of ours: without this they would be "gathered", which no signer answers for (§10.1).
    assertions: assertions.map((assertion) => ({ ...assertion, created: true })),
  });
}

/** The address itself, when it may be written: a term of the vocabulary in use, at its own address. */
export function checkedSourceType(address: string): string {
  if (address === emptySource) return address;
  const at = Math.max(address.lastIndexOf('/'), 0) + 1;
  const known = sourceTypes.get(address.slice(at));
  const vocabulary = known?.vocabulary ?? iptcVocabulary;
  if (!known || address.slice(0, at) !== vocabulary) throw unfit('digitalSourceType is no address of a known term');
  if (known.deprecated) throw unfit('digitalSourceType is deprecated');
  return address;
}

function actions({ origin, steps = [], watermark: mark, allActionsIncluded }: ManifestContent) {
  const first =
    origin.kind === 'created'
      ? action('c2pa.created', origin)
      : // §18.14.2: no digitalSourceType here, the parent has its own.
        { ...action('c2pa.opened', origin), parameters: { ingredientIds: [parentLabel] } };
  const known = new Set<string>(stepActions);
  if (steps.some((step) => !known.has(step.action))) throw unfit('action is not one that may follow');
  return {
    label: 'c2pa.actions.v2',
    data: {
      actions: [
        first,
        ...steps.map((step) => action(step.action, step)),
        ...(mark ? [action('c2pa.edited', { ...mark, description: `imperceptible watermark ${mark.algorithm}` })] : []),
      ],
      ...(allActionsIncluded === undefined ? {} : { allActionsIncluded }),
    },
  };
}

function action(
  name: StepAction | 'c2pa.created' | 'c2pa.opened',
  said: { by: Product; at: Date; sourceType?: string; description?: string },
) {
  return {
    action: name,
    when: said.at.toISOString(),
    softwareAgent: said.by,
    ...(said.sourceType === undefined ? {} : { digitalSourceType: checkedSourceType(said.sourceType) }),
    ...(said.description === undefined ? {} : { description: said.description }),
  };
}

/** CAWG metadata 1.1: JSON-LD, with the namespaces in use declared. */
function metadata(properties: NonNullable<ManifestContent['metadata']>) {
  const names = Object.keys(properties);
  const prefixes = [...new Set(names.map((name) => name.slice(0, name.indexOf(':'))))];
  const context = prefixes.map((prefix) => {
    const namespace = Object.entries(metadataNamespaces).find(([known]) => known === prefix)?.[1];
    if (!namespace) throw unfit('metadata property of an unknown namespace');
    return [prefix, namespace];
  });
  if (names.length === 0) throw unfit('metadata without a property');
  const sourceType = properties['Iptc4xmpExt:DigitalSourceType'];
  if (sourceType !== undefined) checkedSourceType(String(sourceType));
  return { label: 'cawg.metadata', kind: 'Json', data: { '@context': Object.fromEntries(context), ...properties } };
}

function trainingMining(uses: NonNullable<ManifestContent['trainingMining']>) {
  const entries = Object.entries(uses).map(([use, permission]) => [
    use,
    typeof permission === 'object'
      ? { use: 'constrained', constraint_info: permission.constrained }
      : { use: permission },
  ]);
  return { label: 'cawg.training-mining', data: { entries: Object.fromEntries(entries) } };
}

function watermark({ algorithm, value }: Watermark) {
  return { label: watermarkLabel, data: { alg: algorithm, blocks: [{ scope: {}, value: hex(value) }] } };
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

function unfit(rule: string): SigningRefusal {
  return new SigningRefusal('manifest-unfit', rule);
}
