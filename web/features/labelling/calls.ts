import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type {
  LabellingDetail,
  LabellingItem,
  LabelSettings,
  labellingStates,
  newLabellingSchema,
  newLabelSettingsSchema,
} from '../../../src/contract/labellings.ts';
import { actingFor } from '../../api/acting-for.ts';
import { api, ask, callHeaders } from '../../api/api.ts';
import { readProblem } from '../../api/problem.ts';
import { reachServer } from '../../api/reach.ts';

/** What the pages ask of the server about labellings. Documented in docs/workflows/labelling.md. */
export type NewLabelling = z.input<typeof newLabellingSchema>;
export type Plan = NonNullable<NewLabelling['plan']>;
export type NewSettings = z.input<typeof newLabelSettingsSchema>;

export interface Filters {
  state: (typeof labellingStates)[number][];
  text: string;
}

export function listLabellings(
  { state, text }: Filters,
  page: { after?: string | undefined; limit: number },
): Promise<{ items: LabellingItem[]; next: string | null }> {
  const query = { ...page, ...(state.length > 0 && { state }), ...(text !== '' && { text }) };
  return ask(api.GET('/api/v1/labellings', { params: { query } }));
}

export async function readLabelling(id: string): Promise<LabellingDetail> {
  // Its record holds open values whose generated type is poorer than the contract's.
  const response = await reachServer(new Request(`/api/v1/labellings/${id}`, { headers: callHeaders('GET') }));
  if (!response.ok) throw await readProblem(response);
  return await response.json();
}

/** For an upload: the organisation it went to, whichever this tab acts for by now; and a key, so that asking again after a lost answer makes no second one. */
export async function labelFile(body: NewLabelling, on?: { organisation: string; key: string }): Promise<string> {
  const headers = on ? { 'idempotency-key': on.key, 'clearmirror-organisation': on.organisation } : {};
  const { id } = await ask(api.POST('/api/v1/labellings', { body, headers }));
  return id;
}

export function retryLabelling(id: string): Promise<unknown> {
  return ask(api.POST('/api/v1/labellings/{id}/retry', { params: { path: { id } } }));
}

export function screenLabelled(id: string): Promise<{ screening: string }> {
  return ask(api.POST('/api/v1/labellings/{id}/screening', { params: { path: { id } } }));
}

export function removeFiles(id: string, reason: string): Promise<unknown> {
  return ask(api.DELETE('/api/v1/labellings/{id}/files', { params: { path: { id } }, body: { reason } }));
}

export const settingsQuery = queryOptions({
  queryKey: ['label-settings'],
  queryFn: ({ signal }): Promise<LabelSettings> => ask(api.GET('/api/v1/label-settings', { signal })),
});

export function putSettings(body: NewSettings): Promise<LabelSettings> {
  return ask(api.PUT('/api/v1/label-settings', { body }));
}

/** Addresses for pictures, players and downloads, which cannot carry a header: the organisation stands in the query. */
export const addressOf = {
  shown: (id: string) => withOrganisation(`/api/v1/labellings/${id}/file`),
  labelled: (id: string) => withOrganisation(`/api/v1/labellings/${id}/file`, { download: 'true' }),
  original: (id: string) => withOrganisation(`/api/v1/labellings/${id}/original`),
  sidecar: (id: string) => withOrganisation(`/api/v1/labellings/${id}/sidecar`),
  record: (id: string) => withOrganisation(`/api/v1/labellings/${id}/record.json`),
};

function withOrganisation(path: string, query: Record<string, string> = {}): string {
  const organisation = actingFor();
  const parts = new URLSearchParams({ ...query, ...(organisation === null ? {} : { organisation }) });
  return parts.size === 0 ? path : `${path}?${parts}`;
}
