import { AlertOutlined, AuditOutlined } from '@ant-design/icons';
import { withSentences } from '../../words/words.ts';
import type { Feature } from '../feature.ts';

export const assessments: Feature = {
  pages: [
    {
      path: 'assessments',
      lazy: async () => ({ Component: (await withSentences(import('./list-page.tsx'))).AssessmentsPage }),
    },
    {
      path: 'assessments/new',
      lazy: async () => ({ Component: (await withSentences(import('./begin-page.tsx'))).BeginPage }),
    },
    {
      path: 'assessments/:id',
      lazy: async () => ({ Component: (await withSentences(import('./assessment-page.tsx'))).AssessmentPage }),
    },
    {
      path: 'assessments/:id/runs/:run',
      lazy: async () => ({ Component: (await withSentences(import('./run-page.tsx'))).RunPage }),
    },
    {
      path: 'assessments/:id/report',
      lazy: async () => ({ Component: (await withSentences(import('./report-page.tsx'))).ReportPage }),
    },
    {
      path: 'hazards',
      lazy: async () => ({ Component: (await withSentences(import('./hazards-page.tsx'))).HazardsPage }),
    },
    {
      path: 'services/:service/target',
      lazy: async () => ({ Component: (await withSentences(import('./target-page.tsx'))).TargetPage }),
    },
  ],
  entries: [
    { to: '/assessments', word: 'assessments.title', icon: AuditOutlined, kinds: ['company'] },
    { to: '/hazards', word: 'assessments.hazards', icon: AlertOutlined, kinds: ['company'] },
  ],
  opens: { assessment: (id) => `/assessments/${id}` },
  topics: { assessment: 'assessments', 'assessment-run': 'assessments' },
  find: () => import('./find.ts'),
  attention: () => import('./attention.ts'),
};
