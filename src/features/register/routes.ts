import { z } from 'zod';
import { companyAnswerSchema, companyInputSchema, companySchema } from '../../contract/company.ts';
import { refSchema } from '../../contract/fields.ts';
import {
  happeningQuerySchema,
  happeningSchema,
  happeningsSchema,
  newHappeningSchema,
  settleSchema,
} from '../../contract/happenings.ts';
import { pageQuerySchema } from '../../contract/paging.ts';
import * as contract from '../../contract/register.ts';
import { applyPlanSchema, askPlanSchema, registerPlanSchema } from '../../contract/register-document.ts';
import { type Call, type Endpoint, endpoint } from '../../platform/http/endpoint.ts';
import { readers, stewards, writers } from './access.ts';
import { applyDocument, type FiledVersions, planDocument } from './apply.ts';
import { findCompany, saveCompany } from './company.ts';
import {
  addFunction,
  changeFunction,
  findFunction,
  functions,
  type IsFiled,
  moveFunction,
  versions,
} from './functions.ts';
import { happenings, recordHappening, settle } from './happenings.ts';
import { seenRevision } from './revisions.ts';
import { addService, changeService, figures, findService, moveService, noteFigure, services } from './services.ts';

const tag = 'register';
const byRef = z.object({ id: refSchema });
const byUuid = z.object({ id: z.uuid() });

/** What the filings know of a version. They come second and know the register, so they are passed in. */
export interface Filed {
  isFiled: IsFiled;
  filedVersions: FiledVersions;
}

export function registerEndpoints(filed: Filed): Endpoint[] {
  return [...companyEndpoints(), ...serviceEndpoints(), ...functionEndpoints(filed), ...documentEndpoints(filed)];
}

function companyEndpoints(): Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/api/v1/company',
      summary: 'What the company says about itself; null until it is written',
      tag,
      access: readers,
      answer: companyAnswerSchema,
      handle: async (call) => ({ company: await findCompany(call) }),
    }),
    endpoint({
      method: 'PUT',
      path: '/api/v1/company',
      summary: 'Write what the company says about itself, whole',
      tag,
      access: stewards,
      body: companyInputSchema,
      answer: companySchema,
      handle: async ({ body: { revision, ...fields }, ...call }) => {
        // Before the first time there is no revision to have seen; of two who are first, one is told of the other.
        const isFirst = (await findCompany(call)) === null && call.request.headers['if-match'] === undefined;
        return saveCompany(call, fields, isFirst ? (revision ?? 0) : seen(revision, call));
      },
    }),
  ];
}

function serviceEndpoints(): Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/api/v1/services',
      summary: 'Services, by their short names',
      tag,
      access: readers,
      query: contract.serviceQuerySchema,
      answer: contract.servicesSchema,
      handle: ({ tx, query }) => services(tx, query),
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/services',
      summary: 'Add a service, planned',
      tag,
      access: writers,
      body: contract.newServiceSchema,
      answer: contract.serviceSchema,
      status: 201,
      handle: (call) => addService(call, call.body),
    }),
    endpoint({
      method: 'GET',
      path: '/api/v1/services/{id}',
      summary: 'One service, by its id or short name',
      tag,
      access: readers,
      params: byRef,
      answer: contract.serviceSchema,
      handle: async ({ tx, params, reply }) => tagged(reply, await findService(tx, params.id)),
    }),
    endpoint({
      method: 'PATCH',
      path: '/api/v1/services/{id}',
      summary: 'Change what is named of a service',
      tag,
      access: writers,
      params: byRef,
      body: contract.serviceChangesSchema,
      answer: contract.serviceSchema,
      handle: (call) => changeService(call, call.params.id, call.body, seen(call.body.revision, call)),
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/services/{id}/moves',
      summary: 'Record that a service went online or was withdrawn',
      tag,
      access: writers,
      params: byRef,
      body: contract.serviceMoveSchema,
      answer: contract.serviceSchema,
      handle: (call) => moveService(call, call.params.id, call.body, seen(call.body.revision, call)),
    }),
    endpoint({
      method: 'GET',
      path: '/api/v1/services/{id}/figures',
      summary: 'The history of its user figures, newest first',
      tag,
      access: readers,
      params: byRef,
      query: contract.figureQuerySchema,
      answer: contract.figuresSchema,
      handle: ({ tx, params, query }) => figures(tx, params.id, query),
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/services/{id}/figures',
      summary: 'Note a user figure; figures are added, never overwritten',
      tag,
      access: writers,
      params: byRef,
      body: contract.newFigureSchema,
      answer: contract.notedFigureSchema,
      status: 201,
      handle: (call) => noteFigure(call, call.params.id, call.body),
    }),
    endpoint({
      method: 'GET',
      path: '/api/v1/services/{id}/happenings',
      summary: 'Incidents, notices of authorities and growth, newest first',
      tag,
      access: readers,
      params: byRef,
      query: happeningQuerySchema,
      answer: happeningsSchema,
      handle: ({ tx, params, query }) => happenings(tx, params.id, query),
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/services/{id}/happenings',
      summary: 'Record what befell a service and may make an assessment due',
      tag,
      access: writers,
      params: byRef,
      body: newHappeningSchema,
      answer: happeningSchema,
      status: 201,
      handle: (call) => recordHappening(call, call.params.id, call.body),
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/happenings/{id}/settle',
      summary: 'Say, with a reason, that nothing more follows from a happening',
      tag,
      access: stewards,
      params: byUuid,
      body: settleSchema,
      answer: happeningSchema,
      handle: (call) => settle(call, call.params.id, call.body.reason),
    }),
  ];
}

function functionEndpoints({ isFiled }: Filed): Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/api/v1/functions',
      summary: 'Functions of all services, or of one',
      tag,
      access: readers,
      query: contract.functionQuerySchema,
      answer: contract.functionsSchema,
      handle: async ({ tx, query }) => functions(tx, query, query.service && (await findService(tx, query.service)).id),
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/services/{id}/functions',
      summary: 'Add a function to a service, planned, in its first version',
      tag,
      access: writers,
      params: byRef,
      body: contract.newFunctionSchema,
      answer: contract.serviceFunctionSchema,
      status: 201,
      handle: async (call) => addFunction(call, await findService(call.tx, call.params.id), call.body),
    }),
    endpoint({
      method: 'GET',
      path: '/api/v1/functions/{id}',
      summary: 'One function in its current version',
      tag,
      access: readers,
      params: byUuid,
      answer: contract.serviceFunctionSchema,
      handle: async ({ tx, params, reply }) => tagged(reply, await findFunction(tx, params.id)),
    }),
    endpoint({
      method: 'PATCH',
      path: '/api/v1/functions/{id}',
      summary: 'Change what is named of a function',
      tag,
      access: writers,
      params: byUuid,
      body: contract.functionChangesSchema,
      answer: contract.serviceFunctionSchema,
      handle: (call) => changeFunction(call, call.params.id, call.body, seen(call.body.revision, call), isFiled),
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/functions/{id}/moves',
      summary: 'Record that a function was launched or withdrawn, or plan a material change of it',
      tag,
      access: writers,
      params: byUuid,
      body: contract.functionMoveSchema,
      answer: contract.serviceFunctionSchema,
      handle: (call) => moveFunction(call, call.params.id, call.body, seen(call.body.revision, call)),
    }),
    endpoint({
      method: 'GET',
      path: '/api/v1/functions/{id}/versions',
      summary: 'Its versions, newest first',
      tag,
      access: readers,
      params: byUuid,
      query: pageQuerySchema,
      answer: contract.functionVersionsSchema,
      handle: ({ tx, params, query }) => versions(tx, params.id, query),
    }),
  ];
}

function documentEndpoints({ filedVersions }: Filed): Endpoint[] {
  return [
    endpoint({
      method: 'POST',
      path: '/api/v1/register/plan',
      summary: 'What a clearmirror.yaml would change in the register',
      tag,
      access: writers,
      body: askPlanSchema,
      answer: registerPlanSchema,
      handle: (call) => planDocument(call, call.body, filedVersions),
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/register/apply',
      summary: 'Do exactly what was planned, all or nothing',
      tag,
      access: writers,
      body: applyPlanSchema,
      answer: registerPlanSchema,
      handle: (call) => applyDocument(call, call.body, filedVersions),
    }),
  ];
}

type Asking = Pick<Call<unknown, unknown, unknown>, 'request'>;

function seen(inBody: number | undefined, { request }: Asking): number {
  return seenRevision(inBody, request.headers['if-match']);
}

function tagged<T extends { revision: number }>(reply: { header(name: string, value: string): unknown }, shown: T): T {
  reply.header('etag', `"${shown.revision}"`);
  return shown;
}
