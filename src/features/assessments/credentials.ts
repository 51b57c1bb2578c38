import { z } from 'zod';
import type { Inspection } from '../../box/labelling-protocol.ts';

/** What the manifest of a file is worth, as far as an assessment asks. */
export type SeenCredentials =
  | { state: 'none' | 'broken' | 'unclear' }
  | {
      state: 'holds';
      /** Name of the active manifest. */
      label: string;
      /** It says that the content is generated, or made with such material. */
      isAi: boolean;
      /** What the file was made from, as far as that has a manifest. */
      parents: { isAi: boolean; isBroken: boolean }[];
    };

/** Only what is needed of the evidence in engine/provenance/signals.ts. */
const evidenceSchema = z.object({
  manifest: z.object({ label: z.string() }),
  declared: z.object({ claim: z.string() }),
  ingredients: z.object({
    list: z.array(
      z.object({
        relationship: z.string(),
        depth: z.number(),
        claim: z.string(),
        hasManifest: z.boolean(),
        failures: z.object({ total: z.number() }),
      }),
    ),
  }),
});

export function credentialsIn({ manifest, signals }: Pick<Inspection, 'manifest' | 'signals'>): SeenCredentials {
  if (manifest === false) return { state: 'none' };
  const active = signals.find(({ method }) => method === 'provenance.c2pa');
  const trust = active?.params['trust'];
  if (trust === 'invalid') return { state: 'broken' };
  const evidence = evidenceSchema.safeParse(active?.evidence).data;
  // Kept elsewhere, or too large to be validated here.
  if ((trust !== 'trusted' && trust !== 'unlisted') || !evidence) return { state: 'unclear' };
  const parents = evidence.ingredients.list.filter(
    ({ depth, relationship, hasManifest }) => depth === 1 && relationship === 'parentOf' && hasManifest,
  );
  return {
    state: 'holds',
    label: evidence.manifest.label,
    isAi: saysAi(evidence.declared.claim),
    parents: parents.map(({ claim, failures }) => ({ isAi: saysAi(claim), isBroken: failures.total > 0 })),
  };
}

function saysAi(claim: string): boolean {
  return claim.startsWith('ai-');
}
