import { useSetPreferences } from '../api/me.ts';
import '../ui/menu.css';
import { chooseLang } from '../words/choice.ts';
import { useLang } from '../words/words.ts';

/** The other language, by its own name. */
export function LangSwitch({ signedIn = false }: { signedIn?: boolean }) {
  const lang = useLang();
  const remember = useSetPreferences();
  const other = lang === 'zh' ? 'en' : 'zh';
  const change = () => {
    void chooseLang(other);
    if (signedIn) remember.mutate({ lang: other });
  };
  return (
    <button type="button" className="quiet-button" onClick={change} lang={other === 'zh' ? 'zh-CN' : 'en'}>
      {other === 'zh' ? '中文' : 'English'}
    </button>
  );
}
