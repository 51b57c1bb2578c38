import { createHash } from 'node:crypto';
import { z } from 'zod';
import { refSchema } from '../../contract/fields.ts';
import {
  askServiceSchema,
  type Gate,
  gateQuerySchema,
  gateSchema,
  rulebooksSchema,
  serviceAnswerSchema,
} from '../../contract/gate.ts';
import { answerSchema, questionSchema } from '../../contract/question.ts';
import { type Endpoint, endpoint } from '../../platform/http/endpoint.ts';
import type { RulebookShelf } from '../rulebooks/rulebooks.ts';
import { ask, askAbout } from './ask.ts';
import { readGate } from './gate.ts';
import { findRulebook, summaries } from './list.ts';

const tag = 'question';
const anyMember = ['member'] as const;
const ofCompany = ['company'] as const;

/** The question whether an assessment is due, asked of facts or of the register, and the launch gate. */
export function openQuestion({ shelf }: { shelf: RulebookShelf }): { endpoints: Endpoint[] } {
  return { endpoints: [...questionEndpoints(shelf), ...rulebookEndpoints(shelf), gateEndpoint(shelf)] };
}

function questionEndpoints(shelf: RulebookShelf): Endpoint[] {
  return [
    endpoint({
      method: 'POST',
      path: '/api/v1/question',
      summary: 'Which rulebooks apply to these facts, what is due, and by when; nothing is stored',
      tag,
      access: anyMember,
      body: questionSchema,
      answer: answerSchema,
      repeated: 'harmless',
      bare: async ({ body, now, caller }) => ask(body, { rulebooks: shelf.current(), now, lang: caller.lang }),
    }),
    endpoint({
      method: 'POST',
      path: '/api/v1/services/{id}/question',
      summary: 'The same, asked of what is stored about a service; says where each fact comes from',
      tag,
      access: ofCompany,
      params: z.object({ id: refSchema }),
      body: askServiceSchema,
      answer: serviceAnswerSchema,
      handle: ({ tx, params, body, now, caller }) =>
        askAbout(tx, params.id, body, { rulebooks: shelf.current(), now, lang: caller.lang }),
    }),
  ];
}

function rulebookEndpoints(shelf: RulebookShelf): Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/api/v1/rulebooks',
      summary: 'The rulebooks of this installation',
      tag,
      access: anyMember,
      answer: rulebooksSchema,
      bare: async () => ({ items: summaries(shelf.current()), next: null }),
    }),
    endpoint({
      method: 'GET',
      path: '/api/v1/rulebooks/{id}',
      summary: 'One rulebook, whole: docs/rulebooks.md describes it',
      tag,
      access: anyMember,
      params: z.object({ id: z.string().max(64) }),
      // Checked when it was read from its file; its conditions nest without end, which OpenAPI pages draw badly.
      answer: z.record(z.string(), z.unknown()),
      bare: async ({ params }) => findRulebook(shelf.current(), params.id),
    }),
  ];
}

/** For pipelines and feature-flag services: cheap, and cheaper still for those who come back with the ETag. */
function gateEndpoint(shelf: RulebookShelf): Endpoint {
  return endpoint({
    method: 'GET',
    path: '/api/v1/gate',
    summary: 'May this service or function be live? Open or closed, with the reasons',
    tag,
    access: ofCompany,
    query: gateQuerySchema,
    answer: gateSchema,
    handle: async ({ tx, query, now, caller, reply }) => {
      const gate = await readGate(tx, query, { rulebooks: shelf.current(), now, lang: caller.lang });
      reply.headers({
        etag: tagOf(gate),
        'cache-control': 'private, max-age=5',
        vary: 'authorization, cookie, accept-language, clearmirror-organisation',
      });
      return gate;
    },
  });
}

/** Equal as long as the answer is, whenever it is asked. */
function tagOf({ asOf: _asOf, ...gate }: Gate): string {
  return `"${createHash('sha256').update(JSON.stringify(gate)).digest('base64url').slice(0, 27)}"`;
}
