import type { Report } from './mistakes.ts';

/**
 * Every text stands in both languages, and not one language twice: Chinese holds Chinese characters unless it is a bare name or
 * number (`APP`), English holds Latin letters.
 */
export function checkTexts(value: unknown, path: (string | number)[], report: Report): void {
  if (Array.isArray(value)) {
    for (const [index, part] of value.entries()) checkTexts(part, [...path, index], report);
  } else if (typeof value === 'object' && value !== null) {
    if ('zh' in value && 'en' in value) checkPair(value.zh, value.en, path, report);
    else for (const [key, part] of Object.entries(value)) checkTexts(part, [...path, key], report);
  }
}

const bareName = /^[\p{Script=Latin}\p{N}\p{P}\p{S} ]{1,40}$/u;

function checkPair(zh: unknown, en: unknown, path: (string | number)[], report: Report): void {
  if (typeof zh === 'string' && !/\p{Script=Han}/u.test(zh) && !bareName.test(zh))
    report('not-chinese', [...path, 'zh']);
  if (typeof en === 'string' && !/[A-Za-z0-9]/.test(en)) report('not-english', [...path, 'en']);
}
