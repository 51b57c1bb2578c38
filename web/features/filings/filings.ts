import { FileDoneOutlined } from '@ant-design/icons';
import { withSentences } from '../../words/words.ts';
import type { Feature } from '../feature.ts';

export const filings: Feature = {
  pages: [
    {
      path: 'filings',
      lazy: async () => ({ Component: (await withSentences(import('./filings-page.tsx'))).FilingsPage }),
    },
    {
      path: 'filings/:id',
      lazy: async () => ({ Component: (await withSentences(import('./filing-page.tsx'))).FilingPage }),
    },
  ],
  entries: [{ to: '/filings', word: 'filings.title', icon: FileDoneOutlined, kinds: ['company'] }],
  find: () => import('./find.ts'),
};
