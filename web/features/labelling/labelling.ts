import { TagsOutlined } from '@ant-design/icons';
import { withSentences } from '../../words/words.ts';
import type { Feature } from '../feature.ts';

export const labelling: Feature = {
  pages: [
    {
      path: 'label',
      lazy: async () => ({ Component: (await withSentences(import('./label-page.tsx'))).LabelPage }),
    },
    {
      path: 'label/settings',
      lazy: async () => ({ Component: (await withSentences(import('./settings-page.tsx'))).SettingsPage }),
    },
    {
      path: 'label/:id',
      lazy: async () => ({ Component: (await withSentences(import('./result-page.tsx'))).ResultPage }),
    },
  ],
  entries: [{ to: '/label', word: 'labelling.title', icon: TagsOutlined, kinds: ['company', 'authority'] }],
  commands: [
    {
      to: '/label/settings',
      word: 'labelling.settings.title',
      also: 'label settings provider code 标识设置 服务提供者编码',
      may: ({ organisation }) => organisation !== null,
    },
  ],
  opens: { labelling: (id) => `/label/${id}`, 'label-settings': () => '/label/settings' },
  find: () => import('./find.ts'),
  // Its pages hear each step by themselves; `label-settings` changes rarely.
  topics: { labelling: 'labelling', 'label-settings': 'label-settings' },
};
