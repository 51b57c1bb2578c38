import { queryOptions } from '@tanstack/react-query';
import type { Rulebook } from '../../src/contract/rulebook.ts';
import { api, ask } from './api.ts';
import type { paths } from './schema.d.ts';

export type RulebookSummary =
  paths['/api/v1/rulebooks']['get']['responses'][200]['content']['application/json']['items'][number];

export const rulebooksQuery = queryOptions({
  queryKey: ['rulebooks'],
  queryFn: ({ signal }) => ask(api.GET('/api/v1/rulebooks', { signal })),
  staleTime: 5 * 60_000,
});

/** One rulebook, whole. The interface describes it as any object: its shape is that of `rulebooks/<id>/rulebook.yaml`. */
export const rulebookQuery = (id: string) =>
  queryOptions({
    queryKey: ['rulebooks', id],
    queryFn: async ({ signal }): Promise<Rulebook> =>
      JSON.parse(await ask(api.GET('/api/v1/rulebooks/{id}', { params: { path: { id } }, signal, parseAs: 'text' }))),
    staleTime: 5 * 60_000,
  });
