/** What a token says beyond its subject, audience and scopes: terms that grants, refresh tokens and claims share. */

/** RFC 7800: the key that the bearer must prove to have. RFC 9449 §6.1, RFC 8705 §3.1. */
export interface Confirmation {
  /** SHA-256 thumbprint of a DPoP key. */
  readonly jkt?: string;
  /** SHA-256 thumbprint of a client certificate. */
  readonly 'x5t#S256'?: string;
}

/** RFC 9396 §2: one thing that is asked for or granted; members besides `type` belong to that type. */
export interface AuthorizationDetail {
  readonly type: string;
  readonly [member: string]: unknown;
}

/** The organization that a token is for. Auth0 puts the name in where the tenant wants it. */
export interface OrganizationClaim {
  readonly id: string;
  /** Present only where the tenant has names in tokens. */
  readonly name?: string;
}

/** How many tokens may be issued in an hour and in a day, by the clock of UTC. Without `enforce` they are only counted. */
export interface TokenQuota {
  readonly client_credentials: {
    readonly enforce?: boolean;
    readonly per_day?: number;
    readonly per_hour?: number;
  };
}
