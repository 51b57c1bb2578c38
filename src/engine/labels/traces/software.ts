import type { Fact } from './facts.ts';
import { type KnownGenerator, knownGenerators } from './known-generators.ts';
import type { Recogniser, Trace } from './trace.ts';
import { evidenceOf, shown, uuidPattern } from './values.ts';

/**
 * Generators that are merely named in a software tag, maker's tag or credit line: some evidence where such a mark is known from
 * public material, little where only the name is. Ordinary programs (Lavf, LAME, Photoshop …) are not in the table, so they say nothing.
 */
export const recogniseSoftware: Recogniser = (facts) => {
  const traces: Trace[] = [];
  for (const fact of facts) {
    const job = higgsfieldJob(fact);
    if (job) traces.push(job);
    // A longer value is prose, not a name.
    if (fact.field === 'other' || fact.value.length > maxValue) continue;
    const value = fact.value.trim().toLowerCase();
    const known = knownGenerators.find((of) => of.fields.includes(fact.field) && of.pattern.test(value));
    if (known) traces.push(named(known, fact));
  }
  return traces;
};

const maxValue = 200;

function named(known: KnownGenerator, fact: Fact): Trace {
  return {
    method: known.method,
    code: known.verified ? 'trace-software' : 'trace-software-unverified',
    claim: known.claim,
    strength: known.verified ? 'some' : 'little',
    tool: known.name,
    place: fact.place,
    evidence: evidenceOf({ key: shown(fact.key), value: shown(fact.value), verified: known.verified }),
    carriers: [fact.carrier],
  };
}

/** Higgsfield writes the job's id into its PNGs. It names the service, not the model. (remove-ai-watermarks docs, 23 of 26 files seen) */
function higgsfieldJob(fact: Fact): Trace | null {
  if (fact.key !== 'hf-job-id' || !uuidPattern.test(fact.value.trim())) return null;
  return {
    method: 'trace.software',
    code: 'trace-software',
    claim: 'ai-generated',
    strength: 'some',
    tool: 'Higgsfield',
    place: fact.place,
    evidence: { key: fact.key, value: fact.value.trim(), verified: true },
    carriers: [fact.carrier],
  };
}
