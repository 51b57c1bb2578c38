import { QuestionCircleOutlined } from '@ant-design/icons';
import { withSentences } from '../../words/words.ts';
import type { Feature } from '../feature.ts';

const load = async () => ({ Component: (await withSentences(import('./plan-page.tsx'))).PlanPage });

export const question: Feature = {
  pages: [
    { path: 'plan', lazy: load },
    { path: 'services/:service/plan', lazy: load },
  ],
  // A company comes here from its services; an authority has none.
  entries: [{ to: '/plan', word: 'question.entry', icon: QuestionCircleOutlined, kinds: ['authority'] }],
  commands: [
    {
      to: '/plan',
      word: 'question.command',
      also: 'plan launch question wizard assess 上线 评估 提问 新功能',
      may: ({ organisation }) => organisation?.kind === 'company',
    },
  ],
};
