export type Values = Readonly<Record<string, string>>;

const placeholder = /\{\{\s*([a-z][a-z0-9.-]*)\s*\}\}/g;

/** Fills in `{{name}}`. `encode` makes a value fit for where it goes: a path, a header. An unknown name is a bug here: `namesIn` was asked before. */
export function fill(template: string, values: Values, encode: (value: string) => string = (value) => value): string {
  return template.replace(placeholder, (_whole, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`nothing to fill in for ${name}`);
    return encode(value);
  });
}

/** The names that a template uses. */
export function namesIn(template: string): string[] {
  return [...template.matchAll(placeholder)].map(([, name = '']) => name);
}

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Fills in every text of a JSON value; keys stay as they are. */
export function fillJson(value: Json, values: Values): Json {
  if (typeof value === 'string') return fill(value, values);
  if (Array.isArray(value)) return value.map((one) => fillJson(one, values));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fillJson(one, values)]));
}
