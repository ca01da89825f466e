import { type Context, oauthError, type WireError } from '../kernel/index.ts';
import type { StoredClient } from '../resources/clients/index.ts';
import type { ResourceServer } from '../resources/resource-servers/index.ts';
import type { Flow } from './vocabulary.ts';

/** What an access token is for. */
export interface Target {
  readonly kind: 'userinfo' | 'api' | 'management' | 'mfa' | 'session_transfer';
  /** The `aud` of its tokens. */
  readonly identifier: string;
  /** Absent for what nobody configures: all but `api` and `management`. */
  readonly resourceServer?: ResourceServer;
  /** Present where the login is one of before OpenID Connect. */
  readonly legacy?: LegacyTerms;
  /** Seconds that a token of `flow` lives. */
  lifetimeFor(flow: Flow): number;
}

/** What an older application is told of its users. */
export interface LegacyTerms {
  /** The tenant's `enable_legacy_profile`: scopes name members of the profile, and `profile` names them all. */
  readonly wholeProfile: boolean;
}

/** The audience of `/userinfo`: made of the canonical issuer, whatever domain the request arrived at. */
export function userinfoAudience(ctx: Context): string {
  return `${ctx.canonicalIssuer}userinfo`;
}

/** The client may not have tokens for this API, or not of this kind. */
export function notAuthorizedFor(client: StoredClient, audience: string, hint = ''): WireError {
  return oauthError(
    403,
    'access_denied',
    `Client "${client.client_id}" is not authorized to access resource server "${audience}".${hint}`,
  );
}
