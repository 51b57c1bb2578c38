type Named<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** The fields that were named. What a document or a change leaves out stays as it is. */
export function withoutUndefined<T extends object>(given: T): T & Named<T> {
  const named = { ...given };
  dropUndefined(named);
  return named;
}

function dropUndefined<T extends object>(fields: T): asserts fields is T & Named<T> {
  for (const [name, value] of Object.entries(fields)) if (value === undefined) Reflect.deleteProperty(fields, name);
}
