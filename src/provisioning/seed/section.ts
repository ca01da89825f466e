import type { Context, Method } from '../../kernel/index.ts';
import type { ClientNames } from './client-names.ts';
import type { Operations } from './operations.ts';

/** What the sections of a seed work with, and what they leave for those after them. */
export interface Seeding {
  readonly ctx: Context;
  readonly operations: Operations;
  readonly clients: ClientNames;
  /** Hashes of the users' clear passwords, by position. */
  readonly hashes: readonly (string | undefined)[];
}

/** One key of the file. */
export interface Section {
  readonly key: string;
  /** What it calls: where this version has no such endpoint, the key can't be honoured. */
  readonly needs: readonly (readonly [Method, string])[];
  /** Applies a value that is not empty. SeedError names the place and the reason. */
  readonly apply: (seeding: Seeding, value: unknown) => Promise<void>;
}
