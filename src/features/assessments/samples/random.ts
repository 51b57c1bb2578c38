import { createHash } from 'node:crypto';

export interface Random {
  /** A whole number, 0 … limit − 1, limit at most 2³². */
  below(limit: number): number;
}

/** The same numbers for the same seed, on every machine: a sample can be made again from its run and its name. */
export function randomFrom(seed: string): Random {
  let block = Buffer.alloc(0);
  let at = 0;
  let blocks = 0;
  return {
    below: (limit) => {
      if (at >= block.length) {
        block = createHash('sha256').update(`${seed}/${blocks++}`).digest();
        at = 0;
      }
      const drawn = block.readUInt32LE(at);
      at += 4;
      return drawn % limit;
    },
  };
}
