import type { ProbeRun, Rate, Trial } from '../../../contract/assessment.ts';
import type { Lang } from '../../../contract/lang.ts';
import { sayTrial } from '../../../contract/trial-words.ts';
import { say } from '../../../contract/words.ts';
import { wilsonInterval } from '../../assessments/wilson.ts';
import type { Filling } from './filling.ts';
import { type Loss, lossesOf } from './losses.ts';
import { bulleted, lineOf, momentOf, proseOf } from './markup.ts';
import { own } from './namespace.ts';
import type { Evidence, Observation, Prop } from './shapes.ts';
import { originOf, subjectOf } from './subjects.ts';
import { uuidsOf } from './uuids.ts';
import { word } from './words.ts';

/**
 * One of each probe run, with its rates, and one of each way of losing in each place, with every trial that showed it as evidence.
 * An observation of each trial would say the same some hundred times over.
 */
export function observationsOf(filling: Filling): Observation[] {
  const losses = lossesOf(filling.record);
  return filling.record.probes.flatMap((run, no) => [
    observeRun(filling, run, no),
    ...losses.filter((loss) => loss.run === no).map((loss) => observeLoss(filling, loss)),
  ]);
}

function observeRun(filling: Filling, run: ProbeRun, no: number): Observation {
  const { record, lang } = filling;
  const state = run.reason ? [say(lang, `probe.reason.${run.reason.code}`, run.reason.params)] : [];
  return {
    uuid: uuidsOf(record.run).probe(no),
    title: lineOf(say(lang, `probe.${run.probe}`)),
    description: [proseOf(...state, sayRates(run, lang)), bulleted(run.rates.map((rate) => sayRate(rate, lang)))]
      .filter(Boolean)
      .join('\n\n'),
    props: [own('probe', run.probe), own('state', run.state), ...aboutRequirements(run.requirements)],
    methods: ['TEST'],
    types: ['control-objective'],
    origins: [originOf(filling, no)],
    subjects: [subjectOf(filling)],
    'relevant-evidence': [evidenceAt(filling, probeAt(filling, no), word(lang, 'record'))],
    collected: momentOf(run.endedAt),
  };
}

function observeLoss(filling: Filling, loss: Loss): Observation {
  const { record, lang } = filling;
  const { run, no, probe, subject, code, first, trials } = loss;
  const moments = trials.map(({ trial }) => momentOf(trial.at)).sort();
  return {
    uuid: uuidsOf(record.run).loss(run, no),
    title: lineOf(`${subject}: ${sayTrial(first, lang)}`),
    description: proseOf(`${say(lang, `probe.${probe}`)} · ${subject}`, word(lang, 'lost')),
    props: [
      ...[own('probe', probe), own('subject', subject), own('code', code), own('lost', trials.length)],
      ...aboutRequirements(trials.flatMap(({ trial }) => trial.requirements)),
    ],
    methods: ['TEST'],
    types: ['finding'],
    origins: [originOf(filling, run)],
    subjects: [subjectOf(filling)],
    'relevant-evidence': trials.map(({ trial, no: at }) => ({
      ...evidenceAt(filling, `${probeAt(filling, run)}/trials/${at}`, sayLost(trial, lang)),
      props: seenOf(trial),
    })),
    // When the last of them was seen; each one's own moment is with it.
    collected: moments.at(-1) ?? momentOf(first.at),
  };
}

function sayLost(trial: Trial, lang: Lang): string {
  const where = trial.sample === null ? trial.subject : `${trial.sample} · ${trial.subject}`;
  return `${where}: ${sayTrial(trial, lang)}`;
}

/** The address stands as a property and not as a link: the service chose it, and nobody should follow it unasked. */
function seenOf({ at, sample, url, sha256 }: Trial): Prop[] {
  return [
    own('at', momentOf(at)),
    ...(sample === null ? [] : [own('sample', sample)]),
    ...(url === null ? [] : [own('url', url)]),
    ...(sha256 === null ? [] : [own('sha256', sha256)]),
  ];
}

function probeAt({ probesAt }: Filling, no: number): string {
  return probesAt?.[no] ?? `/probes/${no}`;
}

function evidenceAt({ record }: Filling, pointer: string, description: string): Evidence {
  const href = `#${uuidsOf(record.run).resource('record')}`;
  return {
    href: `assessment.json#${pointer}`,
    description: proseOf(description),
    links: [{ href, rel: 'reference', 'resource-fragment': pointer }],
  };
}

function aboutRequirements(ids: readonly string[]): Prop[] {
  return [...new Set(ids)].map((id) => own('requirement', id));
}

function sayRates({ rates }: ProbeRun, lang: Lang): string {
  const sum = (pick: 'kept' | 'tried' | 'unclear') => rates.reduce((total, rate) => total + rate[pick], 0);
  const [kept, tried, unclear] = [sum('kept'), sum('tried'), sum('unclear')];
  if (tried === 0) return `${word(lang, 'untried')}${sayUnclear(unclear, lang)}`;
  return `${word(lang, 'interval')} ${sayShare({ kept, tried, unclear, ...wilsonInterval(kept, tried) }, lang)}`;
}

function sayRate(rate: Rate, lang: Lang): string {
  return `${rate.subject}: ${sayShare(rate, lang)}`;
}

function sayShare({ kept, tried, unclear, low, high }: Omit<Rate, 'subject'>, lang: Lang): string {
  const figures = say(lang, 'cli.assess.rate', { kept, tried, low: percent(low), high: percent(high) });
  return `${figures}${sayUnclear(unclear, lang)}`;
}

function sayUnclear(count: number, lang: Lang): string {
  return count === 0 ? '' : ` · ${say(lang, 'cli.assess.unclear', { count })}`;
}

function percent(share: number): string {
  return (share * 100).toFixed(share === 0 || share === 1 ? 0 : 1);
}
