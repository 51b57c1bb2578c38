import { QueryClientProvider } from '@tanstack/react-query';
import { createBrowserRouter, Outlet } from 'react-router';
import { RouterProvider } from 'react-router/dom';
import { queries } from './api/queries.ts';
import { features } from './features/features.ts';
import { Broken } from './frame/broken.tsx';
import { Theme } from './theme/theme.tsx';
import { Notices } from './ui/notice.tsx';
import { Waiting } from './ui/waiting.tsx';

/** Everything that every page stands in, and the way to each page. */
export function Application() {
  return (
    <QueryClientProvider client={queries}>
      <Theme>
        <RouterProvider router={router} />
        <Notices />
      </Theme>
    </QueryClientProvider>
  );
}

const router = createBrowserRouter([
  {
    element: <Outlet />,
    errorElement: <Broken />,
    HydrateFallback: () => <Waiting lines={1} />,
    children: [
      ...features.flatMap(({ openPages = [] }) => openPages),
      {
        lazy: async () => ({ Component: (await import('./frame/frame.tsx')).Frame }),
        children: [
          {
            errorElement: <Broken />,
            children: [
              { index: true, lazy: async () => ({ Component: (await import('./frame/home.tsx')).Home }) },
              ...features.flatMap(({ pages }) => pages),
              { path: '*', lazy: async () => ({ Component: (await import('./frame/not-found.tsx')).NotFound }) },
            ],
          },
        ],
      },
    ],
  },
]);
