import { compile } from 'json-p3';
import type { PublishedPlace, Target } from '../../contract/target.ts';
import { namesIn } from './template.ts';

export interface TargetFault {
  code:
    | 'no-json-path'
    | 'unknown-name'
    | 'unknown-secret'
    | 'secret-in-address'
    | 'not-one-of-hosts'
    | 'folder-elsewhere'
    | 'name-twice';
  path: string[];
  params: { text: string };
}

const names = new Set(['run', 'sample', 'declared', 'item', 'text']);
/** Parts of a target that hold texts to be filled in, by the name of the part. */
const templated = new Set(['path', 'headers', 'json', 'form']);

/**
 * What the shape alone does not show: JSONPath that does not parse, names that nothing fills in, addresses at other hosts. `folders`: may the
 * target name folders of the machine that runs it?
 */
export function checkTarget(target: Target, { folders = true }: { folders?: boolean } = {}): TargetFault[] {
  const faults: TargetFault[] = [];
  walk(target, []);
  for (const [index, place] of (target.published ?? []).entries()) checkPlace(place, ['published', String(index)]);
  for (const part of ['effects', 'rooms', 'published'] as const) checkNames(target[part] ?? [], part);
  return faults;

  /** By its name each stands in the record. */
  function checkNames(some: readonly { name: string }[], part: string): void {
    for (const [index, { name }] of some.entries())
      if (some.findIndex((one) => one.name === name) < index)
        faults.push({ code: 'name-twice', path: [part, String(index), 'name'], params: { text: name } });
  }

  function checkPlace({ folder, bucket }: PublishedPlace, path: string[]): void {
    const fault = (code: TargetFault['code'], part: string[], text: string) =>
      faults.push({ code, path: [...path, ...part], params: { text } });
    if (folder !== undefined && !folders) fault('folder-elsewhere', ['folder'], folder);
    if (!bucket) return;
    if (!target.hosts.includes(bucket.endpoint)) fault('not-one-of-hosts', ['bucket', 'endpoint'], bucket.endpoint);
    for (const part of ['keyId', 'key'] as const) {
      const name = bucket[part];
      if (name !== undefined && target.secrets[name] === undefined) fault('unknown-secret', ['bucket', part], name);
    }
  }

  function walk(value: unknown, path: string[]): void {
    if (typeof value === 'string') checkText(value, path);
    else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key]);
  }

  function checkText(text: string, path: string[]): void {
    const fault = (code: TargetFault['code'], said = text) => faults.push({ code, path, params: { text: said } });
    const inRequest = path.some((part) => templated.has(part));
    if (!inRequest && text.startsWith('$') && !isJsonPath(text)) fault('no-json-path');
    if (path.at(-1) === 'path' && text.startsWith('$')) {
      if (!isJsonPath(text)) fault('no-json-path');
      return;
    }
    if (!inRequest) return;
    for (const name of namesIn(text)) {
      const secret = name.startsWith('secret.') ? name.slice('secret.'.length) : null;
      if (secret === null && !names.has(name)) fault('unknown-name', name);
      if (secret !== null && target.secrets[secret] === undefined) fault('unknown-secret', secret);
      // Addresses are written down, here and on the way.
      if (secret !== null && path.at(-1) === 'path') fault('secret-in-address', secret);
    }
    if (path.at(-1) === 'path' && /^[a-z]+:/i.test(text) && !target.hosts.some((host) => text.startsWith(`${host}/`)))
      fault('not-one-of-hosts');
  }
}

function isJsonPath(text: string): boolean {
  try {
    compile(text);
    return true;
  } catch {
    return false;
  }
}
