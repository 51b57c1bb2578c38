import type { Lang } from '../../../contract/lang.ts';
import type { ScreeningRecord, Strength } from '../../../contract/screening.ts';
import type { ModerationDecision, StatedContentType } from '../../../contract/statement-of-reasons.ts';
import { say } from '../../../contract/words.ts';

/** A screening: what the machine found, and the word that a person put above its verdict, if one did. */
export interface Screened {
  record: ScreeningRecord;
  override: Strength | null;
}

/**
 * What a screening knows of a statement of reasons: the kind of media, and what was measured. Everything else is for whoever decided:
 * that something is synthetic media, against which rule, of what category, and how they came upon it, a screening does not say. No name of
 * a file or a signer goes in: statements are published without personal data (Art. 24(5)).
 */
export function prefillOf(screened: Screened, lang: Lang): Pick<ModerationDecision, 'contentTypes' | 'facts'> {
  const { kind } = screened.record.file;
  const contentType = kind === null ? null : contentTypes[kind];
  return { ...(contentType === null ? {} : { contentTypes: [contentType] }), facts: sayFacts(screened, lang) };
}

/** A document may be text, a scan or a presentation: nobody looked. */
const contentTypes: Readonly<Record<NonNullable<ScreeningRecord['file']['kind']>, StatedContentType | null>> = {
  image: 'image',
  video: 'video',
  audio: 'audio',
  document: null,
};

function sayFacts({ record: { verdict, signals, versions }, override }: Screened, lang: Lang): string {
  const carried = signals.filter(({ id }) => verdict.because.includes(id));
  const methods = [...new Set(carried.map(({ method }) => method))].sort();
  return [
    say(lang, 'statement.facts.screened', { version: versions.clearmirror, rule: versions.verdictRule }),
    say(lang, 'statement.facts.verdict', {
      word: say(lang, `word.${verdict.word}`),
      sentence: say(lang, `verdict.${verdict.code}`),
    }),
    ...(override === null ? [] : [say(lang, 'statement.facts.override', { word: say(lang, `word.${override}`) })]),
    ...(methods.length === 0 ? [] : [say(lang, 'statement.facts.methods', { methods: methods.join(', ') })]),
  ].join('\n');
}
