import { queryOptions } from '@tanstack/react-query';
import { api, ask } from './api.ts';
import type { paths } from './schema.d.ts';

/** Assessments and hazards are kept under one key: a run changes answers, evidence and hazards at once. */
export const assessmentsKey = ['assessments'] as const;

type Body<Path extends keyof paths, Method extends 'post' | 'put' | 'patch'> = paths[Path] extends {
  [M in Method]: { requestBody?: { content: { 'application/json': infer B } } };
}
  ? B
  : never;
type Query<Path extends keyof paths> = paths[Path] extends { get: { parameters: { query?: infer Q } } } ? Q : never;
const at = (id: string) => ({ params: { path: { id } } });

export type AssessmentsQuery = NonNullable<Query<'/api/v1/assessments'>>;
export const listAssessments = (query: AssessmentsQuery, signal?: AbortSignal) =>
  ask(api.GET('/api/v1/assessments', { params: { query }, ...(signal && { signal }) }));
export const assessmentQuery = (id: string) =>
  queryOptions({
    queryKey: [...assessmentsKey, 'one', id],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/assessments/{id}', { ...at(id), signal })),
  });
export const beginAssessment = (body: Body<'/api/v1/assessments', 'post'>) =>
  ask(api.POST('/api/v1/assessments', { body }));
export const changeAssessment = (id: string, body: Body<'/api/v1/assessments/{id}', 'patch'>) =>
  ask(api.PATCH('/api/v1/assessments/{id}', { ...at(id), body }));
export const moveAssessment = (id: string, body: Body<'/api/v1/assessments/{id}/moves', 'post'>) =>
  ask(api.POST('/api/v1/assessments/{id}/moves', { ...at(id), body }));
export const concludeAssessment = (id: string, revision: number) =>
  ask(api.POST('/api/v1/assessments/{id}/conclusion', { ...at(id), body: { revision } }));

export type AnswerBody = Body<'/api/v1/assessments/{id}/requirements/{rulebook}/{requirement}', 'patch'>;
export const answerRequirement = (
  id: string,
  { rulebook, id: requirement }: { rulebook: string; id: string },
  body: AnswerBody,
) =>
  ask(
    api.PATCH('/api/v1/assessments/{id}/requirements/{rulebook}/{requirement}', {
      params: { path: { id, rulebook, requirement } },
      body,
    }),
  );
export type EvidenceBody = Body<'/api/v1/assessments/{id}/evidence', 'post'>;
export const addEvidence = (id: string, body: EvidenceBody) =>
  ask(api.POST('/api/v1/assessments/{id}/evidence', { ...at(id), body }));
export const withdrawEvidence = (id: string, evidence: string, reason: string) =>
  ask(
    api.POST('/api/v1/assessments/{id}/evidence/{evidence}/withdrawal', {
      params: { path: { id, evidence } },
      body: { reason },
    }),
  );
export const comment = (id: string, body: Body<'/api/v1/assessments/{id}/comments', 'post'>) =>
  ask(api.POST('/api/v1/assessments/{id}/comments', { ...at(id), body }));

export const askForRun = (id: string, body: Body<'/api/v1/assessments/{id}/runs', 'post'>) =>
  ask(api.POST('/api/v1/assessments/{id}/runs', { ...at(id), body }));
export const runQuery = (id: string, run: string) =>
  queryOptions({
    queryKey: [...assessmentsKey, 'run', run],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/assessments/{id}/runs/{run}', { params: { path: { id, run } }, signal })),
  });
export const stopRun = (id: string, run: string) =>
  ask(api.POST('/api/v1/assessments/{id}/runs/{run}/stop', { params: { path: { id, run } } }));

export const listHazards = (query: NonNullable<Query<'/api/v1/hazards'>>, signal?: AbortSignal) =>
  ask(api.GET('/api/v1/hazards', { params: { query }, ...(signal && { signal }) }));
export const addHazard = (id: string, body: Body<'/api/v1/assessments/{id}/hazards', 'post'>) =>
  ask(api.POST('/api/v1/assessments/{id}/hazards', { ...at(id), body }));
export type HazardMoveBody = Body<'/api/v1/hazards/{id}/moves', 'post'>;
export const moveHazard = (id: string, body: HazardMoveBody) =>
  ask(api.POST('/api/v1/hazards/{id}/moves', { ...at(id), body }));

export const targetQuery = (service: string) =>
  queryOptions({
    queryKey: [...assessmentsKey, 'target', service],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/services/{id}/target', { ...at(service), signal })),
  });
/** As somebody typed it: the server says what is wrong in it, place by place. */
export interface TargetBody {
  revision: number;
  target: object;
  secrets: Record<string, string>;
}
export const putTarget = (service: string, body: TargetBody) =>
  ask(api.PUT('/api/v1/services/{id}/target', { ...at(service), body: JSON.parse(JSON.stringify(body)) }));

export const signingKeysQuery = queryOptions({
  queryKey: [...assessmentsKey, 'signing-keys'],
  queryFn: ({ signal }) => ask(api.GET('/api/v1/signing-keys', { signal })),
});
export const addSigningKey = (body: Body<'/api/v1/signing-keys', 'post'>) =>
  ask(api.POST('/api/v1/signing-keys', { body }));
export const signReport = (id: string, body: Body<'/api/v1/assessments/{id}/signatures', 'post'>) =>
  ask(api.POST('/api/v1/assessments/{id}/signatures', { ...at(id), body }));

export const membersQuery = queryOptions({
  queryKey: ['members', 'all'],
  queryFn: ({ signal }) => ask(api.GET('/api/v1/members', { signal })),
  staleTime: 60_000,
});
