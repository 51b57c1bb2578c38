import { randomUUID } from 'node:crypto';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { Problem } from '../../contract/problem.ts';
import { actAs, type Database } from '../database/database.ts';
import { answerBrokenRequest, answerProblem, bareHeaders, langOf } from './answers.ts';
import type { Access, Caller, Endpoint, Repeated } from './endpoint.ts';
import { once, refuseUnkept } from './idempotency.ts';
import { networkOf } from './network.ts';
import { refuseUnstorable } from './storable.ts';

export interface ServerSetup {
  database: Database;
  endpoints: Endpoint[];
  /** Who asks, by cookie or key. Null when nobody is signed in. `organisation` is the one the request names. */
  identify(request: FastifyRequest): Promise<Caller | null>;
  /** Origins whose pages may write with a person's cookie: our own. */
  origins: () => string[];
  now: () => Date;
  /** The installation's; answers that are kept to be given again are sealed with it. */
  secret: string;
  logger?: FastifyBaseLogger;
  /** Behind a proxy that tells the address of who asks. */
  trustProxy?: boolean;
  perMinute?: number;
  onAnswered?: (answered: { method: string; route: string; status: number; ms: number }) => void;
}

export type Server = FastifyInstance;

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
    peopleOnly?: boolean;
    repeated?: Repeated;
  }
  interface FastifyRequest {
    /** Set on every route that says who may ask. */
    caller: Caller | null;
  }
}

/** The HTTP side of the product. Features bring endpoints, or routes of their own with `config: { access }`. */
export async function openServer(setup: ServerSetup): Promise<Server> {
  const { endpoints, identify, origins, logger, perMinute = 6_000 } = setup;
  const server = Fastify({
    ...(logger ? { loggerInstance: logger } : {}),
    // Ids from outside could carry anything into our log.
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    // The proxy's own word, the last in the header: what stands before it is what the client claimed.
    trustProxy: setup.trustProxy ? (_address: string, hop: number) => hop === 0 : false,
    bodyLimit: 1024 * 1024,
    // A body that drips in holds a connection: uploads send in pieces of bounded time.
    requestTimeout: 300_000,
    routerOptions: { maxParamLength: 300 },
    logController: new LogController({ disableRequestLogging: true }),
    return503OnClosing: true,
    forceCloseConnections: 'idle',
    frameworkErrors: (error, request, reply) => {
      // Before any hook has run: an address that is no address.
      for (const [name, value] of Object.entries(bareHeaders)) reply.header(name, value);
      answerProblem(error, request, reply);
    },
    clientErrorHandler: answerBrokenRequest,
  });
  // A form of another site can send it without asking first, and nothing here takes it.
  server.removeContentTypeParser('text/plain');
  server.setErrorHandler(answerProblem);
  server.setNotFoundHandler((request, reply) =>
    answerProblem(new Problem('not-found', 'There is nothing at this address.', { status: 404 }), request, reply),
  );
  server.decorateRequest('caller', null);
  await server.register(helmet, securityHeaders);
  await server.register(rateLimit, {
    max: perMinute,
    timeWindow: 60_000,
    hook: 'onRequest',
    keyGenerator: ({ ip }) => networkOf(ip),
  });
  server.addHook('onRequest', async (request) => {
    const { access, peopleOnly = false } = request.routeOptions.config;
    if (access === undefined) return;
    refuseForeignPages(request, origins());
    request.caller = access === 'anyone' ? null : await admit(request, { access, peopleOnly }, identify);
    refuseUnkept(request);
  });
  server.addHook('preHandler', async ({ body, params, query }) => {
    refuseUnstorable(params, '/path');
    refuseUnstorable(query, '/query');
    refuseUnstorable(body, '');
  });
  server.addHook('preClose', async () => {
    // Who sends a body drop by drop would keep us from stopping; what is under way has this long.
    setTimeout(() => server.server.closeAllConnections(), lastWordsMs).unref();
  });
  server.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    setup.onAnswered?.({ method: request.method, route, status: reply.statusCode, ms: reply.elapsedTime });
    request.log.info(
      { method: request.method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'answered',
    );
    done();
  });
  for (const one of endpoints) serve(server, one, setup);
  return server;
}

function serve(server: Server, one: Endpoint, { database, now, secret }: ServerSetup): void {
  const { method, access, status, perMinute, peopleOnly, repeated } = one;
  server.route({
    method,
    url: one.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    config: {
      access,
      peopleOnly,
      ...(repeated ? { repeated } : {}),
      ...(perMinute ? { rateLimit: { max: perMinute, timeWindow: 60_000 } } : {}),
    },
    handler: async (request, reply) => {
      const caller = request.caller ?? nobody(request);
      const answer = await one.run(
        { params: request.params, query: request.query, body: request.body },
        { caller, now: now(), request, reply, database },
        (work) =>
          actAs(database, caller.actor, (tx) => {
            const key = request.headers['idempotency-key'];
            if (method === 'GET' || typeof key !== 'string') return work(tx);
            return once(tx, { key, caller, method, url: request.url, body: request.body, secret }, () => work(tx));
          }),
      );
      if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
      if (method === 'GET' && isKnown(request, reply)) return reply.code(304).send();
      reply.code(status);
      return status === 204 ? reply.send() : reply.type('application/json; charset=utf-8').send(JSON.stringify(answer));
    },
  });
}

/** The caller holds this answer already: `If-None-Match` names its ETag (RFC 9110, 13.1.2). */
function isKnown(request: FastifyRequest, reply: FastifyReply): boolean {
  const tag = reply.getHeader('etag');
  const held = request.headers['if-none-match'];
  return (
    typeof tag === 'string' &&
    held !== undefined &&
    held.split(/\s*,\s*/).some((one) => one.replace(/^W\//, '') === tag)
  );
}

async function admit(
  request: FastifyRequest,
  { access, peopleOnly }: { access: Exclude<Access, 'anyone'>; peopleOnly: boolean },
  identify: ServerSetup['identify'],
): Promise<Caller> {
  const caller = await identify(request);
  if (!caller) throw new Problem('sign-in-first', 'Nobody is signed in.', { status: 401 });
  if (access === 'person') return refuseKeys(caller);
  if (caller.actor.organisation === null) {
    throw new Problem('organisation-missing', 'The request does not say for which organisation it is.', {
      status: 400,
    });
  }
  if (!access.some((grant) => caller.grants.has(grant))) {
    throw new Problem('not-allowed', 'Your roles do not allow this.', { status: 403 });
  }
  return peopleOnly ? refuseKeys(caller) : caller;
}

function refuseKeys(caller: Caller): Caller {
  if (caller.key === null && caller.actor.person !== null) return caller;
  throw new Problem('people-only', 'This is for people, not for API keys.', { status: 403 });
}

function nobody(request: FastifyRequest): Caller {
  return { actor: { organisation: null, person: null }, key: null, grants: new Set(), lang: langOf(request) };
}

/**
 * A page of another site can make a browser send our cookie along (CSRF). Browsers say where a write comes from in `Origin` or
 * `Sec-Fetch-Site`; programs, which have no cookies to steal, say neither.
 */
function refuseForeignPages(request: FastifyRequest, origins: string[]): void {
  if (request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS') return;
  const { origin, cookie } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const foreign =
    origin === undefined ? site !== undefined && site !== 'same-origin' && site !== 'none' : !origins.includes(origin);
  if (foreign && (cookie !== undefined || origin !== undefined)) {
    throw new Problem('foreign-page', 'This request comes from a page of another site.', { status: 403 });
  }
}

/** The nonce of the page's own style element is put in by `pages.ts`. */
export function contentPolicy(nonce: string | null): string {
  const style = nonce === null ? "'self'" : `'self' 'nonce-${nonce}'`;
  return [
    "default-src 'self'",
    "script-src 'self'",
    `style-src ${style}`,
    // Attributes that the component library sets from script are not covered by a nonce.
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' blob: data:",
    "media-src 'self' blob:",
    "connect-src 'self'",
    "object-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; ');
}

/** Shorter than the patience of what stops us (systemd: 90 s, Docker: 10 s). */
const lastWordsMs = 5_000;

const securityHeaders = {
  contentSecurityPolicy: {
    useDefaults: false,
    // What is no page of ours may do nothing at all; pages.ts sets its own.
    directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
  },
  crossOriginEmbedderPolicy: false,
  crossOriginResourcePolicy: { policy: 'same-origin' },
  crossOriginOpenerPolicy: { policy: 'same-origin' },
  referrerPolicy: { policy: 'no-referrer' },
  frameguard: { action: 'deny' },
  strictTransportSecurity: { maxAge: 31_536_000, includeSubDomains: false },
} as const;
