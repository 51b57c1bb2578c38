import { readdirSync, readFileSync } from 'node:fs';
import { createInstance } from 'i18next';

/** Says a sentence by its key in one language. An unknown key comes back as it is, so that nothing is ever silent. */
export type Say = (key: string, params?: Record<string, string | number>) => string;

/** Reads every catalogue `words/*.<lang>.json` and returns the speaker for that language. */
export function speaker(lang: 'en' | 'zh'): Say {
  const i18n = createInstance();
  void i18n.init({
    lng: lang,
    resources: { [lang]: { translation: readWords(lang) } },
    // Keys are flat and contain dots; values are escaped where they are shown (terminal, HTML), not here.
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false, skipOnVariables: true },
    initAsync: false,
  });
  // A finding with a reason has a sentence for each reason: `finding.unexaminable_memory`.
  return (key, params = {}) =>
    i18n.t(key, params['reason'] === undefined ? params : { ...params, context: String(params['reason']) });
}

/** The shape that commands use: language first. */
export function say(lang: 'en' | 'zh', key: string, params: Record<string, string | number> = {}): string {
  let known = speakers.get(lang);
  if (!known) {
    known = speaker(lang);
    speakers.set(lang, known);
  }
  return known(key, params);
}

const speakers = new Map<string, Say>();

/** All sentences of one language. A key that stands in two catalogues is a mistake that a test finds. */
export function readWords(lang: 'en' | 'zh'): Record<string, string> {
  const folder = new URL('./words/', import.meta.url);
  const words: Record<string, string> = {};
  for (const name of readdirSync(folder).sort()) {
    if (name.endsWith(`.${lang}.json`)) Object.assign(words, JSON.parse(readFileSync(new URL(name, folder), 'utf8')));
  }
  return words;
}
