import { Problem } from '../../contract/problem.ts';

/** How deep a request may be nested: deeper than any contract, and shallow enough for everything that walks it by calling itself. */
const maxDepth = 40;

/**
 * Refuses what is valid JSON and yet can be kept nowhere: text with U+0000 or with half a surrogate pair, which PostgreSQL does not take,
 * and values nested without end. It stands before the contracts, because every text of every contract would have to say it.
 */
export function refuseUnstorable(value: unknown, where: string): void {
  // A list and no recursion: the depth is the sender's.
  const waiting: { value: unknown; path: string; depth: number }[] = [{ value, path: where, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value: one, path, depth } = next;
    if (typeof one === 'string' && !isStorable(one))
      throw unstorable(path, 'text-unstorable', 'holds U+0000 or half a character');
    if (typeof one !== 'object' || one === null || ArrayBuffer.isView(one)) continue;
    if (depth === maxDepth) throw unstorable(where, 'too-deep', `is nested deeper than ${maxDepth} levels`);
    for (const [name, inner] of Object.entries(one)) {
      if (!isStorable(name)) throw unstorable(path, 'text-unstorable', 'has a name with U+0000 or half a character');
      waiting.push({
        value: inner,
        path: `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
        depth: depth + 1,
      });
    }
  }
}

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\u0000');
}

function unstorable(path: string, code: string, message: string): Problem {
  return new Problem('request-invalid', 'Some parts of the request are not as they should be.', {
    status: 400,
    fields: [{ path: path.slice(0, 300), code, message }],
  });
}
