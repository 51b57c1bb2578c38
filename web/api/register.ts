import { queryOptions } from '@tanstack/react-query';
import { api, ask } from './api.ts';
import type { paths } from './schema.d.ts';

/** The register and its gates. Everything of it is kept under one key: one change may touch the list, the page and the gate. */
export const registerKey = ['register'] as const;

type Body<Path extends keyof paths, Method extends 'post' | 'put' | 'patch'> = paths[Path] extends {
  [M in Method]: { requestBody?: { content: { 'application/json': infer B } } };
}
  ? B
  : never;
type Query<Path extends keyof paths> = paths[Path] extends { get: { parameters: { query?: infer Q } } } ? Q : never;

export const companyQuery = queryOptions({
  queryKey: [...registerKey, 'company'],
  queryFn: ({ signal }) => ask(api.GET('/api/v1/company', { signal })),
});
export const putCompany = (body: Body<'/api/v1/company', 'put'>) => ask(api.PUT('/api/v1/company', { body }));

export const listServices = (query: Query<'/api/v1/services'>, signal?: AbortSignal) =>
  ask(api.GET('/api/v1/services', { params: { query }, ...(signal && { signal }) }));
export const serviceQuery = (id: string) =>
  queryOptions({
    queryKey: [...registerKey, 'service', id],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/services/{id}', { params: { path: { id } }, signal })),
  });
export const addService = (body: Body<'/api/v1/services', 'post'>) => ask(api.POST('/api/v1/services', { body }));
export const changeService = (id: string, body: Body<'/api/v1/services/{id}', 'patch'>) =>
  ask(api.PATCH('/api/v1/services/{id}', { params: { path: { id } }, body }));
export const moveService = (id: string, body: Body<'/api/v1/services/{id}/moves', 'post'>) =>
  ask(api.POST('/api/v1/services/{id}/moves', { params: { path: { id } }, body }));

/** The functions of one service, or of all: at most a hundred, which is more than a page shows. */
export const functionsQuery = (service?: string) =>
  queryOptions({
    queryKey: [...registerKey, 'functions', service ?? ''],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/functions', { params: { query: { limit: 100, ...(service && { service }) } }, signal })),
  });
export const addFunction = (id: string, body: Body<'/api/v1/services/{id}/functions', 'post'>) =>
  ask(api.POST('/api/v1/services/{id}/functions', { params: { path: { id } }, body }));
export const changeFunction = (id: string, body: Body<'/api/v1/functions/{id}', 'patch'>) =>
  ask(api.PATCH('/api/v1/functions/{id}', { params: { path: { id } }, body }));
export const moveFunction = (id: string, body: Body<'/api/v1/functions/{id}/moves', 'post'>) =>
  ask(api.POST('/api/v1/functions/{id}/moves', { params: { path: { id } }, body }));
export const versionsQuery = (id: string) =>
  queryOptions({
    queryKey: [...registerKey, 'versions', id],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/functions/{id}/versions', { params: { path: { id } }, signal })),
  });

export const figuresQuery = (id: string) =>
  queryOptions({
    queryKey: [...registerKey, 'figures', id],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/services/{id}/figures', { params: { path: { id }, query: { limit: 100 } }, signal })),
  });
export const noteFigure = (id: string, body: Body<'/api/v1/services/{id}/figures', 'post'>) =>
  ask(api.POST('/api/v1/services/{id}/figures', { params: { path: { id } }, body }));

export const happeningsQuery = (id: string) =>
  queryOptions({
    queryKey: [...registerKey, 'happenings', id],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/services/{id}/happenings', { params: { path: { id }, query: { limit: 100 } }, signal })),
  });
export const addHappening = (id: string, body: Body<'/api/v1/services/{id}/happenings', 'post'>) =>
  ask(api.POST('/api/v1/services/{id}/happenings', { params: { path: { id } }, body }));
export const settleHappening = (id: string, reason: string) =>
  ask(api.POST('/api/v1/happenings/{id}/settle', { params: { path: { id } }, body: { reason } }));

/** The gate of a service's launch and of what befell it, or of one function. */
export const gateQuery = (service: string, ofFunction?: string) =>
  queryOptions({
    queryKey: [...registerKey, 'gate', service, ofFunction ?? ''],
    queryFn: ({ signal }) =>
      ask(
        api.GET('/api/v1/gate', {
          params: { query: { service, ...(ofFunction !== undefined && { function: ofFunction }) } },
          signal,
          // Pipelines may keep an answer for some seconds; who has just recorded a filing wants the gate as it is now.
          cache: 'no-cache',
        }),
      ),
    staleTime: 20_000,
  });

/** What was done to one thing, newest first. */
export const eventsQuery = (subjectType: string, subjectId: string) =>
  queryOptions({
    queryKey: [...registerKey, 'events', subjectType, subjectId],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/events', { params: { query: { subjectType, subjectId, limit: 20 } }, signal })),
  });

export type CompanyBody = Body<'/api/v1/company', 'put'>;
