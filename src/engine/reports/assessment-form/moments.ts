/** `2026-11-22 14:05` in the given time zone. Digits only: it stands in tables of both languages. */
export function moment(iso: string, timeZone: string): string {
  return `${day(iso, timeZone)} ${parts(iso, timeZone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })}`;
}

/** The day of a moment. A plain date stays what it is: it belongs to no time zone. */
export function day(iso: string, timeZone: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(iso)) return iso;
  return parts(iso, timeZone, { year: 'numeric', month: '2-digit', day: '2-digit' });
}

const formats = new Map<string, Intl.DateTimeFormat>();

function parts(iso: string, timeZone: string, options: Intl.DateTimeFormatOptions): string {
  const key = `${timeZone} ${Object.keys(options).join(' ')}`;
  // Building one takes far longer than using it; a thousand pieces of evidence have three dates each.
  const format = formats.get(key) ?? new Intl.DateTimeFormat('sv-SE', { ...options, timeZone });
  if (formats.size < 50) formats.set(key, format);
  return format.format(new Date(iso));
}
