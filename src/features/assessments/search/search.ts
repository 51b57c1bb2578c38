import type {
  FoundHazard,
  HazardSearch,
  ProbeId,
  ProbeRun,
  SearchReport,
  Trial,
} from '../../../contract/assessment.ts';
import { hazardKey } from '../../../engine/assessments/gone.ts';
import { type Hunted, hunt, type Shortest } from '../../../engine/assessments/search.ts';
import { severityOf } from '../../../engine/assessments/severity.ts';
import { openBench } from '../bench.ts';
import { probeOf } from '../probes/all.ts';
import { editsOf } from '../samples/edits.ts';
import type { Sample } from '../samples/sample.ts';
import type { Hunting } from './chase.ts';
import { copyHunts } from './copies.ts';
import { labelCodes, labelHunts } from './labels.ts';

export interface SearchParts extends Omit<Parameters<typeof openBench>[0], 'probe' | 'samples'> {
  /** Publications, at most. */
  budget: number;
  /** Of the probes that ran, what they published and saw. */
  ran: readonly { run: ProbeRun; samples: readonly Sample[] }[];
  /** For what is made of them. */
  folder: string;
  /** Requirements whose text somebody has read. */
  verified: ReadonlySet<string>;
}

export interface Searched {
  report: SearchReport;
  hazards: FoundHazard[];
  /** What was published in addition. */
  samples: Sample[];
  /** What showed each hazard that is the service's own doing: it counts for the requirements like any other test. */
  lost: { probe: ProbeId; trial: Trial }[];
}

/** Edits in one chain: people do two or three things before they pass something on. */
const longestChain = 3;

/** Looks for the shortest chains of ordinary edits after which labels, signs or the bank of known fakes no longer hold. */
export async function searchHazards(parts: SearchParts): Promise<Searched> {
  const { budget, ran, verified } = parts;
  const hunts = [...labelHunts(ran), ...copyHunts(ran)];
  const searches: HazardSearch[] = [];
  const hazards: FoundHazard[] = [];
  const samples: Sample[] = [];
  const lost: Searched['lost'] = [];
  let left = budget;
  for (const [index, hunting] of hunts.entries()) {
    const { known, probes, subject } = hunting;
    if (known.length > 0) {
      searches.push({
        ...{ probes, subject, outcome: 'defeated', length: 1, publications: 0 },
        ...{ hazards: known, sought: [], chains: [] },
      });
      continue;
    }
    const share = Math.floor(left / (hunts.length - index));
    const { hunted, made, trials } = await follow(hunting, share, parts);
    left -= hunted.publications;
    samples.push(...made);
    const found = hunted.shortest.map((one) => hazardOf(hunting, one, trials, verified));
    hazards.push(...found);
    for (const { failure, chain } of hunted.shortest) {
      const trial = trialOf(trials, chain, failure);
      if (trial && !isUploadersDoing(failure)) lost.push({ probe: hunting.probeFor(failure), trial });
    }
    const { outcome, length, publications } = hunted;
    searches.push({
      ...{ probes, subject, outcome, length, publications },
      hazards: found.map(({ id }) => id),
      sought: hunted.sought.map(({ failure, ...how }) => ({ code: failure, ...how })),
      chains: hunted.chains.map((chain) => chain.join('+')),
    });
  }
  return { report: { state: 'made', budget, publications: budget - left, searches }, hazards, samples, lost };
}

async function follow(
  hunting: Hunting,
  budget: number,
  { folder, ...parts }: SearchParts,
): Promise<{ hunted: Hunted; made: Sample[]; trials: ReadonlyMap<string, readonly Trial[]> }> {
  const { sample, sought } = hunting;
  const edits = editsOf(sample.kind);
  const { bench } = openBench({ ...parts, probe: probeOf(hunting.probes[0]), samples: [sample] });
  const made: Sample[] = [];
  const trials = new Map<string, readonly Trial[]>();
  const hunted = await hunt({
    ...{ budget, sought, longest: longestChain, edits: edits.map(({ id }) => id) },
    attempt: async (chain) => {
      const known = hunting.seenBefore(chain);
      if (known) return known;
      const done = chain.flatMap((id) => edits.find((one) => one.id === id) ?? []);
      const { attempt, copy, seen } = await hunting.attempt(bench, done, folder);
      if (copy) made.push(copy);
      trials.set(chain.join('+'), seen);
      return attempt;
    },
  });
  return { hunted, made, trials };
}

function hazardOf(
  { subject, sample, probeFor, before }: Hunting,
  { failure, chain, defeated, tried }: Shortest,
  trials: ReadonlyMap<string, readonly Trial[]>,
  verified: ReadonlySet<string>,
): FoundHazard {
  const name = chain.join('+');
  const trial = trialOf(trials, chain, failure);
  const probe: ProbeId = probeFor(failure);
  const requirements = isUploadersDoing(failure) ? [] : (trial?.requirements ?? []);
  return {
    id: hazardKey({ probe, subject, code: failure, search: true }),
    ...{ probe, subject, code: failure, requirements },
    severity: severityOf(probeOf(probe).impact, defeated, tried),
    verified: requirements.some((id) => verified.has(id)),
    ...{ lost: defeated, tried },
    reproduce: [
      ...before,
      ...chain.map((id) => ({ code: `edit.${sample.kind}.${id}`, params: {} })),
      { code: 'publish', params: { sample: trial?.sample ?? `${sample.id}~${name}` } },
      ...(trial?.url ? [{ code: 'fetch', params: { url: trial.url, subject } }] : []),
      { code: `seen.${failure}`, params: trial?.params ?? {} },
    ],
  };
}

/** What the uploader's own edit took away breaks no rule of the service's. */
function isUploadersDoing(failure: string): boolean {
  return failure === labelCodes.stripped;
}

function trialOf(
  trials: ReadonlyMap<string, readonly Trial[]>,
  chain: readonly string[],
  failure: string,
): Trial | null {
  return trials.get(chain.join('+'))?.find(({ code }) => code === failure) ?? null;
}
