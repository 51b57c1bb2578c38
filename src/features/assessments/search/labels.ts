import { readFile } from 'node:fs/promises';
import type { ProbeId } from '../../../contract/assessment.ts';
import { judgeRendition } from '../probes/labels-survive/judge.ts';
import type { ProbeBench, Seeing } from '../probes/probe.ts';
import { onePerKind } from '../probes/reupload-recognised/probe.ts';
import { copySample, nameOf } from '../samples/copies.ts';
import type { Edit } from '../samples/edits.ts';
import type { Sample } from '../samples/sample.ts';
import { toldOf } from '../told.ts';
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
  const probes: ProbeId[] = [
    ...(survive ? ['labels-survive' as const] : []),
    ...(sign ? ['public-sign' as const] : []),
  ];
  const [first = 'labels-survive', ...others] = probes;
  return {
    probes: [first, ...others],
    subject: `${sample.kind}/${sample.format}`,
    sample,
    sought: [
      ...(sign && !signFails ? [labelCodes.stripped, labelCodes.sign] : []),
      ...(survive && !labelFails ? [labelCodes.label] : []),
    ],
    probeFor: (code) => (code === labelCodes.label ? 'labels-survive' : 'public-sign'),
    known: [],
    before: [{ code: 'take', params: { sample: sample.id } }],
    seenBefore: () => null,
    attempt: (bench, chain, folder) =>
      publishEdited(bench, sample, chain, { folder, survive: survive !== null, sign: sign !== null }),
  };
}

async function publishEdited(
  bench: ProbeBench,
  sample: Sample,
  chain: readonly Edit[],
  { folder, survive, sign }: { folder: string; survive: boolean; sign: boolean },
): Promise<Attempted> {
  const { publish } = bench.service.target;
  const copy = await copySample(sample, chain, { folder, offered: publish?.formats ?? [] });
  if (!copy) return impossible;
  const subject = `${sample.kind}/${sample.format}`;
  const params = { edit: `${sample.kind}.${nameOf(chain)}` };
  const seen = await bench.unit(`search/${copy.id}`, { sample: copy, subject }, async () => {
    const sent = await bench.look(await readFile(copy.path), { explicit: false });
    const carries =
      sent.state === 'examined' && sent.labels.some(({ fields }) => fields?.ProduceID === sample.produceId);
    const published = await bench.publish(copy);
    const about = { subject, requirements: ['CNLB-4'], params };
    const seeings: Seeing[] = [];
    if (sign) {
      const told = (await toldOf(published, bench.service)).flatMap((one) => (one.told === null ? [] : [one]));
      const silent = told.find((one) => one.told === 'none');
      const from = silent?.url ? { url: silent.url } : {};
      if (told.length === 0)
        seeings.push({ ...about, outcome: 'unclear', code: 'page-unread', params: { ...params, status: 0 } });
      else if (!silent)
        seeings.push({ ...about, outcome: 'kept', code: carries ? 'search-held' : 'search-held-stripped' });
      else if (carries) seeings.push({ ...about, ...from, outcome: 'lost', code: labelCodes.sign });
      else {
        // Only what still carried the label was edited further: the last edit took it.
        const edit = `${sample.kind}.${chain.at(-1)?.id ?? ''}`;
        seeings.push({
          ...about,
          ...from,
          requirements: ['CNLB-6'],
          outcome: 'lost',
          code: labelCodes.stripped,
          params: { edit },
        });
      }
    }
    if (survive && carries) seeings.push(...(await lookAtRenditions(bench, copy, published.renditions, about)));
    if (seeings.length === 0) seeings.push({ ...about, outcome: 'kept', code: 'search-held-stripped' });
    return seeings;
  });
  return { attempt: attemptOf(seen, ({ code }) => !code.includes('stripped')), copy, seen };
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
