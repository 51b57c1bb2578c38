import { Segmented, Switch } from 'antd';
import { type ReactNode, useId } from 'react';
import type { Preferences } from '../../../src/contract/accounts.ts';
import { useMe, useSetPreferences } from '../../api/me.ts';
import { type Wish, wishTheme } from '../../theme/shade.ts';
import { useNotice } from '../../ui/notice.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { chooseLang } from '../../words/choice.ts';
import { useLang, useWords } from '../../words/words.ts';

/** How the pages look to this person, on every machine. Each choice is kept at once. */
export function Appearance() {
  const say = useWords();
  const lang = useLang();
  const { preferences } = useMe();
  const set = useSetPreferences();
  const notice = useNotice();
  const change = (part: Partial<Preferences>) => set.mutate(part, { onError: notice.failed });
  return (
    <Page title={say('accounts.settings.appearance')} lead={say('accounts.appearance.lead')} width="text">
      <Section title={say('accounts.appearance.page')}>
        <div className="choices">
          <Choice title={say('accounts.appearance.lang')}>
            {(id) => (
              <Segmented
                aria-labelledby={id}
                value={lang}
                options={[
                  { value: 'zh', label: <span lang="zh-CN">中文</span> },
                  { value: 'en', label: <span lang="en">English</span> },
                ]}
                onChange={(value: 'zh' | 'en') => {
                  void chooseLang(value);
                  change({ lang: value });
                }}
              />
            )}
          </Choice>
          <Choice title={say('frame.theme')}>
            {(id) => (
              <Segmented
                aria-labelledby={id}
                value={preferences.theme}
                options={(['light', 'dark', 'system'] as const).map((value) => ({
                  value,
                  label: say(`frame.theme.${value}`),
                }))}
                onChange={(theme: Wish) => {
                  wishTheme(theme);
                  change({ theme });
                }}
              />
            )}
          </Choice>
        </div>
      </Section>
      <Section title={say('accounts.appearance.media')} lead={say('accounts.appearance.media.lead')}>
        <div className="choices">
          {(['blur', 'grey', 'muted'] as const).map((part) => (
            <Choice
              key={part}
              title={say(`accounts.appearance.${part}`)}
              about={say(`accounts.appearance.${part}.about`)}
            >
              {(id) => (
                <Switch aria-labelledby={id} checked={preferences[part]} onChange={(on) => change({ [part]: on })} />
              )}
            </Choice>
          ))}
        </div>
      </Section>
    </Page>
  );
}

function Choice({
  title,
  about,
  children,
}: {
  title: string;
  about?: string;
  children: (labelId: string) => ReactNode;
}) {
  const id = useId();
  return (
    <div className="choice-line">
      <div>
        <div id={id}>{title}</div>
        {about && <div className="quiet">{about}</div>}
      </div>
      {children(id)}
    </div>
  );
}
