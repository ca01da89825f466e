import type { Wire } from './configuration.ts';
import { requestJson } from './transport.ts';

/** What a provider says about somebody. */
export type UpstreamClaims = Readonly<Record<string, unknown>>;

/** What an API of the provider answers to an access token (RFC 6750 §2.1). Throws UpstreamTrouble. */
export function fetchUpstreamJson(ctx: Wire, url: string, accessToken: string): Promise<unknown> {
  return requestJson(ctx, url, { authorization: `Bearer ${accessToken}` });
}
