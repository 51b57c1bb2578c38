import type { Lang } from '../../src/contract/lang.ts';
import { changeLang } from './words.ts';

/** Before anybody is known: what was chosen on this machine, else what the browser asks for. */
export function firstLang(): Lang {
  const kept = localStorage.getItem(key) ?? navigator.language;
  return speak(kept.startsWith('zh') ? 'zh' : 'en');
}

/** Speaks a language from now on, here and at the next visit. */
export async function chooseLang(lang: Lang): Promise<void> {
  localStorage.setItem(key, lang);
  const came = await changeLang(lang).then(
    () => true,
    () => false,
  );
  // Words that do not come are told of in the frame (`api/parts.ts`); this page goes on in the language it has.
  if (came) speak(lang);
}

const key = 'clearmirror.lang';

/** Tells screen readers and fonts. */
function speak(lang: Lang): Lang {
  document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en';
  return lang;
}
