import { LineCounter, parseDocument } from 'yaml';
import type { Lang } from '../../contract/lang.ts';
import { parseIn } from '../../contract/parse-in.ts';
import { type RegisterDocument, registerDocumentSchema } from '../../contract/register-document.ts';

/** Written by people: none comes near this. */
export const maxDocumentBytes = 512 * 1024;
/** Aliases multiply what a file unfolds to. */
const maxAliases = 50;
const mostFaults = 50;

export interface DocumentFault {
  code: 'not-yaml' | 'shape';
  path: (string | number)[];
  line: number;
  params: { problem: string };
}

export interface DocumentRead {
  /** Null when there are faults. */
  document: RegisterDocument | null;
  faults: DocumentFault[];
  /** The line, from 1, on which something stands, or the nearest thing above it. */
  lineOf(path: readonly (string | number)[]): number;
}

/** Reads a `clearmirror.yaml`, or says at which lines it is not one. Aliases are bounded; no custom tags. */
export function readRegisterDocument(text: string, lang: Lang): DocumentRead {
  const lineCounter = new LineCounter();
  const broken = (problem: string, line: number): DocumentRead => ({
    document: null,
    faults: [{ code: 'not-yaml', path: [], line, params: { problem } }],
    lineOf: () => line,
  });
  try {
    const yaml = parseDocument(text, { lineCounter, schema: 'core', version: '1.2', strict: true });
    const [fault] = yaml.errors;
    if (fault) return broken(fault.message.split('\n')[0] ?? fault.code, lineCounter.linePos(fault.pos[0]).line);
    const lineOf = (path: readonly (string | number)[]) => findLine(yaml, path, lineCounter);
    const parsed = parseIn(registerDocumentSchema, yaml.toJS({ maxAliasCount: maxAliases }), lang);
    if (parsed.success) return { document: parsed.data, faults: [], lineOf };
    const faults = parsed.issues.slice(0, mostFaults).map((issue): DocumentFault => {
      const path = issue.path.filter((part) => typeof part !== 'symbol');
      return { code: 'shape', path, line: lineOf(path), params: { problem: issue.message } };
    });
    return { document: null, faults, lineOf };
  } catch (error) {
    // Too many aliases, or nested deeper than the stack.
    return broken(error instanceof Error ? (error.message.split('\n')[0] ?? error.message) : String(error), 1);
  }
}

function findLine(
  yaml: ReturnType<typeof parseDocument>,
  path: readonly (string | number)[],
  lineCounter: LineCounter,
): number {
  for (let length = path.length; length >= 0; length--) {
    const node = yaml.getIn(path.slice(0, length), true);
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) {
      return lineCounter.linePos(Number(node.range[0])).line;
    }
  }
  return 1;
}
