import type { AuthorizationDetail, Confirmation, LogType, OrganizationClaim } from '../../kernel/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import type { RefreshToken } from '../../resources/refresh-tokens/index.ts';
import type { User } from '../../resources/users/index.ts';
import type { ProvenMethod } from '../../transactions/index.ts';
import type { Target } from '../target.ts';
import type { Flow } from '../vocabulary.ts';

/** What a grant makes of a request: who gets tokens for what. Nothing has been consumed yet. */
export interface Authorization {
  readonly client: StoredClient;
  readonly target: Target;
  readonly flow: Flow;
  /** Absent where the client acts for itself. */
  readonly user?: User;
  /** The scopes asked for; undefined: nothing was said, and the flow's default applies. */
  readonly requested: readonly string[] | undefined;
  /** The connection that the user came from, for the log and for a second factor's continuation. */
  readonly connection?: string;
  /** The `sid` of the ID token. */
  readonly session_id?: string;
  readonly nonce?: string;
  /** The authentication context that the ID token names, unless a second factor was passed. */
  readonly acr?: string;
  /** Seconds: when the user proved who they are. */
  readonly auth_time?: number;
  /** `max_age` or `prompt=login` was asked for: the ID token says `auth_time`. */
  readonly auth_time_requested?: boolean;
  /** What the user proved in this login, first factor first. */
  readonly methods?: readonly ProvenMethod[];
  /** What the session behind the login had proved before: with `methods`, what the refresh token stands for. */
  readonly session_methods?: readonly ProvenMethod[];
  /** The device's name, from logins older than OpenID Connect: only with it comes a refresh token, for `/delegation`. */
  readonly device?: string;
  /** Delegation: the application that the ID token is for, where it is not the client. */
  readonly id_token_for?: StoredClient;
  /** The refresh token that is being exchanged: it is rotated, or noted as used. */
  readonly refresh_token?: RefreshToken;
  /** The token family was begun by this grant; comes back in `gty`. */
  readonly origin_grant?: string;
  /** The end user's address, when a trusted client told it. */
  readonly ip?: string;
  /** The organization that the tokens are for. */
  readonly organization?: OrganizationClaim;
  /** Roles that the user gets there by this very login. */
  readonly coming_roles?: readonly string[];
  /** The family of the refresh token that the login was handed over from. */
  readonly transferred_from?: string;
  /** The key that the access token is bound to. The endpoint writes it in: grants need not. */
  readonly confirmation?: Confirmation;
  /** The keys that the request proved to have, whether or not the access token is bound to one. Written in by the endpoint, too. */
  readonly proof?: Confirmation;
  /** RFC 9396: what is granted besides scopes. */
  readonly authorization_details?: readonly AuthorizationDetail[];
  /** RFC 8693 §4.1: who acts for the user. */
  readonly actor?: Readonly<Record<string, unknown>>;
  /** The log code of success, where it is not the grant's. */
  readonly success?: LogType;
  /** What the answer must not hold, whatever the scopes say. */
  readonly withheld?: readonly ('refresh_token' | 'id_token')[];
  /** Further members of the answer: `recovery_code`, `issued_token_type`. */
  readonly extra?: Readonly<Record<string, unknown>>;
  /**
   * Uses up what proves the first factor, where that can be done only once: run in the transaction that stores the `mfa_token` when the
   * request has to wait for a second factor. `consume`, which runs only where it has not to, must do the same.
   */
  readonly proveFirstFactor?: () => Promise<void>;
  /**
   * Takes what can be used only once (a code, an mfa_token) and writes what follows from success. Runs inside the one transaction
   * that also saves the refresh token, after every check passed; it throws when somebody else was faster. Keep it to reads and writes.
   */
  readonly consume?: (produced: Produced) => Promise<void>;
  /** Headers of the answer; asked for once the tokens are made. */
  readonly headers?: () => Readonly<Record<string, string>>;
}

/** An answer whose tokens are not made here: another server's, or one that only `/authorize` reads. Nothing is minted. */
export interface ForeignAnswer {
  readonly client: StoredClient;
  readonly user?: User;
  readonly connection?: string;
  readonly organization_id?: string | undefined;
  /** For the log. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** The whole body of the answer. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** As in `Authorization`: runs in one transaction, before the answer. */
  readonly consume?: () => Promise<void>;
}

/** What the token request leaves behind. */
export interface Produced {
  /** The family of the refresh token that goes out with the answer, or that was exchanged. */
  readonly family_id?: string;
}

/** An authorization whose scopes were decided. */
export interface GrantedAuthorization extends Authorization {
  readonly scope: readonly string[];
}

/** What of a login's answer goes to the application over the browser. */
export interface FrontChannelAuthorization extends GrantedAuthorization {
  readonly flow: 'implicit';
  /** Which tokens: of hybrid flows the code is not among them. */
  readonly tokens: readonly FrontChannelToken[];
  /** The code that goes along, to which the ID token is tied. It is stored by `consume`. */
  readonly code?: string;
  /** The request's, which goes along too. */
  readonly state?: string;
}

export type FrontChannelToken = 'token' | 'id_token';

/** The tokens of an answer over the browser. Never a refresh token (RFC 6749 §4.2.2). */
export interface FrontChannelTokens {
  readonly access_token?: string;
  readonly id_token?: string;
  /** Seconds that the access token lives. */
  readonly expires_in?: number;
  readonly token_type?: TokenType;
}

/** RFC 6750, RFC 9449 §5; `N_A` for what is no access token (RFC 8693 §2.2.1). */
export type TokenType = 'Bearer' | 'DPoP' | 'N_A';

/** The body of a successful answer, members in Auth0's order. */
export interface TokenResponse {
  readonly access_token: string;
  readonly refresh_token?: string;
  readonly id_token?: string;
  readonly scope?: string;
  readonly expires_in: number;
  readonly token_type: TokenType;
  readonly [extra: string]: unknown;
}
