import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue } from 'react';
import { useNavigate } from 'react-router';
import { type SignedIn, useSetPreferences } from '../api/me.ts';
import { features } from '../features/features.ts';
import { useShade, wishTheme } from '../theme/shade.ts';
import { chooseLang } from '../words/choice.ts';
import { useLang, useWords } from '../words/words.ts';
import { useLeave } from './leave.ts';
import { openTour } from './tour-door.tsx';
import { visibleEntries } from './visible.ts';

export interface Choice {
  id: string;
  title: string;
  about: string;
  /** Other words that find it. */
  also: string;
  act: () => void;
}

/** Pages and actions that match what was typed. */
export function useOwnChoices(me: SignedIn, query: string): Choice[] {
  const say = useWords();
  const navigate = useNavigate();
  const go = (to: string) => () => void navigate(to);
  const page = say('frame.palette.page');
  const pages = visibleEntries(me).map(({ to, word }) => ({
    id: to,
    title: say(word),
    about: page,
    also: to,
    act: go(to),
  }));
  const commands = features
    .flatMap(({ commands = [] }) => commands)
    .filter(({ may }) => may === undefined || may(me))
    .map(({ word, to, also = '' }) => ({ id: to, title: say(word), about: page, also: `${also} ${to}`, act: go(to) }));
  return [...pages, ...commands, ...useActions()].filter((choice) => matches(choice, query)).slice(0, 40);
}

/** What the features find by name. Waits until the typing pauses. */
export function useFound(query: string): { choices: Choice[]; looking: boolean } {
  const lang = useLang();
  const navigate = useNavigate();
  const asked = useDeferredValue(query.trim());
  const { data, isFetching } = useQuery({
    queryKey: ['palette', asked, lang],
    queryFn: async ({ signal }) => {
      await pause(180, signal);
      const sources = features.flatMap(({ find }) => (find ? [find] : []));
      const told = await Promise.allSettled(sources.map(async (load) => (await load()).find(asked, signal)));
      return told.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    },
    enabled: asked.length > 0 && features.some(({ find }) => find !== undefined),
    placeholderData: keepPreviousData,
  });
  const choices = asked === '' ? [] : (data ?? []);
  return {
    choices: choices.map(({ id, title, about = '', to }) => ({
      id,
      title,
      about,
      also: '',
      act: () => void navigate(to),
    })),
    looking: isFetching,
  };
}

function useActions(): Choice[] {
  const say = useWords();
  const lang = useLang();
  const shade = useShade();
  const remember = useSetPreferences();
  const leave = useLeave();
  const about = say('frame.palette.action');
  const other = lang === 'zh' ? 'en' : 'zh';
  const theme = shade === 'dark' ? 'light' : 'dark';
  return [
    {
      id: 'lang',
      title: other === 'zh' ? '切换到中文' : 'Switch to English',
      about,
      also: 'language 语言 chinese 中文 english',
      act: () => {
        void chooseLang(other);
        remember.mutate({ lang: other });
      },
    },
    {
      id: 'theme',
      title: say(`frame.palette.theme.${theme}`),
      about,
      also: 'theme 主题 dark light 深色 浅色',
      act: () => {
        wishTheme(theme);
        remember.mutate({ theme });
      },
    },
    { id: 'tour', title: say('frame.account.tour'), about, also: 'tour help 导览 帮助', act: openTour },
    {
      id: 'leave',
      title: say('frame.account.leave'),
      about,
      also: 'log out sign out logout 退出',
      act: () => void leave(),
    },
  ];
}

/** Every typed word begins or stands inside the title or the other words. */
function matches({ title, also }: Choice, query: string): boolean {
  const text = `${title} ${also}`.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, durationMs);
  signal.addEventListener('abort', () => {
    clearTimeout(timer);
    reject(signal.reason);
  });
  return promise;
}
