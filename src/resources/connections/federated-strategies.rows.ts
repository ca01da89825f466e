/** A kind of identity provider that logins can go to. */
export interface FederatedStrategy {
  readonly name: string;
  /** How it is spoken to. */
  readonly protocol: 'oidc' | 'oauth2';
  /** Social: the login page always shows a button. Enterprise: where `show_as_button` says so. */
  readonly kind: 'social' | 'enterprise';
  /** What stands between `<strategy>|` and `<id>` in a `user_id`. */
  readonly userId: '<connection>|<id>' | '<id>';
  /** People come by what a native application brings from them, and not over the browser. */
  readonly nativeOnly?: true;
  /** Where its endpoints come from. */
  readonly endpoints: string;
}

/** The strategies whose users prove who they are to somebody else. The page `docs/compat/federated-strategies.md` is made of it. */
export const federatedStrategies = [
  {
    name: 'oidc',
    protocol: 'oidc',
    kind: 'enterprise',
    userId: '<connection>|<id>',
    endpoints: 'issuer and endpoints in the options, or discovery_url',
  },
  {
    name: 'okta',
    protocol: 'oidc',
    kind: 'enterprise',
    userId: '<connection>|<id>',
    endpoints: 'issuer and endpoints in the options, or domain',
  },
  {
    name: 'oauth2',
    protocol: 'oauth2',
    kind: 'social',
    userId: '<connection>|<id>',
    endpoints: 'authorizationURL, tokenURL, userinfo_endpoint',
  },
  { name: 'google-oauth2', protocol: 'oidc', kind: 'social', userId: '<id>', endpoints: 'fixed' },
  { name: 'github', protocol: 'oauth2', kind: 'social', userId: '<id>', endpoints: 'fixed' },
  {
    name: 'apple',
    protocol: 'oidc',
    kind: 'social',
    userId: '<id>',
    nativeOnly: true,
    endpoints: 'fixed; native social login only',
  },
  {
    name: 'facebook',
    protocol: 'oauth2',
    kind: 'social',
    userId: '<id>',
    nativeOnly: true,
    endpoints: 'fixed; native social login only',
  },
] as const satisfies readonly FederatedStrategy[];
