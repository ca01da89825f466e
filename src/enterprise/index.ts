/**
 * Enterprise protocols in which this server is the identity provider: the assertions that they share (`assertions/`) and what each
 * says around them. Logins themselves are those of every application: they begin and end at `transactions/`.
 */
import type { Endpoint } from '../kernel/index.ts';

export const enterpriseEndpoints: readonly Endpoint[] = [];
