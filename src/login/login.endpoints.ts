import type { Endpoint } from '../kernel/index.ts';

/** Every page and endpoint of this folder. */
export const loginEndpoints: readonly Endpoint[] = [];
