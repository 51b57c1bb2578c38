import type { AssessmentRecord, Trial } from './assessment.ts';
import type { Lang } from './lang.ts';
import { say } from './words.ts';

/** One sentence on what was seen. */
export function sayTrial({ code, params }: Pick<Trial, 'code' | 'params'>, lang: Lang): string {
  if (code.startsWith('explicit-')) {
    const figure = params['figure'] ? ` (${params['figure']})` : '';
    return `${say(lang, `check.${code.slice('explicit-'.length)}`)}${figure}`;
  }
  const signs = Object.fromEntries(
    ['due', 'told'].flatMap((name) => (params[name] ? [[name, say(lang, `public-sign.${params[name]}`)]] : [])),
  );
  const edit = params['edit'] === undefined ? {} : { edit: sayEdits(String(params['edit']), lang) };
  return say(lang, `trial.${code}`, { ...params, ...signs, ...edit });
}

/** `image.crop+mirror`, in words. */
function sayEdits(edits: string, lang: Lang): string {
  const [kind = '', chain = ''] = edits.split('.');
  return chain
    .split('+')
    .map((one) => say(lang, `hazard.step.edit.${kind}.${one}`))
    .join(lang === 'zh' ? '；' : '; ');
}

/** What a search for hazards came to, a line each; that none was made is said too. */
export function saySearch({ search }: Pick<AssessmentRecord, 'search'>, lang: Lang): string {
  if (search?.state !== 'made') return `${say(lang, 'cli.assess.search-not-made')}\n`;
  const { publications, budget, searches } = search;
  const lines = searches.map(({ probes, subject, outcome, length, hazards }) => {
    const titles = probes.map((probe) => say(lang, `probe.${probe}`)).join(' · ');
    return say(lang, `cli.assess.search.${outcome}`, {
      subject: `${titles}, ${subject}`,
      length,
      hazards: hazards.length,
    });
  });
  return `${[say(lang, 'cli.assess.search-made', { publications, budget }), ...lines.map((line) => `  ${line}`)].join('\n')}\n`;
}
