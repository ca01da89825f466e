import type { Logger } from '../../kernel/index.ts';

/** Work that no answer waits for. */
export interface Background {
  /** Begins `work` soon. When it rejects, that is logged. */
  start(work: () => Promise<void>): void;
  /** Resolves when nothing is in progress any more, or after `limitMs`. */
  idle(limitMs: number): Promise<void>;
}

/** Keeps track of work that goes on after its request was answered, so that whoever ends the process can wait for it. */
export function createBackground(log: Logger): Background {
  const running = new Set<Promise<void>>();
  return {
    start(work) {
      // The answer comes first: it is written before the next turn of the event loop.
      const turn = new Promise<void>((resolve) => setImmediate(resolve));
      const done: Promise<void> = turn
        .then(work)
        .catch((error) => log.error({ err: error }, 'work after an answer failed'))
        .finally(() => running.delete(done));
      running.add(done);
    },
    async idle(limitMs) {
      let isOver = false;
      let timer: NodeJS.Timeout | undefined;
      const limit = new Promise<void>((resolve) => {
        timer = setTimeout(() => {
          isOver = true;
          resolve();
        }, limitMs);
      });
      // What is in progress may start more.
      while (running.size > 0 && !isOver) await Promise.race([Promise.all(running), limit]);
      clearTimeout(timer);
    },
  };
}
