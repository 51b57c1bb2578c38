import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openBrowser, type PageBrowser } from '../../box/browser.ts';
import type { Limits } from '../../box/pool.ts';
import type { AssessmentRecord, ProbeId, ProbeRun, Trial } from '../../contract/assessment.ts';
import type { Requirement, Rulebook } from '../../contract/rulebook.ts';
import type { Target } from '../../contract/target.ts';
import { hazardsOf } from '../../engine/assessments/hazards.ts';
import { ratesOf, worstFirst } from '../../engine/assessments/rates.ts';
import { resultOf } from '../../engine/assessments/results.ts';
import type { labelFile } from '../labelling/labelling.ts';
import { openBench } from './bench.ts';
import type { Journal } from './journal.ts';
import { openLook } from './look.ts';
import { probeOf, probes } from './probes/all.ts';
import type { Probe } from './probes/probe.ts';
import { isGone, leaveRoom } from './publishing.ts';
import { makeSamples } from './samples/make-samples.ts';
import type { Sample } from './samples/sample.ts';
import { type Searched, searchHazards } from './search/search.ts';
import { type Asked, type Client, type ClientTools, openClient } from './target/client.ts';
import { TargetFailure } from './target/failure.ts';
import { maskFor, withoutSecrets } from './target/mask.ts';
import { openService, type Service } from './target/service.ts';

export { type Journal, openJournal } from './journal.ts';
export { mask, shortestMasked } from './target/mask.ts';
export { openRecorder, openRecording, RecordingFault } from './target/recording.ts';
export { readSecrets } from './target/secrets.ts';

export interface Assessment {
  service: AssessmentRecord['service'];
  function: AssessmentRecord['function'];
  target: Target;
  /** By the names of the target. */
  secrets: Readonly<Record<string, string>>;
  /** Each with the requirements that concern the service. */
  rulebooks: readonly {
    rulebook: Pick<Rulebook, 'id' | 'version' | 'shortTitle'>;
    requirements: readonly Pick<Requirement, RequirementPart>[];
  }[];
  /** How many in all. */
  samples: number;
  only: readonly ProbeId[] | null;
  /** How many publications a search for hazards may take; no search without it. */
  search?: { publications: number } | null;
}

/** What a result is told with. */
export type RequirementPart = 'id' | 'clause' | 'title' | 'verified' | 'provenance' | 'method';

export interface AssessmentTools {
  /** What labels samples and looks at what comes back. */
  labelling: Parameters<typeof labelFile>[1];
  limits: Limits;
  /** For samples and files under examination; emptied by its owner. */
  folder: string;
  journal: Journal;
  signal: AbortSignal;
  now: () => Date;
  onProgress: (progress: Progress) => void;
  onAsked: (asked: Asked) => void;
  /** Node's own unless said otherwise. */
  fetch?: ClientTools['fetch'];
  /** Keeps what the service answers. */
  record?: (client: Client, hide: (text: string) => string) => Client;
  /** Answers instead of the service; nobody is asked. */
  replay?: Client;
}

export type Progress =
  | { step: 'samples'; count: number }
  | { step: 'probe'; probe: ProbeId; samples: number }
  | { step: 'trials'; probe: ProbeId; trials: Trial[] }
  | { step: 'done'; run: ProbeRun }
  | { step: 'search'; publications: number }
  | { step: 'searched' }
  | { step: 'clean-up'; items: number };

/** Runs every probe that a requirement of the rulebooks asks for against the running service, and says what came of it. */
export async function assess(assessment: Assessment, tools: AssessmentTools): Promise<AssessmentRecord> {
  const { target, rulebooks } = assessment;
  const { journal, signal, now } = tools;
  const browser = openBrowser(tools.labelling.isolation);
  const { client, service } = reach(assessment, browser, tools);
  const asked = new Set(rulebooks.flatMap(({ requirements }) => requirements.map(({ id }) => id)));
  const concerned = probes.filter(({ id, reaches }) =>
    assessment.only ? assessment.only.includes(id) : Object.keys(reaches).some((requirement) => asked.has(requirement)),
  );
  const all: { probe: Probe; samples: Sample[]; lacks: string | null }[] = [];
  for (const probe of concerned) {
    const lacks = probe.lacks(target);
    all.push({ probe, lacks, samples: lacks === null ? await samplesFor(probe, assessment, tools) : [] });
  }
  tools.onProgress({ step: 'samples', count: all.reduce((sum, { samples }) => sum + samples.length, 0) });
  const runs: ProbeRun[] = [];
  const verified = new Set(
    rulebooks.flatMap(({ requirements }) => requirements.flatMap((one) => (one.verified ? [one.id] : []))),
  );
  let searched: Searched | null = null;
  try {
    for (const { probe, samples, lacks } of all) {
      const run = await runProbe(probe, { samples, lacks, service, tools, asked });
      tools.onProgress({ step: 'done', run });
      runs.push(run);
    }
    if (assessment.search)
      searched = await search(assessment.search.publications, { all, runs, service, tools, verified });
  } finally {
    await browser.close();
    if (!signal.aborted) await cleanUp(service, journal, tools);
  }
  const reaches = (probe: ProbeId) => probeOf(probe).reaches;
  const lost = searched?.lost ?? [];
  const counted = runs.map((run) => ({
    ...run,
    trials: [...run.trials, ...lost.flatMap((one) => (one.probe === run.probe ? [one.trial] : []))],
  }));
  return {
    schema: 'clearmirror.assessment/1',
    ...{ run: journal.run, startedAt: journal.startedAt, endedAt: now().toISOString() },
    ...{ service: assessment.service, function: assessment.function },
    rulebooks: rulebooks.map(({ rulebook: { id, version, shortTitle } }) => ({ id, version, shortTitle })),
    requirements: rulebooks.flatMap(({ rulebook, requirements }) =>
      requirements.map((requirement) => resultOf(rulebook.id, requirement, { runs: counted, reaches })),
    ),
    probes: runs,
    hazards: [
      ...runs.flatMap((run) => hazardsOf(run, { impact: probeOf(run.probe).impact, verified })),
      ...(searched?.hazards ?? []),
    ],
    search: searched?.report ?? { state: 'not-made' },
    samples: [...all.flatMap(({ samples }) => samples), ...(searched?.samples ?? [])].map(describeSample),
    requests: client.asked(),
    leftBehind: journal.remaining(),
    isolation: tools.labelling.isolation,
    versions: { clearmirror: tools.labelling.versions.clearmirror },
  };
}

/** Takes away what a run that was stopped had published so far. Returns how many items the service still holds. */
export async function takeAway(
  assessment: Pick<Assessment, 'target' | 'secrets'>,
  tools: Pick<AssessmentTools, 'journal' | 'signal' | 'now' | 'onAsked' | 'onProgress' | 'fetch'>,
): Promise<number> {
  // No page is looked at for that: no browser is started.
  await cleanUp(reach(assessment, openBrowser('sandboxed'), tools).service, tools.journal, tools);
  return tools.journal.remaining().length;
}

function reach(
  assessment: Pick<Assessment, 'target' | 'secrets'>,
  browser: PageBrowser,
  {
    journal,
    signal,
    now,
    onAsked,
    fetch,
    record,
    replay,
  }: Pick<AssessmentTools, 'journal' | 'signal' | 'now' | 'onAsked' | 'fetch' | 'record' | 'replay'>,
) {
  const { target } = assessment;
  const hide = maskFor(assessment.secrets);
  const onAskedOf = (asked: Asked) => onAsked({ ...asked, url: hide(asked.url) });
  const values = valuesFor(assessment, journal.run);
  const asking = replay ?? openClient(target, { signal, now, onAsked: onAskedOf, ...(fetch ? { fetch } : {}) });
  const silent = withoutSecrets(asking, values);
  // Behind the mask: a recording keeps no key that the service says back.
  const client = record ? record(silent, hide) : silent;
  const service = openService(target, {
    client,
    values,
    marks: marksFor(journal.run),
    browser,
  });
  return { client, service };
}

function valuesFor({ secrets }: Pick<Assessment, 'secrets'>, run: string): Record<string, string> {
  const named = Object.entries(secrets).map(([name, value]) => [`secret.${name}`, value]);
  return { run, ...Object.fromEntries(named) };
}

/** So that the service can tell a test from a person, and whoever reads its logs whom to ask. */
function marksFor(run: string): Record<string, string> {
  return { 'user-agent': 'Clearmirror-Assess/1', 'clearmirror-probe': run };
}

async function samplesFor(
  probe: Probe,
  { target, samples }: Assessment,
  { folder, journal, labelling, limits, signal }: AssessmentTools,
): Promise<Sample[]> {
  const own = join(folder, probe.id);
  await mkdir(own, { recursive: true });
  const begunAt = new Date(journal.startedAt);
  const shop = { folder: own, seed: `${journal.run}/${probe.id}`, prefix: probe.id, tools: labelling, limits, begunAt };
  const made = await makeSamples(probe.wants(target, samples), shop, signal);
  const derived = await probe.derive?.(made, { folder: own, offered: target.publish?.formats ?? [] });
  return [...made, ...(derived ?? [])];
}

interface ToSearch extends Omit<RunParts, 'samples' | 'lacks' | 'asked'> {
  all: readonly { probe: Probe; samples: readonly Sample[] }[];
  runs: readonly ProbeRun[];
  verified: ReadonlySet<string>;
}

async function search(budget: number, { all, runs, service, tools, verified }: ToSearch): Promise<Searched> {
  const { journal, signal, now, limits, labelling, onProgress } = tools;
  const folder = join(tools.folder, 'search');
  await mkdir(folder, { recursive: true });
  onProgress({ step: 'search', publications: budget });
  return searchHazards({
    ...{ budget, folder, verified, service, journal, signal, now },
    look: openLook({ workshop: labelling.workshop, limits, folder }),
    onStep: () => onProgress({ step: 'searched' }),
    ran: runs.map((run) => ({ run, samples: all.find(({ probe }) => probe.id === run.probe)?.samples ?? [] })),
  });
}

interface RunParts {
  samples: readonly Sample[];
  lacks: string | null;
  service: Service;
  tools: AssessmentTools;
  asked: ReadonlySet<string>;
}

async function runProbe(probe: Probe, { samples, lacks, service, tools, asked }: RunParts): Promise<ProbeRun> {
  const { journal, signal, now, folder, limits, labelling } = tools;
  const startedAt = now().toISOString();
  const requirements = Object.keys(probe.reaches).filter((id) => asked.has(id));
  const head = { probe: probe.id, requirements, startedAt };
  if (lacks !== null) {
    const reason = { code: 'not-described', params: { part: lacks } };
    return { ...head, state: 'not-run', reason, endedAt: startedAt, rates: [], trials: [] };
  }
  tools.onProgress({ step: 'probe', probe: probe.id, samples: samples.length });
  const { bench, trials } = openBench({
    ...{ probe, samples, service, journal, signal, now },
    look: openLook({ workshop: labelling.workshop, limits, folder: join(folder, probe.id) }),
    onStep: (some) => tools.onProgress({ step: 'trials', probe: probe.id, trials: some }),
  });
  await probe.run(bench);
  const seen = trials();
  const isTested = seen.some(({ outcome }) => outcome !== 'unclear');
  return {
    ...head,
    state: isTested ? 'ran' : 'not-run',
    reason: isTested ? null : { code: 'nothing-seen', params: {} },
    endedAt: now().toISOString(),
    rates: ratesOf(seen),
    trials: worstFirst(seen),
  };
}

/** Takes every sample away again. What the service keeps is told, not hidden. */
async function cleanUp(
  service: Service,
  journal: Journal,
  { onProgress }: Pick<AssessmentTools, 'onProgress'>,
): Promise<void> {
  const { remove, rooms = [] } = service.target;
  const held = journal.held();
  onProgress({ step: 'clean-up', items: remove ? held.length : 0 });
  for (const { room, item } of journal.joined()) {
    const known = rooms.find(({ name }) => name === room);
    if (known) await leaveRoom(known, item, { service, journal });
  }
  if (!remove) return;
  for (const { item, as } of held) {
    const headers = as === 'unidentified' ? (service.target.unidentified?.headers ?? {}) : {};
    try {
      const { status } = await service.ask(remove.request, { item }, { headers });
      if (isGone(status)) await journal.note({ line: 'removed', item });
    } catch (error) {
      // It stays in `leftBehind`.
      if (!(error instanceof TargetFailure)) throw error;
    }
  }
}

function describeSample({ id, treatment, format, bytes, sha256 }: Sample): AssessmentRecord['samples'][number] {
  return { id, about: treatment, format, bytes, sha256 };
}
