import type { z } from 'zod';
import type {
  Batch,
  fromAddressSchema,
  Screening,
  ScreeningFilters,
  ScreeningItem,
  uploadLimitsSchema,
  uploadSchema,
  waveformSchema,
} from '../../../src/contract/screenings.ts';
import type { strengths } from '../../../src/contract/strengths.ts';
import { actingFor } from '../../api/acting-for.ts';
import { api, ask, callHeaders } from '../../api/api.ts';
import { readProblem } from '../../api/problem.ts';
import { reachServer } from '../../api/reach.ts';

/** What the pages ask of the server about screenings. Documented in docs/workflows/screening.md. */
export type Filters = ScreeningFilters;
export type Word = (typeof strengths)[number];
export type Waveform = z.infer<typeof waveformSchema>;
export type UploadLimits = z.infer<typeof uploadLimitsSchema>;
export type Upload = z.infer<typeof uploadSchema>;
export interface ScreeningPage {
  items: ScreeningItem[];
  next: string | null;
}

export function listScreenings(
  filters: Filters,
  page: { after?: string | undefined; limit?: number } = {},
): Promise<ScreeningPage> {
  const { overridden, noted, conflicts, ...others } = filters;
  const flags = {
    ...(overridden !== undefined && { overridden: String(overridden) }),
    ...(noted !== undefined && { noted: String(noted) }),
    ...(conflicts !== undefined && { conflicts: String(conflicts) }),
  };
  return ask(api.GET('/api/v1/screenings', { params: { query: { ...others, ...flags, ...page } } }));
}

export function readScreening(id: string): Promise<Screening> {
  return read(`/api/v1/screenings/${id}`);
}

export function readWaveform(id: string): Promise<Waveform> {
  return ask(api.GET('/api/v1/screenings/{id}/waveform', { params: { path: { id } } }));
}

export function readBatch(id: string): Promise<Batch> {
  return read(`/api/v1/batches/${id}`);
}

export function screenAddress(body: z.input<typeof fromAddressSchema>): Promise<ScreeningItem> {
  return ask(api.POST('/api/v1/screenings/from-address', { body }));
}

export function addNote(id: string, text: string): Promise<unknown> {
  return ask(api.POST('/api/v1/screenings/{id}/notes', { params: { path: { id } }, body: { text } }));
}

export function overrideVerdict(id: string, body: { word: Word; reason: string }): Promise<unknown> {
  return ask(api.PUT('/api/v1/screenings/{id}/override', { params: { path: { id } }, body }));
}

export function withdrawOverride(id: string, reason: string): Promise<unknown> {
  return ask(api.DELETE('/api/v1/screenings/{id}/override', { params: { path: { id } }, body: { reason } }));
}

export function retryScreening(id: string): Promise<unknown> {
  return ask(api.POST('/api/v1/screenings/{id}/retry', { params: { path: { id } } }));
}

export function removeMedia(id: string, reason: string): Promise<unknown> {
  return ask(api.DELETE('/api/v1/screenings/{id}/media', { params: { path: { id } }, body: { reason } }));
}

export function readUploadLimits(): Promise<UploadLimits> {
  return ask(api.GET('/api/v1/uploads'));
}

export function readUpload(id: string): Promise<Upload> {
  return ask(api.GET('/api/v1/uploads/{id}/outcome', { params: { path: { id } } }));
}

/** Addresses for pictures, players and downloads, which cannot carry a header: the organisation stands in the query. */
export const addressOf = {
  media: (id: string) => withOrganisation(`/api/v1/screenings/${id}/media`),
  original: (id: string) => withOrganisation(`/api/v1/screenings/${id}/media`, { download: 'true' }),
  exhibit: (id: string, number: number) => withOrganisation(`/api/v1/screenings/${id}/exhibits/${number}`),
  record: (id: string) => withOrganisation(`/api/v1/screenings/${id}/record.json`),
  report: (id: string, lang: string) => withOrganisation(`/api/v1/screenings/${id}/report.html`, { lang }),
  csv: (filters: Filters) => withOrganisation('/api/v1/exports/screenings.csv', filters),
};

function withOrganisation(path: string, query: Query = {}): string {
  return `${path}${queryOf({ ...query, organisation: actingFor() ?? undefined })}`;
}

type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

function queryOf(query: Query): string {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) parts.append(name, String(one));
  }
  return parts.size === 0 ? '' : `?${parts}`;
}

/** For answers whose generated type is poorer than the contract's: open records, evidence of any shape. */
async function read<T>(path: string): Promise<T> {
  const response = await reachServer(new Request(path, { headers: callHeaders('GET') }));
  if (!response.ok) throw await readProblem(response);
  return await response.json();
}
