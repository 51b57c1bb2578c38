import { z } from 'zod';
import * as contract from '../../contract/filings.ts';
import { type Endpoint, endpoint } from '../../platform/http/endpoint.ts';
import { seenRevision } from '../register/register.ts';
import { movers, readers, recorders } from './access.ts';
import { correctFiling, filings, findFiling, moveFiling, recordFiling } from './record.ts';

const tag = 'filings';
const byId = z.object({ id: z.uuid() });

export function filingEndpoints(isRulebook: (id: string) => boolean): Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/api/v1/filings',
      summary: 'Reports that were filed, the last one first',
      tag,
      access: readers,
      query: contract.filingQuerySchema,
      answer: contract.filingsSchema,
      handle: ({ tx, query }) => filings(tx, query),
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/filings',
      summary: 'Record a report that was filed on an official platform',
      tag,
      access: recorders,
      body: contract.newFilingSchema,
      answer: contract.filingWithStepsSchema,
      status: 201,
      handle: (call) => recordFiling(call, call.body, isRulebook),
    }),
    endpoint({
      method: 'GET',
      path: '/api/v1/filings/{id}',
      summary: 'One filing with all its steps',
      tag,
      access: readers,
      params: byId,
      answer: contract.filingWithStepsSchema,
      handle: async ({ tx, params, reply }) => {
        const filing = await findFiling(tx, params.id);
        reply.header('etag', `"${filing.revision}"`);
        return filing;
      },
    }),
    endpoint({
      method: 'PATCH',
      path: '/api/v1/filings/{id}',
      summary: 'Correct how a filing was recorded',
      tag,
      access: recorders,
      params: byId,
      body: contract.filingChangesSchema,
      answer: contract.filingWithStepsSchema,
      handle: (call) =>
        correctFiling(
          call,
          call.params.id,
          call.body,
          seenRevision(call.body.revision, call.request.headers['if-match']),
        ),
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/filings/{id}/moves',
      summary: 'Record that a filing was accepted, returned, filed again or withdrawn',
      tag,
      access: movers,
      params: byId,
      body: contract.filingMoveSchema,
      answer: contract.filingWithStepsSchema,
      handle: (call) =>
        moveFiling(call, call.params.id, call.body, seenRevision(call.body.revision, call.request.headers['if-match'])),
    }),
  ];
}
