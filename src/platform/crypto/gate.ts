/** Lets at most so many tasks run at once; the others wait in the order in which they came. */
export interface Gate {
  run<T>(task: () => Promise<T>): Promise<T>;
}

/** @param places how many tasks may run at once (at least 1) */
export function createGate(places: number): Gate {
  const waiting: (() => void)[] = [];
  let free = Math.max(1, places);
  return {
    async run(task) {
      if (free > 0) free--;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await task();
      } finally {
        // The place is handed over rather than given back, so that no newcomer can slip in between.
        const next = waiting.shift();
        if (next) next();
        else free++;
      }
    },
  };
}
