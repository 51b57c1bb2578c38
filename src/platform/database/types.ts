import pg from 'pg';

/** How values come back: counts are numbers, days are text. */
export function typeParser(oid: number, format?: 'text' | 'binary') {
  const { builtins } = pg.types;
  if (format === 'binary') return pg.types.getTypeParser(oid, 'binary');
  if (oid === builtins.INT8 || oid === builtins.NUMERIC) return Number;
  if (oid === builtins.DATE) return (text: string) => text;
  return pg.types.getTypeParser(oid, 'text');
}
