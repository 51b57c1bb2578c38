import { ReadOutlined } from '@ant-design/icons';
import { withSentences } from '../../words/words.ts';
import type { Feature } from '../feature.ts';

export const rulebooks: Feature = {
  pages: [
    {
      path: 'rulebooks',
      lazy: async () => ({ Component: (await withSentences(import('./rulebooks-page.tsx'))).RulebooksPage }),
    },
    {
      path: 'rulebooks/:id',
      lazy: async () => ({ Component: (await withSentences(import('./rulebook-page.tsx'))).RulebookPage }),
    },
  ],
  entries: [{ to: '/rulebooks', word: 'rulebooks.title', icon: ReadOutlined, kinds: ['company', 'authority'] }],
  find: () => import('./find.ts'),
};
