import { fail } from '../../kernel/index.ts';

/** Lets at most so many tasks run at once; the others wait in the order in which they came, up to a number. */
export interface Gate {
  run<T>(task: () => Promise<T>): Promise<T>;
}

/**
 * @param places how many tasks may run at once (at least 1)
 * @param queue how many may wait: whoever comes later is refused (Failure temporarily_unavailable) rather than kept for longer than
 *   anybody waits for an answer
 */
export function createGate(places: number, queue: number): Gate {
  const waiting: (() => void)[] = [];
  let free = Math.max(1, places);
  return {
    async run(task) {
      if (free > 0) free--;
      else if (waiting.length >= queue) fail('temporarily_unavailable', {}, 'too many tasks are waiting');
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
