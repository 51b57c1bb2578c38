import { z } from 'zod';
import { problemBodySchema } from '../../contract/problem-body.ts';
import type { Endpoint } from './endpoint.ts';

type Json = Record<string, unknown>;

/** OpenAPI 3.1 of these endpoints, from the contract. Schemas that carry an id stand once, under components. */
export function describeApi(
  endpoints: Endpoint[],
  info: { title: string; version: string; description: string },
): Json {
  const components: Json = {};
  const paths: Record<string, Json> = {};
  const schema = (type: z.ZodType, io: 'input' | 'output') => reference(type, io, components);
  const problem = {
    description: 'What went wrong, and what to do next (RFC 9457).',
    content: { 'application/problem+json': { schema: schema(problemBodySchema, 'output') } },
  };
  const ordered = endpoints.toSorted((one, other) => one.path.localeCompare(other.path, 'en'));
  // Answers first: theirs is the plain name.
  for (const { schemas } of ordered) schema(schemas.answer, 'output');
  for (const { method, path, summary, tag, access, status, schemas, peopleOnly, repeated } of ordered) {
    const write = method !== 'GET' && repeated === 'done-once';
    const forKeys = Array.isArray(access) && !peopleOnly;
    const parameters = [
      ...parametersOf(schemas.params, 'path'),
      ...parametersOf(schemas.query, 'query'),
      ...(Array.isArray(access) ? [{ $ref: '#/components/parameters/Organisation' }] : []),
      ...(write ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : []),
    ];
    paths[path] = {
      ...paths[path],
      [method.toLowerCase()]: {
        operationId: operationId(method, path),
        summary,
        tags: [tag],
        ...(parameters.length > 0 ? { parameters } : {}),
        ...(schemas.body
          ? {
              requestBody: {
                required: true,
                content: { 'application/json': { schema: schema(schemas.body, 'input') } },
              },
            }
          : {}),
        responses: {
          [status]:
            status === 204
              ? { description: 'Done.' }
              : {
                  description: 'The answer.',
                  content: { 'application/json': { schema: schema(schemas.answer, 'output') } },
                },
          default: problem,
        },
        security: access === 'anyone' ? [] : [{ session: [] }, ...(forKeys ? [{ key: [] }] : [])],
        ...(Array.isArray(access) ? { 'x-access': access } : {}),
      },
    };
  }
  return {
    openapi: '3.1.1',
    info: { ...info, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(components).sort(([one], [other]) => one.localeCompare(other, 'en'))),
      parameters: {
        Organisation: {
          name: 'Clearmirror-Organisation',
          in: 'header',
          description: 'For which organisation this is asked. Needed by people who are in several.',
          schema: { type: 'string', format: 'uuid' },
        },
        IdempotencyKey: {
          name: 'Idempotency-Key',
          in: 'header',
          description:
            'The same request sent again with the same key within 24 hours is done once and answered the same.',
          schema: { type: 'string', maxLength: 200 },
        },
      },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'clearmirror.session_token' },
        key: { type: 'http', scheme: 'bearer', description: 'An API key of the organisation.' },
      },
    },
  };
}

function operationId(method: string, path: string): string {
  const words = path
    .replace('/api/v1/', '')
    .split(/[^a-z0-9]+/i)
    .filter(Boolean);
  return [method.toLowerCase(), ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join('');
}

function parametersOf(type: z.ZodType | undefined, place: 'path' | 'query'): Json[] {
  if (!type) return [];
  const { properties = {}, required = [] } = plain(z.toJSONSchema(type, { io: 'input', unrepresentable: 'any' }));
  return Object.entries(properties).map(([name, shape]) => {
    const { description, ...schema } = plain(shape);
    return {
      name,
      in: place,
      required: place === 'path' || (Array.isArray(required) && required.includes(name)),
      ...(typeof description === 'string' ? { description } : {}),
      schema,
    };
  });
}

/** The JSON Schema of a type; types with an id move to the components and are referred to. */
function reference(type: z.ZodType, io: 'input' | 'output', components: Json): Json {
  const document = plain(z.toJSONSchema(type, { io, unrepresentable: 'any', reused: 'inline' }));
  const { $defs, $schema: _schema, ...root } = document;
  const id = type.meta()?.id;
  const named = Object.entries({ ...(id === undefined ? {} : { [id]: root }), ...plain($defs) });
  // What comes in has optional parts that always go out: then the type has a name for each way.
  const differs = (name: string, shape: unknown) =>
    components[name] !== undefined && JSON.stringify(components[name]) !== JSON.stringify(moved(shape, io, new Set()));
  const renamed = new Set(
    named.filter(([name, shape]) => io === 'input' && differs(name, shape)).map(([name]) => name),
  );
  for (const [name, shape] of named) components[nameFor(name, renamed)] = moved(shape, io, renamed);
  return id === undefined ? plain(moved(root, io, renamed)) : { $ref: `#/components/schemas/${nameFor(id, renamed)}` };
}

function nameFor(name: string, renamed: ReadonlySet<string>): string {
  return renamed.has(name) ? `${name}Input` : name;
}

function moved(value: unknown, io: 'input' | 'output', renamed: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((inner) => moved(inner, io, renamed));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, inner]) => name !== 'id' || typeof inner !== 'string')
      .map(([name, inner]) => {
        if (name !== '$ref' || typeof inner !== 'string') return [name, moved(inner, io, renamed)];
        return [name, `#/components/schemas/${nameFor(inner.replace('#/$defs/', ''), renamed)}`];
      }),
  );
}

function plain(value: unknown): { [name: string]: unknown; properties?: Json } {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
