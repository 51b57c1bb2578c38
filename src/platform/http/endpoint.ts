import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Lang } from '../../contract/lang.ts';
import { parseIn } from '../../contract/parse-in.ts';
import { Problem } from '../../contract/problem.ts';
import type { Actor, Database, Tx } from '../database/database.ts';
import { langOf } from './answers.ts';

/** Who asks. `grants` are what the accounts of the product gave them; to this folder they are only strings. */
export interface Caller {
  actor: Actor;
  /** Id of an API key, when it is one that asks. */
  key: string | null;
  grants: ReadonlySet<string>;
  lang: Lang;
}

/** Anyone · a person who is signed in, in no particular organisation · whoever holds one of these grants in the organisation. */
export type Access = 'anyone' | 'person' | readonly [string, ...string[]];

export interface Call<P, Q, B> {
  params: P;
  query: Q;
  body: B;
  caller: Caller;
  now: Date;
  /** For cookies and addresses; what the contract says comes parsed. */
  request: FastifyRequest;
  reply: FastifyReply;
}

interface Described<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType> {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** With `{name}` for parameters, as OpenAPI writes them. */
  path: string;
  /** One line for the reference page. */
  summary: string;
  /** The feature it belongs to. */
  tag: string;
  access: Access;
  params?: P;
  query?: Q;
  body?: B;
  answer: A;
  /** 200 unless said otherwise; 204 answers with nothing. */
  status?: 200 | 201 | 202 | 204;
  /** Requests a minute from one address, where the usual limit is too generous. */
  perMinute?: number;
  /** For whoever is signed in, and no API key: what is made here would outlive the key that asks for it. */
  peopleOnly?: true;
}

/** What becomes of a write that is sent twice with one Idempotency-Key: it is done once, or done twice it is no more than done once. */
export type Repeated = 'done-once' | 'harmless';

/** Answers inside one transaction, held to the caller's organisation; a write that is sent twice with one key is done once. */
interface InTransaction<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>
  extends Described<P, Q, B, A> {
  handle(call: Call<z.output<P>, z.output<Q>, z.output<B>> & { tx: Tx }): Promise<z.input<A>>;
}

/** Answers by itself: before anybody is known, or where more than the database is at work. */
interface Bare<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>
  extends Described<P, Q, B, A> {
  /** Changes nothing, or nothing a second time. Other writes refuse an Idempotency-Key: nobody here would keep its promise. */
  repeated?: 'harmless';
  bare(call: Call<z.output<P>, z.output<Q>, z.output<B>> & { database: Database }): Promise<z.input<A>>;
}

/** What the server registers and the reference page prints. */
export interface Endpoint {
  method: Described<z.ZodType, z.ZodType, z.ZodType, z.ZodType>['method'];
  path: string;
  summary: string;
  tag: string;
  access: Access;
  status: number;
  perMinute: number | undefined;
  peopleOnly: boolean;
  repeated: Repeated | undefined;
  schemas: { params?: z.ZodType; query?: z.ZodType; body?: z.ZodType; answer: z.ZodType };
  run(
    raw: { params: unknown; query: unknown; body: unknown },
    given: { caller: Caller; now: Date; request: FastifyRequest; reply: FastifyReply; database: Database },
    /** Opens the transaction, and answers from memory what was asked before. */
    within: (work: (tx: Tx) => Promise<unknown>) => Promise<unknown>,
  ): Promise<unknown>;
}

/** An endpoint from its description. What comes in is parsed by the contract, and only what the contract names goes out. */
export function endpoint<
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
  A extends z.ZodType = z.ZodNull,
>(described: InTransaction<P, Q, B, A> | Bare<P, Q, B, A>): Endpoint {
  const { method, path, summary, tag, access, answer, params, query, body } = described;
  return {
    method,
    path,
    summary,
    tag,
    access,
    status: described.status ?? 200,
    perMinute: described.perMinute,
    peopleOnly: described.peopleOnly ?? false,
    repeated: 'handle' in described ? 'done-once' : described.repeated,
    schemas: { answer, ...(params ? { params } : {}), ...(query ? { query } : {}), ...(body ? { body } : {}) },
    run: async (raw, { database, ...given }, within) => {
      const lang = langOf(given.request);
      const call = {
        ...given,
        params: parsePart(params, raw.params, { where: '/path', lang }),
        query: parsePart(query, raw.query, { where: '/query', lang }),
        body: parsePart(body, raw.body, { where: '', lang }),
      };
      return 'handle' in described
        ? within(async (tx) => answer.parse(await described.handle({ ...call, tx })))
        : answer.parse(await described.bare({ ...call, database }));
    },
  };
}

/** A part of a request as the contract wants it, or `request-invalid` with what is wrong where. */
export function parsePart<T extends z.ZodType>(
  schema: T | undefined,
  value: unknown,
  { where, lang }: { where: string; lang: Lang },
): z.output<T> {
  // Nothing is described and nothing is passed on: the type of an undescribed part is undefined.
  const parsed = parseIn(schema ?? z.undefined(), schema ? (value ?? {}) : undefined, lang);
  // biome-ignore lint/suspicious/noExplicitAny: the schema that was parsed with is the one that names the type
  if (parsed.success) return parsed.data as any;
  throw new Problem('request-invalid', 'Some parts of the request are not as they should be.', {
    status: 400,
    fields: parsed.issues.slice(0, 50).map((issue) => ({
      path: `${where}${issue.path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')}`,
      code: issue.code,
      message: issue.message,
    })),
  });
}
