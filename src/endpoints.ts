import type { Endpoint } from './kernel/index.ts';
import { oauthTokenEndpoints } from './oauth/index.ts';

/** The table of contents: everything that can be called, by the folder that owns it. */
export const endpoints: readonly Endpoint[] = [...oauthTokenEndpoints];
