import type { FieldChange } from '../../contract/register-document.ts';

/** Which fields of `after` differ from `before`, objects field by field. What `after` does not name is not looked at. */
export function diffFields(before: object, after: object, path = ''): FieldChange[] {
  const old = new Map<string, unknown>(Object.entries(before));
  return Object.entries(after).flatMap(([name, value]: [string, unknown]) => {
    const field = `${path}${name}`;
    const was = old.get(name);
    if (isPlain(value) && (isPlain(was) || was === undefined)) {
      const gone = Object.fromEntries(Object.keys(was ?? {}).map((key) => [key, undefined]));
      return diffFields(was ?? {}, { ...gone, ...value }, `${field}.`);
    }
    return isSame(was, value) ? [] : [{ field, before: was ?? null, after: value ?? null }];
  });
}

/** Equal as JSON, whatever the order of fields; what is undefined is not there. */
export function isSame(one: unknown, other: unknown): boolean {
  return canonical(one) === canonical(other);
}

/** JSON with fields in alphabetical order. */
export function canonical(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, inner: unknown) =>
    isPlain(inner) ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1))) : inner,
  );
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
