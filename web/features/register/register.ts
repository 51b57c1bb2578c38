import { AppstoreOutlined } from '@ant-design/icons';
import type { Me } from '../../../src/contract/accounts.ts';
import { registerKey } from '../../api/register.ts';
import { withSentences } from '../../words/words.ts';
import type { Feature } from '../feature.ts';

const ofCompany = ({ organisation }: Me) => organisation?.kind === 'company';

export const register: Feature = {
  pages: [
    {
      path: 'services',
      lazy: async () => ({ Component: (await withSentences(import('./services-page.tsx'))).ServicesPage }),
    },
    {
      path: 'services/:service',
      lazy: async () => ({ Component: (await withSentences(import('./service-page.tsx'))).ServicePage }),
    },
    {
      path: 'company',
      lazy: async () => ({ Component: (await withSentences(import('./company-page.tsx'))).CompanyPage }),
    },
  ],
  entries: [{ to: '/services', word: 'register.title', icon: AppstoreOutlined, kinds: ['company'] }],
  commands: [
    { to: '/services?add', word: 'register.add', also: 'add new service app site 新增 服务', may: ofCompany },
    { to: '/company', word: 'register.company', also: 'uscc company profile 统一社会信用代码 主体', may: ofCompany },
  ],
  topics: Object.fromEntries(
    ['company', 'service', 'function', 'happening', 'filing'].map((topic) => [topic, registerKey[0]]),
  ),
  find: () => import('./find.ts'),
  attention: () => import('./attention.ts'),
};
