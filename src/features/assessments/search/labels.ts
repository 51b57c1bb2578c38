import { readFile } from 'node:fs/promises';
import type { ProbeId, Trial } from '../../../contract/assessment.ts';
import type { Attempt } from '../../../engine/assessments/search.ts';
import { judgeRendition } from '../probes/labels-survive/judge.ts';
import type { ProbeBench, Seeing } from '../probes/probe.ts';
import { onePerKind } from '../probes/reupload-recognised/probe.ts';
import { copySample, nameOf } from '../samples/copies.ts';
import type { Edit } from '../samples/edits.ts';
import type { Sample } from '../samples/sample.ts';
import { type Told, toldOf } from '../told.ts';
import { type Attempted, attemptOf, type Hunting, impossible, type Ran, ranIn } from './chase.ts';

/**
 * Of a labelled sample that is edited before it is published. `stripped`: the edit took the label out of the file, and the public is told nothing;
 * nobody but the uploader did that, and no rule asks the service to see it. `sign-missing`, `label-lost`: the label was in the file that the
 * service was given, and the public is told nothing, or a rendition goes without.
 */
export const labelCodes = {
  stripped: 'search-label-stripped',
  sign: 'search-sign-missing',
  label: 'search-label-lost',
} as const;

/** One for the first format of each kind. */
export function labelHunts(ran: readonly Ran[]): Hunting[] {
  const [survive, sign] = [ranIn(ran, 'labels-survive'), ranIn(ran, 'public-sign')];
  const samples = [...(survive?.samples ?? []), ...(sign?.samples ?? [])].filter((one) => one.treatment === 'labelled');
  return onePerKind([...new Set(samples.map(({ format }) => format))]).flatMap((format) => {
    const sample = samples.find((one) => one.format === format);
    if (!sample) return [];
    const hunting = huntFor(sample, { survive, sign });
    return hunting.sought.length === 0 ? [] : [hunting];
  });
}

function huntFor(sample: Sample, { survive, sign }: { survive: Ran | null; sign: Ran | null }): Hunting {
  // What fails without any edit needs no search.
  const isLost = (ran: Ran | null, subject: (text: string) => boolean) =>
    ran?.run.trials.some((trial) => trial.outcome === 'lost' && subject(trial.subject)) ?? false;
  const labelFails = isLost(survive, (text) => text.startsWith(`${sample.kind}/`) && !text.endsWith('/propagation'));
  const signFails = isLost(sign, (text) => text.endsWith('/labelled'));
  const sought = [
    ...(sign && !signFails ? [labelCodes.stripped, labelCodes.sign] : []),
    ...(survive && !labelFails ? [labelCodes.label] : []),
  ];
  const probes: ProbeId[] = [
    ...(survive ? ['labels-survive' as const] : []),
    ...(sign ? ['public-sign' as const] : []),
  ];
  const [first = 'labels-survive', ...others] = probes;
  return {
    probes: [first, ...others],
    subject: `${sample.kind}/${sample.format}`,
    sample,
    sought,
    probeFor: (code) => (code === labelCodes.label ? 'labels-survive' : 'public-sign'),
    known: [],
    before: [{ code: 'take', params: { sample: sample.id } }],
    seenBefore: () => null,
    attempt: (bench, chain, folder) => publishEdited(bench, sample, chain, { folder, sought }),
  };
}

async function publishEdited(
  bench: ProbeBench,
  sample: Sample,
  chain: readonly Edit[],
  { folder, sought }: { folder: string; sought: readonly string[] },
): Promise<Attempted> {
  const { publish } = bench.service.target;
  const copy = await copySample(sample, chain, { folder, offered: publish?.formats ?? [] });
  if (!copy) return impossible;
  const subject = `${sample.kind}/${sample.format}`;
  const params = { edit: `${sample.kind}.${nameOf(chain)}` };
  const seen = await bench.unit(`search/${copy.id}`, { sample: copy, subject }, async () => {
    const about = { subject, requirements: ['CNLB-4'], params };
    const sent = await bench.look(await readFile(copy.path), { explicit: false });
    if (sent.state !== 'examined')
      return [{ ...about, outcome: 'unclear', code: unsent, params: { ...params, reason: sent.reason } }];
    const carries = sent.labels.some(({ fields }) => fields?.ProduceID === sample.produceId);
    const published = await bench.publish(copy);
    const seeings: Seeing[] = [];
    if (sought.includes(labelCodes.sign)) {
      // Only what still carried the label was edited further: the last edit took it.
      const last = `${sample.kind}.${chain.at(-1)?.id ?? ''}`;
      const sign = judgeSigns(await toldOf(published, bench.service), { carries, last });
      seeings.push({ ...about, ...sign, params: { ...params, ...sign.params } });
    }
    if (sought.includes(labelCodes.label) && carries)
      seeings.push(...(await lookAtRenditions(bench, copy, published.renditions, about)));
    if (seeings.length === 0) seeings.push({ ...about, outcome: 'kept', code: 'search-held-stripped' });
    return seeings;
  });
  const attempt = attemptAt(seen, sought);
  if (seen.some(isUnsent)) return { attempt: { ...attempt, published: false }, copy: null, seen };
  return { attempt, copy, seen };
}

/** Our own copy, which could not be read: nobody knows whether the label is in it, and it is not published. */
const unsent = 'unexaminable';

function isUnsent({ code, params }: Pick<Trial, 'code' | 'params'>): boolean {
  return code === unsent && params['rendition'] === undefined;
}

/** What is told of a copy, with the label in it or without. Silence anywhere is lost; a place that nobody could read is not kept. */
export function judgeSigns(
  told: readonly Told[],
  { carries, last }: { carries: boolean; last: string },
): Pick<Seeing, 'outcome' | 'code'> & Partial<Pick<Seeing, 'requirements' | 'params' | 'url'>> {
  const failure = carries ? labelCodes.sign : labelCodes.stripped;
  const silent = told.find((one) => one.told === 'none');
  const from = silent?.url ? { url: silent.url } : {};
  if (silent && carries) return { ...from, outcome: 'lost', code: failure };
  if (silent) return { ...from, requirements: ['CNLB-6'], outcome: 'lost', code: failure, params: { edit: last } };
  const unread = told.find((one) => one.told === null);
  if (unread || told.length === 0)
    return { outcome: 'unclear', code: 'page-unread', params: { status: unread?.status ?? 0, failure } };
  return { outcome: 'kept', code: carries ? 'search-held' : 'search-held-stripped' };
}

/** What was seen of one chain, for each way of failing that is sought. */
export function attemptAt(
  seen: readonly Pick<Trial, 'outcome' | 'code' | 'params'>[],
  sought: readonly string[],
): Attempt {
  return attemptOf(seen, {
    sought,
    leftOpen: ({ params: { failure, rendition } }) => {
      if (rendition !== undefined) return [labelCodes.label];
      return failure === undefined ? sought : [String(failure)];
    },
    // Without the label nothing is left to lose.
    grows: ({ code, params }) => !code.includes('stripped') && params['failure'] !== labelCodes.stripped,
  });
}

/** Of each rendition that goes without the label that was sent; else that it is in all of them. */
async function lookAtRenditions(
  bench: ProbeBench,
  sent: Sample,
  renditions: readonly { name: string; url: string }[],
  about: Pick<Seeing, 'subject' | 'requirements' | 'params'>,
): Promise<Seeing[]> {
  const seeings: Seeing[] = [];
  for (const { name, url } of renditions) {
    const { bytes } = await bench.service.get(url, maxRenditionBytes);
    const [label] = judgeRendition(sent, name, await bench.look(bytes, { explicit: false }));
    if (!label) continue;
    const { requirements, outcome } = label;
    const code = outcome === 'lost' ? labelCodes.label : outcome === 'kept' ? 'search-held' : label.code;
    seeings.push({
      ...about,
      requirements,
      outcome,
      code,
      url,
      params: { ...about.params, ...label.params, rendition: name },
    });
  }
  return seeings;
}

const maxRenditionBytes = 64 * 1024 * 1024;
