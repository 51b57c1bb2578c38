import type { RouteObject } from 'react-router';
import type { Feature } from '../feature.ts';
import { settingsPages } from './settings-pages.ts';

export const accounts: Feature = {
  openPages: [
    { path: 'sign-in', lazy: async () => ({ Component: (await import('./sign-in.tsx')).SignIn }) },
    { path: 'setup', lazy: async () => ({ Component: (await import('./setup.tsx')).Setup }) },
    { path: 'link', lazy: async () => ({ Component: (await import('./link.tsx')).LinkPage }) },
  ],
  pages: [
    {
      path: 'settings',
      lazy: async () => ({ Component: (await import('./settings.tsx')).Settings }),
      children: settingsPages.map(
        ({ path, load }): RouteObject => ({ path, lazy: async () => ({ Component: await load() }) }),
      ),
    },
  ],
  commands: settingsPages.map(({ path, word, also, may }) => ({
    to: `/settings/${path}`,
    word,
    also,
    ...(may && { may }),
  })),
  attention: () => import('./attention.ts'),
};
