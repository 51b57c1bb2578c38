import type { Lang } from '../../../contract/lang.ts';
import type { FilledForm, FormField, ResultCode } from './form.ts';
import { type Line, line, type Tone } from './sheet.ts';
import { marks, resultWords, say } from './words.ts';

const shapes: Readonly<Record<ResultCode, { shape: string; tone: Tone }>> = {
  conforms: { shape: '●', tone: 'conforms' },
  fails: { shape: '◆', tone: 'fails' },
  'not-applicable': { shape: '–', tone: 'quiet' },
  open: { shape: '○', tone: 'warns' },
};

export function resultShape(code: ResultCode): { shape: string; tone: Tone } {
  return shapes[code];
}

/** A result as a shape and a word: colour alone would not survive a copier. */
export function resultLine(lang: Lang, code: ResultCode, before = ''): Line {
  const { shape, tone } = shapes[code];
  return line(`${before}${shape} ${resultWords[code][lang]}`, tone);
}

/** What was found on the requirement that a field is about, below its answer. */
export function findingLines({ lang, results }: FilledForm, field: FormField): Line[] {
  if (field.about === undefined) return [];
  const found = results.filter(({ requirement }) => requirement.id === field.about);
  const [open, close] = marks[lang].aside;
  const name = say(lang, 'finding');
  if (found.length === 0) return [line(`${name}${marks[lang].is}${say(lang, 'no-finding')}`, 'quiet')];
  return found.flatMap(({ requirement, result, evidence }) => {
    const numbers = numberList(lang, evidence);
    const told = resultLine(lang, result, `${name}${open}${requirement.clause[lang]}${close}${marks[lang].is}`);
    if (evidence.length === 0) return [told];
    return [
      told,
      line(`${say(lang, 'evidence')}${marks[lang].is}${numbers}${open}${say(lang, 'see-annex')}${close}`, 'quiet'),
    ];
  });
}

export function numberList(lang: Lang, numbers: readonly number[]): string {
  return numbers.length === 0 ? say(lang, 'nothing') : numbers.join(marks[lang].and);
}
