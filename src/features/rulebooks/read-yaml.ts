import { readFileSync, statSync } from 'node:fs';
import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import type { Lang } from '../../contract/lang.ts';
import { parseIn } from '../../contract/parse-in.ts';
import { errorCode } from '../../platform/error-code.ts';

/** A rulebook is read by people: none comes near this. */
const maxFileBytes = 1024 * 1024;
/** Aliases multiply what a file unfolds to. */
const maxAliases = 50;

export interface YamlFault {
  code: 'not-yaml' | 'too-large' | 'unreadable' | 'shape' | 'missing' | 'unknown-key';
  path: (string | number)[];
  params: Record<string, string | number>;
}

export interface YamlRead<T> {
  value: T | null;
  faults: YamlFault[];
  /** The line on which something stands, or the nearest thing above it; null when the file is no YAML. */
  lineOf: (path: (string | number)[]) => number | null;
}

/** Reads a YAML file into the shape of the schema, or says what is wrong with it. Size and aliases are bounded; no custom tags. */
export function readYaml<T>(file: string, schema: z.ZodType<T>, lang: Lang): YamlRead<T> {
  const nowhere = { value: null, lineOf: () => null };
  const text = readText(file);
  if (typeof text !== 'string') return { ...nowhere, faults: [text] };
  const lineCounter = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter, schema: 'core', version: '1.2', strict: true });
    const lineOf = (path: (string | number)[]) => findLine(document, path, lineCounter);
    const [fault] = document.errors;
    if (fault) {
      const line = lineCounter.linePos(fault.pos[0]).line;
      const problem = fault.message.split('\n')[0] ?? fault.code;
      return { value: null, faults: [{ code: 'not-yaml', path: [], params: { problem } }], lineOf: () => line };
    }
    const content: unknown = document.toJS({ maxAliasCount: maxAliases });
    const parsed = parseIn(schema, content, lang);
    if (parsed.success) return { value: parsed.data, faults: [], lineOf };
    return { value: null, faults: parsed.issues.flatMap((issue) => explain(issue, [], content)), lineOf };
  } catch (error) {
    // Too many aliases, or nested deeper than the stack.
    const problem = error instanceof Error ? error.message : String(error);
    return { ...nowhere, faults: [{ code: 'not-yaml', path: [], params: { problem } }] };
  }
}

function readText(file: string): string | YamlFault {
  try {
    if (statSync(file).size > maxFileBytes)
      return { code: 'too-large', path: [], params: { limit: maxFileBytes / 1024 } };
    return readFileSync(file, 'utf8');
  } catch (error) {
    return { code: 'unreadable', path: [], params: { problem: errorCode(error) ?? String(error) } };
  }
}

type Issue = z.core.$ZodIssue;

/** What the writer must change. Of a union, the branch that came furthest: its complaints are what was meant. */
function explain(issue: Issue, base: (string | number)[], content: unknown): YamlFault[] {
  const path = [...base, ...issue.path.filter((part) => typeof part !== 'symbol')];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ code: 'unknown-key', path: [...path, key], params: { key } }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const branches = issue.errors.map((issues) => issues.flatMap((inner) => explain(inner, path, content)));
    const best = branches.sort((one, other) => merit(other) - merit(one))[0];
    if (best && best.length > 0) return best;
  }
  const name = path.at(-1);
  if (name !== undefined && valueAt(content, path) === undefined) {
    return [{ code: 'missing', path, params: { name } }];
  }
  return [{ code: 'shape', path, params: { problem: issue.message } }];
}

function valueAt(content: unknown, path: (string | number)[]): unknown {
  let value = content;
  for (const part of path) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined;
  }
  return value;
}

/** Deep complaints come from a branch that fitted on the way; of two equals the one with fewer. */
function merit(faults: YamlFault[]): number {
  return Math.max(...faults.map(({ path }) => path.length)) * 100 - faults.length;
}

function findLine(
  document: ReturnType<typeof parseDocument>,
  path: (string | number)[],
  lineCounter: LineCounter,
): number | null {
  for (let length = path.length; length >= 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) {
      return lineCounter.linePos(Number(node.range[0])).line;
    }
  }
  return 1;
}
