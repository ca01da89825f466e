/**
 * Configuration in memory. A cached collection is read on nearly every request and written by hand now and then, so what was read
 * stays until somebody writes to the same collection of the same tenant, here or on another node.
 */
export interface Cache {
  /** What `read` answered for `question` since the last write to `topic`; reads once, shares, and freezes. */
  remember<R>(topic: string, question: string, read: () => Promise<R>): Promise<R>;
  /** Forgets everything under `topic`, or everything. */
  forget(topic: string | undefined): void;
}

const TOPIC_LIMIT = 5000;

function freezeDeep<V>(value: V): V {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const member of Object.values(value)) freezeDeep(member);
  return Object.freeze(value);
}

export function createCache(): Cache {
  let topics = new Map<string, Map<string, Promise<unknown>>>();
  return {
    async remember<R>(topic: string, question: string, read: () => Promise<R>): Promise<R> {
      let answers = topics.get(topic);
      if (!answers || answers.size > TOPIC_LIMIT) {
        answers = new Map();
        topics.set(topic, answers);
      }
      const known = answers.get(question);
      if (known) return known as Promise<R>;
      // Kept in the map it was asked under: a write in between drops that map, and with it an answer that may be old.
      const asked = read().then(freezeDeep);
      answers.set(question, asked);
      const kept = answers;
      asked.catch(() => kept.delete(question));
      return asked;
    },
    forget(topic) {
      if (topic === undefined) topics = new Map();
      else topics.delete(topic);
    },
  };
}
