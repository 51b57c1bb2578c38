import { isObject } from '../../api/problem.ts';
import { useWords } from '../../words/words.ts';
import type { Schema } from './openapi.ts';

/** The fields of a JSON Schema as a list; what lies deeper folds out. */
export function SchemaView({
  schema,
  schemas,
  depth = 0,
}: {
  schema: Schema;
  schemas: Record<string, Schema>;
  depth?: number;
}) {
  const say = useWords();
  const resolved = resolve(schema, schemas);
  const alternatives = alternativesOf(resolved).filter((one) => one['type'] !== 'null');
  if (depth > deepest) return <span className="type">{typeOf(schema)}</span>;
  if (alternatives.length > 0 && !isObject(resolved['properties'])) {
    return (
      <ul className="fields">
        {alternatives.map((one, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: alternatives have no name and never move
          <li key={index}>
            {alternatives.length > 1 && (
              <span className="quiet">{say('reference.either', { number: index + 1 })} </span>
            )}
            <SchemaView schema={one} schemas={schemas} depth={depth + 1} />
          </li>
        ))}
      </ul>
    );
  }
  const items = isObject(resolved['items']) ? resolve(resolved['items'], schemas) : null;
  const fields = isObject(resolved['properties']) ? resolved['properties'] : items?.['properties'];
  if (!isObject(fields)) return <span className="type">{typeOf(resolved)}</span>;
  const owner = isObject(resolved['properties']) ? resolved : items;
  const required = Array.isArray(owner?.['required']) ? owner['required'] : [];
  return (
    <ul className="fields">
      {Object.entries(fields).map(([name, field]) => (
        <Field
          key={name}
          name={name}
          schema={isObject(field) ? field : {}}
          required={required.includes(name)}
          schemas={schemas}
          depth={depth}
        />
      ))}
    </ul>
  );
}

function Field(props: {
  name: string;
  schema: Schema;
  required: boolean;
  schemas: Record<string, Schema>;
  depth: number;
}) {
  const { name, schema, required, schemas, depth } = props;
  const say = useWords();
  const resolved = resolve(schema, schemas);
  const about = typeof schema['description'] === 'string' ? schema['description'] : resolved['description'];
  const head = (
    <>
      <code>{name}</code> <span className="type">{typeOf(schema)}</span>
      {!required && <span className="quiet"> {say('reference.optional')}</span>}
      {typeof about === 'string' && <span className="quiet"> — {about}</span>}
    </>
  );
  if (depth >= deepest || !hasInside(resolved, schemas)) return <li>{head}</li>;
  return (
    <li>
      <details>
        <summary>{head}</summary>
        <SchemaView schema={resolved} schemas={schemas} depth={depth + 1} />
      </details>
    </li>
  );
}

/** Schemas may contain themselves. */
const deepest = 6;

/** A type in one word or a few: `string (date-time)`, `array of Member`, `"light" | "dark"`. */
export function typeOf(schema: Schema): string {
  const { $ref, type, format, items, enum: values, const: only } = schema;
  if (typeof $ref === 'string') return nameOf($ref);
  if (Array.isArray(values)) return values.map((value) => JSON.stringify(value)).join(' | ');
  if (only !== undefined) return JSON.stringify(only);
  if (type === 'array') return isObject(items) ? `array of ${typeOf(items)}` : 'array';
  const alternatives = alternativesOf(schema);
  if (alternatives.length > 0) return alternatives.map(typeOf).join(' | ');
  const word = Array.isArray(type) ? type.join(' | ') : typeof type === 'string' ? type : 'any';
  return typeof format === 'string' ? `${word} (${format})` : word;
}

function hasInside(schema: Schema, schemas: Record<string, Schema>, depth = 0): boolean {
  if (depth > deepest) return false;
  if (isObject(schema['properties'])) return true;
  if (isObject(schema['items'])) return hasInside(resolve(schema['items'], schemas), schemas, depth + 1);
  return alternativesOf(schema).some((one) => hasInside(resolve(one, schemas), schemas, depth + 1));
}

function alternativesOf(schema: Schema): Schema[] {
  const found = schema['anyOf'] ?? schema['oneOf'] ?? schema['allOf'];
  return Array.isArray(found) ? found.filter(isObject) : [];
}

function resolve(schema: Schema, schemas: Record<string, Schema>): Schema {
  return typeof schema['$ref'] === 'string' ? (schemas[nameOf(schema['$ref'])] ?? {}) : schema;
}

function nameOf(ref: string): string {
  return ref.split('/').at(-1) ?? ref;
}
