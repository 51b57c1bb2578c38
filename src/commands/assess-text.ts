import { styleText } from 'node:util';
import type { AssessedRequirement, AssessmentRecord, FoundHazard, ProbeRun, Rate } from '../contract/assessment.ts';
import type { Lang } from '../contract/lang.ts';
import { sayTrial } from '../contract/trial-words.ts';
import { say } from '../contract/words.ts';
import { oneLine } from '../platform/one-line.ts';

/** What a person reads in the terminal after a run: probe by probe, then what is unsafe, then what is still open. */
export function describeAssessment(
  record: AssessmentRecord,
  { out, files, lang }: { out: string; files: readonly string[]; lang: Lang },
): string {
  const { service, rulebooks, probes, hazards, requirements } = record;
  const name = [service.name, record.function?.name].flatMap((one) =>
    one ? [one[lang] ?? one.zh ?? one.en ?? ''] : [],
  );
  const lines = [
    `${styleText('bold', oneLine(name.join(' · ')))}  ${styleText('gray', rulebooks.map(({ shortTitle }) => shortTitle[lang]).join(', '))}`,
    '',
    ...probes.flatMap((run) => describeProbe(run, lang)),
    ...(hazards.length === 0
      ? []
      : ['', styleText('bold', say(lang, 'cli.assess.hazards', { count: hazards.length }))]),
    ...hazards.flatMap((hazard) => describeHazard(hazard, lang)),
    '',
    styleText('bold', say(lang, 'cli.assess.requirements')),
    ...requirements.filter(({ result }) => result !== 'open').map((one) => describeRequirement(one, lang)),
    ...describeOpen(requirements, lang),
    '',
    sayTotals(record, lang),
    ...(record.leftBehind.length === 0
      ? []
      : [say(lang, 'cli.assess.left-behind', { count: record.leftBehind.length })]),
    ...(files.length === 0 ? [] : [say(lang, 'cli.assess.reports', { files: files.join(', ') })]),
    styleText('gray', say(lang, 'cli.assess.written', { out })),
  ];
  return `${lines.join('\n')}\n`;
}

const glyphs = {
  conforms: ['✓', 'green'],
  fails: ['✗', 'red'],
  open: ['○', 'yellow'],
  'not-applicable': ['–', 'gray'],
} as const;

function glyphOf(state: keyof typeof glyphs): string {
  const [glyph, colour] = glyphs[state];
  return styleText(colour, glyph);
}

function describeProbe({ probe, state, reason, rates, trials }: ProbeRun, lang: Lang): string[] {
  const title = say(lang, `probe.${probe}`);
  if (state === 'not-run') {
    const why = reason ? say(lang, `probe.reason.${reason.code}`, reason.params) : '';
    const [first] = trials;
    return [
      `  ${glyphOf('open')} ${title}  ${oneLine(why)}`,
      ...(first ? [`      ${oneLine(sayTrial(first, lang))}`] : []),
    ];
  }
  const isClean = rates.every(({ kept, tried }) => kept === tried);
  const isClear = rates.every(({ unclear }) => unclear === 0);
  const kept = rates.reduce((sum, rate) => sum + rate.kept, 0);
  const tried = rates.reduce((sum, rate) => sum + rate.tried, 0);
  const head = `  ${glyphOf(isClean ? (isClear ? 'conforms' : 'open') : 'fails')} ${title}  ${styleText('gray', say(lang, 'cli.assess.kept', { kept, tried }))}`;
  const worth = rates.filter((rate) => rate.kept < rate.tried || rate.unclear > 0);
  return [head, ...worth.map((rate) => describeRate(rate, lang))];
}

function describeRate({ subject, kept, tried, unclear, low, high }: Rate, lang: Lang): string {
  const percent = (share: number) => (share * 100).toFixed(share === 0 || share === 1 ? 0 : 1);
  const figures = say(lang, 'cli.assess.rate', { kept, tried, low: percent(low), high: percent(high) });
  const rest = unclear === 0 ? '' : `  ${say(lang, 'cli.assess.unclear', { count: unclear })}`;
  return `      ${oneLine(subject).padEnd(24)} ${tried === 0 ? '' : figures}${rest}`.trimEnd();
}

const severityColours = { critical: 'red', high: 'red', moderate: 'yellow', low: 'gray' } as const;

function describeHazard(hazard: FoundHazard, lang: Lang): string[] {
  const { severity, verified, subject, lost, tried, reproduce, requirements, code } = hazard;
  const seen = reproduce.find((step) => step.code === `seen.${code}`);
  const what = sayTrial({ code, params: seen?.params ?? {} }, lang);
  // A rule that nobody has read accuses nobody.
  const mark = verified
    ? styleText(severityColours[severity], `◆ ${say(lang, `severity.${severity}`)}`)
    : styleText('yellow', `△ ${say(lang, 'cli.assess.warning')}`);
  const where = reproduce.flatMap((step) => (step.code === 'publish' ? [String(step.params['sample'])] : []));
  return [
    `  ${mark}  ${oneLine(subject)}: ${oneLine(what)}`,
    `      ${styleText('gray', oneLine([say(lang, 'cli.assess.lost', { lost, tried }), requirements.join(' '), ...where].filter(Boolean).join(' · ')))}`,
  ];
}

function describeRequirement({ id, result, title, reason }: AssessedRequirement, lang: Lang): string {
  const why = styleText('gray', say(lang, `requirement-reason.${reason.code}`, reason.params));
  return `  ${glyphOf(result)} ${id.padEnd(11)} ${title[lang]}  ${why}`;
}

/** What a machine could not settle, by why. */
function describeOpen(requirements: readonly AssessedRequirement[], lang: Lang): string[] {
  const open = requirements.filter(({ result }) => result === 'open');
  return [...Map.groupBy(open, ({ reason }) => reason.code)].map(([code, some]) => {
    const why = say(lang, `requirement-reason.${code}`, { kept: '', lost: '', unclear: '', tried: '' });
    return `  ${glyphOf('open')} ${why}: ${some.map(({ id }) => id).join(' ')}`;
  });
}

function sayTotals({ requirements, hazards, requests, samples }: AssessmentRecord, lang: Lang): string {
  const settled = requirements.filter(({ result }) => result !== 'open').length;
  const counts = { settled, all: requirements.length, hazards: hazards.length };
  return `${say(lang, 'cli.assess.totals', counts)}  ${styleText('gray', say(lang, 'cli.assess.spent', { requests, samples: samples.length }))}`;
}
