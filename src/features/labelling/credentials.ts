import type { CredentialsOrder, Inspection, Rendering } from '../../box/labelling-protocol.ts';
import type { CredentialsPlan, LabelPlan } from '../../contract/labelling.ts';
import type { Say } from '../../contract/words.ts';
import type { SigningAlgorithm } from '../../engine/provenance/signing/algorithms.ts';
import { iptcVocabulary, sourceTypes } from '../../engine/provenance/source-types.ts';
import { refusal } from './refusals.ts';

/** Who signs manifests here, and who stamps the time. Keys and networks stay on this side of the box. */
export interface SigningTools {
  /** DER, the signer's first. */
  chain: readonly Uint8Array[];
  algorithm: SigningAlgorithm;
  /** Subject of the signing certificate, for people. */
  subject: string;
  /** Answers in COSE's form: both halves of ECDSA side by side. */
  sign(message: Uint8Array): Promise<Uint8Array>;
  /** Null without a time-stamp authority. Answers with a DER TimeStampToken over the message. */
  stamp: ((message: Uint8Array) => Promise<Uint8Array>) | null;
}

export interface CredentialsRequest {
  plan: CredentialsPlan;
  sourceType: LabelPlan['sourceType'];
  inspection: Pick<Inspection, 'manifest' | 'signals'>;
  signing: SigningTools | null;
  clearmirror: string;
  title: string;
  now: Date;
  rendering: Rendering | null;
  /** Whether metadata of the file is changed before it is signed. */
  relabelled: boolean;
  say: Say;
}

/** What the new manifest says. A file with a manifest was opened; one without was created, and then its maker has to be named. */
export function credentialsOrder(request: CredentialsRequest): CredentialsOrder {
  const { plan, inspection, signing, say } = request;
  if (!signing) throw refusal(say, 'label-no-signer');
  const opened = inspection.manifest === true;
  const term = typeof request.sourceType === 'string' ? request.sourceType : 'trainedAlgorithmicMedia';
  const sourceType = `${sourceTypes.get(term)?.vocabulary ?? iptcVocabulary}${term}`;
  return {
    chain: signing.chain.map((one) => Buffer.from(one).toString('base64')),
    algorithm: signing.algorithm,
    timestamped: signing.stamp !== null,
    tokenBytes: null,
    at: request.now.toISOString(),
    generator: { name: 'Clearmirror', version: request.clearmirror },
    by: { name: plan.system, ...(plan.systemVersion === undefined ? {} : { version: plan.systemVersion }) },
    title: request.title,
    sourceType,
    opened,
    // The declaration is repeated in the manifest that counts: readers look at the active one (C2PA-9).
    identifier: request.rendering?.identifier ?? null,
    steps: opened
      ? [
          ...(request.rendering?.explicit
            ? [{ action: 'c2pa.addedText' as const, description: 'explicit AI label' }]
            : []),
          ...(request.relabelled ? [{ action: 'c2pa.edited.metadata' as const, description: 'AI label written' }] : []),
          ...(typeof request.sourceType === 'string' ? [{ action: 'c2pa.edited' as const, sourceType }] : []),
        ]
      : [],
  };
}
