import { ScanOutlined } from '@ant-design/icons';
import { withSentences } from '../../words/words.ts';
import type { Feature } from '../feature.ts';

export const screening: Feature = {
  pages: [
    {
      path: 'screen',
      lazy: async () => ({ Component: (await withSentences(import('./drop/drop-page.tsx'))).DropPage }),
    },
    {
      path: 'screen/history',
      lazy: async () => ({ Component: (await withSentences(import('./history/history-page.tsx'))).HistoryPage }),
    },
    {
      path: 'screen/:id',
      lazy: async () => ({ Component: (await withSentences(import('./result/result-page.tsx'))).ResultPage }),
    },
  ],
  entries: [{ to: '/screen', word: 'screening.title', icon: ScanOutlined, kinds: ['company', 'authority'] }],
  commands: [
    {
      to: '/screen/history',
      word: 'screening.history.title',
      also: 'history screenings 检测记录 历史 结论',
      may: isMember,
    },
    {
      to: '/screen/history?conflicts=true',
      word: 'screening.command.conflicts',
      also: 'conflict disagree 矛盾 冲突',
      may: isMember,
    },
  ],
  find: () => import('./find.ts'),
  attention: () => import('./attention.ts'),
  // Its pages hear each step by themselves: a list of fifty is not read again for every file of a batch.
  topics: { screening: 'screening' },
};

function isMember({ organisation }: { organisation: unknown }): boolean {
  return organisation !== null;
}
