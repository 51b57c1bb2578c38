import type { Feature } from '../feature.ts';

export const reference: Feature = {
  pages: [
    { path: 'reference', lazy: async () => ({ Component: (await import('./reference-page.tsx')).ReferencePage }) },
  ],
  commands: [{ to: '/reference', word: 'frame.reference', also: 'api openapi reference 接口' }],
};
