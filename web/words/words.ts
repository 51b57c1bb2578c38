import i18next, { type i18n } from 'i18next';
import { useMemo } from 'react';
import { initReactI18next, useTranslation } from 'react-i18next';
import type { Lang } from '../../src/contract/lang.ts';
import { type Catalogue, loadSentences, loadWords } from './catalogues.ts';

/** Says a sentence by its key in the language of the page. */
export type Say = (key: string, params?: Record<string, string | number>) => string;

export const words: i18n = i18next.createInstance();

/** Brings the words of one language and starts speaking it. */
export async function startWords(lang: Lang): Promise<void> {
  const catalogue = await loadWords(lang);
  await words.use(initReactI18next).init({
    lng: lang,
    resources: { [lang]: { translation: catalogue } },
    // Keys are flat and contain dots, as in src/contract/words. React escapes.
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false, skipOnVariables: true },
    returnNull: false,
  });
  started.resolve();
}

export async function changeLang(lang: Lang): Promise<void> {
  if (!words.hasResourceBundle(lang, 'translation')) add(lang, await loadWords(lang));
  if (sentencesWanted) await bringSentences(lang);
  await words.changeLanguage(lang);
}

/**
 * Brings the sentences that server, command line and pages share (`src/contract/words`): findings, checks, verdicts.
 * A route that shows such codes waits for it in its `lazy`. They are not part of the first load.
 */
export async function withSentences<T>(page: Promise<T>): Promise<T> {
  sentencesWanted = true;
  // The first route is asked for before the words are there.
  const [shown] = await Promise.all([page, started.promise.then(() => bringSentences(currentLang()))]);
  return shown;
}

export function currentLang(): Lang {
  return words.language === 'zh' ? 'zh' : 'en';
}

/** In a component: `const say = useWords()`, then `say('accounts.sign-in.title')`. */
export function useWords(): Say {
  const { t } = useTranslation(undefined, { i18n: words });
  return useMemo(() => (key, params) => (params === undefined ? t(key) : t(key, params)), [t]);
}

/** Outside of components: the same, in the language of this moment. */
export const sayNow: Say = (key, params) => (params === undefined ? words.t(key) : words.t(key, params));

export function useLang(): Lang {
  const { i18n: spoken } = useTranslation(undefined, { i18n: words });
  return spoken.language === 'zh' ? 'zh' : 'en';
}

const started = Promise.withResolvers<void>();
let sentencesWanted = false;
const withShared = new Set<Lang>();

async function bringSentences(lang: Lang): Promise<void> {
  if (withShared.has(lang)) return;
  add(lang, await loadSentences(lang));
  withShared.add(lang);
}

function add(lang: Lang, catalogue: Catalogue): void {
  words.addResourceBundle(lang, 'translation', catalogue, false, true);
}
