import type { AssessmentItem } from '../../../src/contract/assessments.ts';
import type { Hazard } from '../../../src/contract/hazards.ts';
import type { Lang } from '../../../src/contract/lang.ts';
import { type Say, sayNow } from '../../words/words.ts';

/** "31 of 38 settled · 2 hazards open", never a bare percentage. */
export function sayProgress(
  {
    requirements,
    settled,
    openHazards,
    running,
  }: Pick<AssessmentItem, 'requirements' | 'settled' | 'openHazards' | 'running'>,
  say: Say,
): string {
  return [
    say('assessments.progress', { settled, all: requirements }),
    ...(openHazards > 0 ? [say('assessments.progress.hazards', { count: openHazards })] : []),
    ...(running ? [say('assessments.progress.running')] : []),
  ].join(' · ');
}

/** What was seen, in a sentence. The pages have the server's catalogues under the same keys. */
export function saySeen(
  { code, params }: { code: string; params: Record<string, string | number> },
  say: Say = sayNow,
): string {
  if (code.startsWith('explicit-')) {
    const figure = params['figure'] ? ` (${params['figure']})` : '';
    return `${say(`check.${code.slice('explicit-'.length)}`)}${figure}`;
  }
  const signs = Object.fromEntries(
    ['due', 'told'].flatMap((name) => (params[name] ? [[name, say(`public-sign.${params[name]}`)]] : [])),
  );
  return say(`trial.${code}`, { ...params, ...signs });
}

/** A hazard's name: what a person wrote, or where and what a probe saw. */
export function sayHazard({ title, seen }: Pick<Hazard, 'title' | 'seen'>, say: Say): string {
  return seen ? `${seen.subject}: ${saySeen(seen, say)}` : (title ?? '');
}

export function sayStep(
  step: { code: string; params: Record<string, string | number> },
  seen: Hazard['seen'],
  say: Say,
): string {
  if (step.code.startsWith('seen.') && seen) return saySeen(seen, say);
  return say(`hazard.step.${step.code}`, step.params);
}

export function joined(some: readonly string[], lang: Lang): string {
  return some.join(lang === 'zh' ? '、' : ', ');
}
