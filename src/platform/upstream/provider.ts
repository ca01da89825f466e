/** Another authorization server, and this server as its client. */
export interface Provider {
  readonly protocol: 'oidc' | 'oauth2';
  /** oidc: the `iss` of its ID tokens. oauth2: only a name, since nothing that it signs is believed. */
  readonly issuer: string;
  readonly authorization_endpoint: string;
  readonly token_endpoint?: string;
  readonly jwks_uri?: string;
  readonly userinfo_endpoint?: string;
  readonly end_session_endpoint?: string;
  /** RFC 9207: does it promise to say who it is in every authorization response? */
  readonly promises_iss?: boolean;
  readonly client_id: string;
  /** Sent in the body (`client_secret_post`); without it the client is public. */
  readonly client_secret?: string;
  /** Algorithms that ID tokens may be signed with; never `none`, never one with a shared secret. */
  readonly algorithms: readonly string[];
  /** Sent along to the token endpoint. */
  readonly headers?: Readonly<Record<string, string>>;
}
