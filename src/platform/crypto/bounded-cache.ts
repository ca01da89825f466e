/** Remembers what is costly to make. Holds `limit` values at most: the oldest goes first. */
export interface BoundedCache<T> {
  /** The value under `key`, made by `make` (and kept) when it is not there. */
  obtain(key: string, make: () => T): T;
  readonly size: number;
}

/** An empty cache for at most `limit` values. A `make` that throws leaves nothing behind. */
export function createBoundedCache<T>(limit: number): BoundedCache<T> {
  const values = new Map<string, T>();
  return {
    obtain(key, make) {
      const known = values.get(key);
      if (known !== undefined) return known;
      const made = make();
      if (values.size >= limit) {
        const oldest = values.keys().next();
        if (!oldest.done) values.delete(oldest.value);
      }
      values.set(key, made);
      return made;
    },
    get size() {
      return values.size;
    },
  };
}
