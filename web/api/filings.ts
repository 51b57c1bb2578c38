import { queryOptions } from '@tanstack/react-query';
import type { StoredDocument } from '../../src/contract/filings.ts';
import { api, ask, callHeaders } from './api.ts';
import { readProblem } from './problem.ts';
import { reachServer } from './reach.ts';
import { registerKey } from './register.ts';
import type { paths } from './schema.d.ts';

type Filings = paths['/api/v1/filings'];
export type FilingsQuery = NonNullable<Filings['get']['parameters']['query']>;
export type FilingBody = NonNullable<Filings['post']['requestBody']>['content']['application/json'];
export type FilingMoveBody = NonNullable<
  paths['/api/v1/filings/{id}/moves']['post']['requestBody']
>['content']['application/json'];

/** Under the key of the register: a filing opens gates. */
const filingsKey = [...registerKey, 'filings'] as const;

export const listFilings = (query: FilingsQuery, signal?: AbortSignal) =>
  ask(api.GET('/api/v1/filings', { params: { query }, ...(signal && { signal }) }));
export const filingsQuery = (query: FilingsQuery) =>
  queryOptions({
    queryKey: [...filingsKey, 'list', query],
    queryFn: ({ signal }) => listFilings(query, signal),
  });
export const filingQuery = (id: string) =>
  queryOptions({
    queryKey: [...filingsKey, 'one', id],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/filings/{id}', { params: { path: { id } }, signal })),
  });
export const recordFiling = (body: FilingBody) => ask(api.POST('/api/v1/filings', { body }));
export const moveFiling = (id: string, body: FilingMoveBody) =>
  ask(api.POST('/api/v1/filings/{id}/moves', { params: { path: { id } }, body }));

export const correctFiling = (
  id: string,
  body: NonNullable<paths['/api/v1/filings/{id}']['patch']['requestBody']>['content']['application/json'],
) => ask(api.PATCH('/api/v1/filings/{id}', { params: { path: { id } }, body }));

/** Hands in a copy of what was filed. */
export async function uploadDocument(file: File): Promise<StoredDocument> {
  const url = new URL('/api/v1/filing-documents', location.origin);
  url.searchParams.set('name', file.name);
  const response = await reachServer(
    new Request(url, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { ...callHeaders('POST'), 'content-type': file.type === '' ? 'application/octet-stream' : file.type },
      body: file,
    }),
  );
  if (!response.ok) throw await readProblem(response);
  return response.json();
}
