/**
 * Configuration in memory. A cached collection is read on nearly every request and written by hand now and then, so what was read
 * stays until somebody writes to the same collection of the same tenant, here or on another node.
 */
export interface Cache {
  /** What `read` answered for `question` since the last write to `topic`; reads once, shares, and freezes. */
  remember<R>(topic: string, question: string, read: () => Promise<R>): Promise<R>;
  /** Like `remember`, for the inside of a transaction: neither waits for what another reads, nor keeps what it reads itself. */
  recall<R>(topic: string, question: string, read: () => Promise<R>): Promise<R>;
  /** Forgets everything under `topic`, or everything. */
  forget(topic: string | undefined): void;
}

export interface CacheLimits {
  /** Answers with something in them: there are only as many as there is configuration. */
  readonly found: number;
  /** Answers that there is nothing: anybody can make as many as he likes by asking for random ids. */
  readonly missing: number;
}

const LIMITS: CacheLimits = { found: 10_000, missing: 2000 };
/** What is asked with longer values is no configuration, and must not fill the memory. */
const LONGEST_QUESTION = 1500;

/** What is known since the last write to a topic. */
interface Generation {
  /** Being read right now. */
  readonly pending: Map<string, Promise<unknown>>;
}

interface Answer {
  /** Worth something only while it is the topic's current one. */
  readonly generation: Generation;
  readonly value: unknown;
}

function freezeDeep<V>(value: V): V {
  if (typeof value !== 'object' || value === null) return value;
  for (const member of Object.values(value)) freezeDeep(member);
  return Object.freeze(value);
}

/** Keeps the `limit` entries that were used last. */
class RecentlyUsed {
  private readonly entries = new Map<string, Answer>();
  private readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  get(key: string): Answer | undefined {
    const answer = this.entries.get(key);
    if (answer && this.entries.size > this.limit / 2) {
      this.entries.delete(key);
      this.entries.set(key, answer);
    }
    return answer;
  }

  set(key: string, answer: Answer): void {
    this.entries.delete(key);
    this.entries.set(key, answer);
    if (this.entries.size <= this.limit) return;
    const [oldest] = this.entries.keys();
    if (oldest !== undefined) this.entries.delete(oldest);
  }

  clear(): void {
    this.entries.clear();
  }
}

const isNothing = (value: unknown) =>
  value === undefined || value === 0 || (Array.isArray(value) && value.length === 0);

class ConfigurationCache implements Cache {
  private readonly generations = new Map<string, Generation>();
  private readonly found: RecentlyUsed;
  private readonly missing: RecentlyUsed;

  constructor(limits: CacheLimits) {
    this.found = new RecentlyUsed(limits.found);
    this.missing = new RecentlyUsed(limits.missing);
  }

  async remember<R>(topic: string, question: string, read: () => Promise<R>): Promise<R> {
    if (question.length > LONGEST_QUESTION) return read();
    const known = this.known(topic, question);
    if (known) return known.value as R;
    const generation = this.generationOf(topic);
    const pending = generation.pending.get(question) ?? this.fill(topic, question, generation, read);
    return pending as Promise<R>;
  }

  async recall<R>(topic: string, question: string, read: () => Promise<R>): Promise<R> {
    const known = this.known(topic, question);
    return known ? (known.value as R) : read();
  }

  forget(topic: string | undefined): void {
    if (topic !== undefined) {
      this.generations.delete(topic);
      return;
    }
    this.generations.clear();
    this.found.clear();
    this.missing.clear();
  }

  private known(topic: string, question: string): Answer | undefined {
    const generation = this.generations.get(topic);
    if (!generation) return undefined;
    const key = `${topic} ${question}`;
    const answer = this.found.get(key) ?? this.missing.get(key);
    return answer?.generation === generation ? answer : undefined;
  }

  private generationOf(topic: string): Generation {
    let generation = this.generations.get(topic);
    if (!generation) {
      generation = { pending: new Map() };
      this.generations.set(topic, generation);
    }
    return generation;
  }

  /** A write in between starts another generation, and what was read under the old one, perhaps before the write, is not kept. */
  private fill<R>(topic: string, question: string, generation: Generation, read: () => Promise<R>): Promise<R> {
    const filling = (async () => {
      try {
        const value = freezeDeep(await read());
        if (this.generations.get(topic) === generation) {
          const kept = isNothing(value) ? this.missing : this.found;
          kept.set(`${topic} ${question}`, { generation, value });
        }
        return value;
      } finally {
        generation.pending.delete(question);
      }
    })();
    generation.pending.set(question, filling);
    return filling;
  }
}

/** An empty cache; its memory is bounded by `limits`. */
export function createCache(limits: CacheLimits = LIMITS): Cache {
  return new ConfigurationCache(limits);
}
