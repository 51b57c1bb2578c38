/** Media jobs that may run at once; those who wait for an answer go before those who do not. */
export interface Jobs {
  run<T>(work: () => Promise<T>, turn: 'soon' | 'later'): Promise<T>;
}

export function openJobs(size: number): Jobs {
  const waiting: Record<'soon' | 'later', (() => void)[]> = { soon: [], later: [] };
  let free = size;
  return {
    async run(work, turn) {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting[turn].push(resolve));
      try {
        return await work();
      } finally {
        const next = waiting.soon.shift() ?? waiting.later.shift();
        if (next) next();
        else free += 1;
      }
    },
  };
}
