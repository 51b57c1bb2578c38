import type { Lang } from '../../../contract/lang.ts';

/** How the documents are called in the folder of the record; they point to each other. */
export function fileNames(lang: Lang) {
  return {
    plan: `oscal-assessment-plan.${lang}.json`,
    results: `oscal-assessment-results.${lang}.json`,
    poam: `oscal-poam.${lang}.json`,
  };
}
