/**
 * Enterprise protocols in which this server is the identity provider: what each says around the assertions (`assertions/`). Logins
 * themselves are those of every application: they begin and end at `transactions/`.
 */
import type { Endpoint } from '../kernel/index.ts';

export const enterpriseEndpoints: readonly Endpoint[] = [];
