/** Longest single value that evidence repeats. */
const maxShown = 120;

export type JsonObject = { [key: string]: unknown };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * A JSON object in a text, or null. Values are already bounded by `maxValueCharacters`, and V8 parses without recursion.
 * Python writes NaN and Infinity into JSON; both are read as null, outside of strings only.
 */
export function parseObject(text: string): JsonObject | null {
  const start = text.search(/\S/);
  // Cheap to see, while parsing to the end of a broken megabyte is not.
  if (start < 0 || text[start] !== '{' || !text.slice(-1_000).trimEnd().endsWith('}')) return null;
  return tryParse(text) ?? (/\b(?:NaN|Infinity)\b/.test(text) ? tryParse(withoutPythonNumbers(text)) : null);
}

function tryParse(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    // Not JSON: that is an answer, not a failure.
    return null;
  }
}

/** One pass: a pattern for strings would take quadratic time on a text of escaped quotes. */
function withoutPythonNumbers(text: string): string {
  const parts: string[] = [];
  let kept = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (letter === '"') inString = !inString;
    else if (inString && letter === '\\') at += 1;
    else if (!inString && (letter === 'N' || letter === 'I' || letter === '-')) {
      const word = ['NaN', 'Infinity', '-Infinity'].find((of) => text.startsWith(of, at));
      if (word === undefined) continue;
      parts.push(text.slice(kept, at), 'null');
      at += word.length - 1;
      kept = at + 1;
    }
  }
  return parts.join('') + text.slice(kept);
}

/** A short text for evidence: one line, no control characters, cut; null for what is no text or number or is empty. */
export function shown(value: unknown): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value !== 'string') return null;
  const line = value
    .slice(0, maxShown * 4)
    .replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  if (line === '') return null;
  return line.length > maxShown ? `${line.slice(0, maxShown)}…` : line;
}

/** A number from a number or a numeral; null otherwise. */
export function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string' || !/^\s*[-+]?\d{1,20}(?:\.\d{1,20})?\s*$/.test(value)) return null;
  return Number(value);
}

/** `832x1216`; null where a side is missing. */
export function sizeOf(width: unknown, height: unknown): string | null {
  const [across, down] = [numberOf(width), numberOf(height)];
  return across !== null && down !== null ? `${across}x${down}` : null;
}

/** Evidence from pairs, leaving out what is missing. */
export function evidenceOf(
  pairs: Record<string, string | number | boolean | string[] | null | undefined>,
): Record<string, string | number | boolean | string[]> {
  const evidence: Record<string, string | number | boolean | string[]> = {};
  for (const [key, value] of Object.entries(pairs)) {
    if (value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0)) evidence[key] = value;
  }
  return evidence;
}

/** Only the last part of a path: model files are named by where they lie on somebody's disk. */
export function fileName(value: unknown): string | null {
  const text = shown(value);
  return text === null ? null : (text.split(/[\\/]/).at(-1) ?? text);
}

export function lengthOf(value: unknown): number | null {
  return typeof value === 'string' && value !== '' ? value.length : null;
}

export const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
