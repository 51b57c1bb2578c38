import { z } from 'zod';
import { newEvidenceSchema, withdrawEvidenceSchema } from '../../../contract/assessment-evidence.ts';
import { newSigningKeySchema, signingKeysSchema, signSchema } from '../../../contract/assessment-reports.ts';
import { newRunSchema, runDetailSchema } from '../../../contract/assessment-runs.ts';
import {
  answerChangesSchema,
  assessmentChangesSchema,
  assessmentMoveSchema,
  assessmentQuerySchema,
  assessmentSchema,
  assessmentsSchema,
  newAssessmentSchema,
  newCommentSchema,
} from '../../../contract/assessments.ts';
import { refSchema } from '../../../contract/fields.ts';
import {
  hazardMoveSchema,
  hazardQuerySchema,
  hazardSchema,
  hazardsSchema,
  newHazardSchema,
} from '../../../contract/hazards.ts';
import { rulebookIdSchema, ruleIdSchema } from '../../../contract/rulebook.ts';
import { newServiceTargetSchema, serviceTargetSchema } from '../../../contract/service-target.ts';
import { type Endpoint, endpoint } from '../../../platform/http/endpoint.ts';
import type { Jobs } from '../../../platform/jobs.ts';
import * as access from './access.ts';
import { answerRequirement, comment } from './answers.ts';
import { beginAssessment } from './begin.ts';
import { type ConcludeSetup, conclude, type FindFiling, moveAssessment } from './conclude.ts';
import { changeAssessment } from './edit.ts';
import { addEvidence, type EvidenceSources, withdrawEvidence } from './evidence.ts';
import { addHazard, findHazard, moveHazard } from './hazards.ts';
import { assessments, hazards, readAssessment } from './read.ts';
import { askForRun, findRun, stopRun } from './runs.ts';
import { addSigningKey, revokeSigningKey, signingKeys, signReport } from './sign.ts';
import { findTarget, saveTarget } from './targets.ts';

const tag = 'assessments';
const byId = z.object({ id: z.uuid() });
const byRule = z.object({ id: z.uuid(), rulebook: rulebookIdSchema, requirement: ruleIdSchema });
const byRun = z.object({ id: z.uuid(), run: z.uuid() });

export interface RoutesSetup extends ConcludeSetup {
  jobs: Jobs;
  secret: string;
  sources: EvidenceSources;
  findFiling: FindFiling;
}

export function assessmentEndpoints(setup: RoutesSetup): Endpoint[] {
  return [
    ...targetEndpoints(setup),
    ...wholeEndpoints(setup),
    ...requirementEndpoints(setup),
    ...runEndpoints(setup),
    ...hazardEndpoints(),
    ...signingEndpoints(),
  ];
}

function targetEndpoints({ secret }: RoutesSetup): Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/api/v1/services/{id}/target',
      summary: 'How the probes reach a service; values of secrets never go out',
      tag,
      access: access.readers,
      params: z.object({ id: refSchema }),
      answer: serviceTargetSchema,
      handle: ({ tx, params }) => findTarget(tx, params.id),
    }),
    endpoint({
      method: 'PUT',
      path: '/api/v1/services/{id}/target',
      summary: 'Say how the probes reach a service, whole (docs/target.md)',
      tag,
      access: access.workers,
      params: z.object({ id: refSchema }),
      body: newServiceTargetSchema,
      answer: serviceTargetSchema,
      handle: (call) => saveTarget(call, call.params.id, call.body, secret),
    }),
  ];
}

function wholeEndpoints(setup: RoutesSetup): Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/api/v1/assessments',
      summary: 'Assessments of the organisation, newest first',
      tag,
      access: access.readers,
      query: assessmentQuerySchema,
      answer: assessmentsSchema,
      handle: ({ tx, query }) => assessments(tx, query),
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/assessments',
      summary: 'Begin an assessment of a service or function under rulebooks, or a re-assessment',
      tag,
      access: access.assessors,
      body: newAssessmentSchema,
      answer: assessmentSchema,
      status: 201,
      handle: (call) => beginAssessment(call, call.body, setup.rulebooks()),
    }),
    endpoint({
      method: 'GET',
      path: '/api/v1/assessments/{id}',
      summary: 'One assessment whole: requirements, evidence, hazards, runs, signatures, and what stands in the way',
      tag,
      access: access.readers,
      params: byId,
      answer: assessmentSchema,
      handle: ({ tx, params, now, caller }) => readAssessment(tx, params.id, { now, person: caller.actor.person }),
    }),
    endpoint({
      method: 'PATCH',
      path: '/api/v1/assessments/{id}',
      summary: 'Write the conclusion, answers of the form, and who is to sign',
      tag,
      access: access.assessors,
      params: byId,
      body: assessmentChangesSchema,
      answer: assessmentSchema,
      handle: (call) => changeAssessment(call, call.params.id, call.body),
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/assessments/{id}/conclusion',
      summary: 'Conclude: draw the report and fix it for its signatories',
      tag,
      access: access.assessors,
      params: byId,
      body: z.strictObject({ revision: z.number().int().min(0).optional() }),
      answer: assessmentSchema,
      perMinute: 10,
      // Concluded already, it is refused.
      repeated: 'harmless',
      bare: ({ params, body, caller, now }) => conclude(setup, { caller, now }, params.id, body.revision),
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/assessments/{id}/moves',
      summary: 'Begin or end rectification, open it again (voids signatures), name its filing, give it up',
      tag,
      access: access.movers,
      params: byId,
      body: assessmentMoveSchema,
      answer: assessmentSchema,
      handle: (call) => moveAssessment(call, call.params.id, call.body, setup.findFiling),
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/assessments/{id}/comments',
      summary: 'Say something about an assessment, one of its requirements or hazards',
      tag,
      access: access.readers,
      params: byId,
      body: newCommentSchema,
      answer: assessmentSchema,
      handle: (call) => comment(call, call.params.id, call.body),
    }),
  ];
}

function requirementEndpoints({ sources }: RoutesSetup): Endpoint[] {
  return [
    endpoint({
      method: 'PATCH',
      path: '/api/v1/assessments/{id}/requirements/{rulebook}/{requirement}',
      summary: 'Answer a requirement with a reason, or give it to somebody',
      tag,
      access: access.assessors,
      params: byRule,
      body: answerChangesSchema,
      answer: assessmentSchema,
      handle: (call) => {
        const { id: assessment, rulebook, requirement: id } = call.params;
        return answerRequirement(call, { assessment, rulebook, id }, call.body);
      },
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/assessments/{id}/evidence',
      summary: 'Add evidence: a file that was handed in, a link, a screening, an attestation',
      tag,
      access: access.workers,
      params: byId,
      body: newEvidenceSchema,
      answer: assessmentSchema,
      status: 201,
      handle: (call) => addEvidence(call, call.params.id, call.body, sources),
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/assessments/{id}/evidence/{evidence}/withdrawal',
      summary: 'Withdraw evidence, with the reason; it stays readable',
      tag,
      access: access.workers,
      params: z.object({ id: z.uuid(), evidence: z.uuid() }),
      body: withdrawEvidenceSchema,
      answer: assessmentSchema,
      handle: (call) =>
        withdrawEvidence(call, call.params.id, { evidence: call.params.evidence, reason: call.body.reason }),
    }),
  ];
}

function runEndpoints({ jobs }: RoutesSetup): Endpoint[] {
  return [
    endpoint({
      method: 'POST',
      path: '/api/v1/assessments/{id}/runs',
      summary: 'Run the probes against the service',
      tag,
      access: access.workers,
      params: byId,
      body: newRunSchema,
      answer: assessmentSchema,
      status: 202,
      handle: (call) => askForRun(call, call.params.id, call.body, jobs),
    }),
    endpoint({
      method: 'GET',
      path: '/api/v1/assessments/{id}/runs/{run}',
      summary: 'One run with its record',
      tag,
      access: access.readers,
      params: byRun,
      answer: runDetailSchema,
      handle: ({ tx, params }) => findRun(tx, params.id, params.run),
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/assessments/{id}/runs/{run}/stop',
      summary: 'Stop a run; what it published is taken away again',
      tag,
      access: access.workers,
      params: byRun,
      answer: assessmentSchema,
      status: 202,
      handle: (call) => stopRun(call, call.params.id, call.params.run),
    }),
  ];
}

function hazardEndpoints(): Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/api/v1/hazards',
      summary: 'Hazards of all assessments, newest first, with their rectification',
      tag,
      access: access.readers,
      query: hazardQuerySchema,
      answer: hazardsSchema,
      handle: ({ tx, query }) => hazards(tx, query),
    }),
    endpoint({
      method: 'GET',
      path: '/api/v1/hazards/{id}',
      summary: 'One hazard with every step of its rectification',
      tag,
      access: access.readers,
      params: byId,
      answer: hazardSchema,
      handle: (call) => findHazard(call, call.params.id),
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/assessments/{id}/hazards',
      summary: 'Write down a hazard that a person found',
      tag,
      access: access.workers,
      params: byId,
      body: newHazardSchema,
      answer: hazardSchema,
      status: 201,
      handle: (call) => addHazard(call, call.params.id, call.body),
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/hazards/{id}/moves',
      summary: 'Plan the rectification of a hazard, extend it, say that it is done, verify it',
      tag,
      access: access.workers,
      params: byId,
      body: hazardMoveSchema,
      answer: hazardSchema,
      handle: (call) => moveHazard(call, call.params.id, call.body),
    }),
  ];
}

function signingEndpoints(): Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/api/v1/signing-keys',
      summary: 'Keys with which the asking person signs',
      tag,
      access: access.readers,
      peopleOnly: true,
      answer: signingKeysSchema,
      handle: (call) => signingKeys(call),
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/signing-keys',
      summary: 'Register an Ed25519 key; only its public half is kept here',
      tag,
      access: access.readers,
      peopleOnly: true,
      body: newSigningKeySchema,
      answer: signingKeysSchema,
      status: 201,
      handle: (call) => addSigningKey(call, call.body),
    }),
    endpoint({
      method: 'DELETE',
      path: '/api/v1/signing-keys/{id}',
      summary: 'Revoke a key; what was signed with it stays signed',
      tag,
      access: access.readers,
      peopleOnly: true,
      params: byId,
      answer: signingKeysSchema,
      handle: (call) => revokeSigningKey(call, call.params.id),
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/assessments/{id}/signatures',
      summary: 'Sign the concluded report as one of its signatories, after opening it',
      tag,
      access: access.signers,
      peopleOnly: true,
      params: byId,
      body: signSchema,
      answer: assessmentSchema,
      status: 201,
      handle: (call) => signReport(call, call.params.id, call.body),
    }),
  ];
}
