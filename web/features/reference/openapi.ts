import { isObject } from '../../api/problem.ts';

/** One thing that a program can ask for, read out of the OpenAPI description that the server prints. */
export interface Operation {
  id: string;
  method: string;
  path: string;
  summary: string;
  description: string;
  group: string;
  parameters: Parameter[];
  /** Media type → schema. */
  body: Record<string, Schema>;
  answers: Answer[];
}

export interface Parameter {
  name: string;
  where: string;
  required: boolean;
  description: string;
  schema: Schema;
}

export interface Answer {
  status: string;
  description: string;
  content: Record<string, Schema>;
}

/** JSON Schema as it came. */
export type Schema = Record<string, unknown>;

export interface Description {
  title: string;
  version: string;
  operations: Operation[];
  /** Named schemas, by name. */
  schemas: Record<string, Schema>;
}

/** Reads what is needed and leaves out what is not understood: the page then shows less, and does not fall over. */
export function readDescription(openapi: unknown): Description {
  const root = objectOf(openapi);
  const info = objectOf(root['info']);
  const shared = mapOf(objectOf(root['components'])['parameters']);
  return {
    title: text(info['title']),
    version: text(info['version']),
    operations: Object.entries(objectOf(root['paths'])).flatMap(([path, item]) =>
      readPath(path, objectOf(item), shared),
    ),
    schemas: mapOf(objectOf(root['components'])['schemas']),
  };
}

const methods = ['get', 'post', 'put', 'patch', 'delete'];

function readPath(path: string, item: Schema, shared: Record<string, Schema>): Operation[] {
  return methods
    .filter((method) => isObject(item[method]))
    .map((method) => {
      const operation = objectOf(item[method]);
      const [tag] = listOf(operation['tags']);
      return {
        id: `${method}-${path}`.replaceAll(/[^a-z0-9]+/gi, '-').toLowerCase(),
        method: method.toUpperCase(),
        path,
        summary: text(operation['summary']),
        description: text(operation['description']),
        group: typeof tag === 'string' ? tag : (path.replace(/^\/api\/v\d+\//, '').split('/')[0] ?? path),
        parameters: [...listOf(item['parameters']), ...listOf(operation['parameters'])]
          .filter(isObject)
          .map((parameter) => readParameter(shared[nameOf(parameter['$ref'])] ?? parameter)),
        body: contentOf(operation['requestBody']),
        answers: Object.entries(objectOf(operation['responses'])).map(([status, answer]) => ({
          status,
          description: text(objectOf(answer)['description']),
          content: contentOf(answer),
        })),
      };
    });
}

/** The last part of `#/components/parameters/Organisation`. */
function nameOf(ref: unknown): string {
  return text(ref).split('/').at(-1) ?? '';
}

function readParameter(parameter: Schema): Parameter {
  return {
    name: text(parameter['name']),
    where: text(parameter['in']),
    required: parameter['required'] === true,
    description: text(parameter['description']),
    schema: objectOf(parameter['schema']),
  };
}

function contentOf(message: unknown): Record<string, Schema> {
  const content = mapOf(objectOf(message)['content']);
  return Object.fromEntries(Object.entries(content).map(([type, { schema }]) => [type, objectOf(schema)]));
}

function mapOf(value: unknown): Record<string, Schema> {
  return Object.fromEntries(Object.entries(objectOf(value)).map(([name, entry]) => [name, objectOf(entry)]));
}

function objectOf(value: unknown): Schema {
  return isObject(value) ? value : {};
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
