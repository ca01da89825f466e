import { socialProviders } from './social-providers.ts';

/** What an option of a federated connection must be. */
export interface OptionKind {
  readonly type: 'string' | 'boolean' | 'array' | 'object';
  /** An address that tokens may be sent to. */
  readonly https?: true;
  readonly values?: readonly string[];
  readonly longest?: number;
  /** A list that may also be one text. */
  readonly orText?: true;
  /** An object of texts. */
  readonly texts?: true;
}

interface OptionRow extends OptionKind {
  readonly name: string;
  readonly status: 'enforced' | 'stored';
  readonly where: string;
}

type Rules = Omit<OptionKind, 'type'>;

const row =
  (type: OptionKind['type']) =>
  (name: string, where: string, rules: Rules = {}): OptionRow => ({ name, status: 'enforced', where, type, ...rules });
const text = row('string');
const flag = row('boolean');
const list = row('array');
const object = row('object');
const stored = (declared: OptionRow): OptionRow => ({
  ...declared,
  status: 'stored',
  where: `stored and returned; not done yet (${declared.where})`,
});

const URL_RULES = { https: true, longest: 2083 } as const;

const shared: readonly OptionRow[] = [
  text('client_id', 'who this server is to the provider', { longest: 255 }),
  text('client_secret', 'sent to the token endpoint; sealed in storage, shown to readers of connections', {
    longest: 700,
  }),
  text('set_user_root_attributes', 'when name, nickname, given_name, family_name and picture follow the provider', {
    values: ['on_each_login', 'on_first_login', 'never_on_login'],
  }),
  list('non_persistent_attrs', 'members of the profile that are not kept'),
  object('upstream_params', 'parameters of the request to the provider: by alias or by value'),
  text('icon_url', 'the picture on the button of the login page', URL_RULES),
  object(
    'federated_connections_access_tokens',
    'active: tokens of the provider go to the token vault and not to the user',
  ),
];

const oidc: readonly OptionRow[] = [
  text('type', 'back_channel: code and PKCE; front_channel: an ID token by form post', {
    values: ['back_channel', 'front_channel'],
  }),
  text('issuer', 'the iss of ID tokens', { longest: 255 }),
  text('authorization_endpoint', 'where logins go', URL_RULES),
  text('token_endpoint', 'where codes and refresh tokens are exchanged', URL_RULES),
  text('userinfo_endpoint', 'back_channel: the profile is completed from it', URL_RULES),
  text('jwks_uri', 'keys of ID tokens', URL_RULES),
  text('discovery_url', 'what the options leave out is read there when it is needed, once an hour at most', URL_RULES),
  object('oidc_metadata', 'comes before discovery_url and after the options of their own name'),
  text('scope', 'asked for; must hold openid', { longest: 255 }),
  object('attribute_map', 'mapping_mode bind_all, basic_profile, use_map with templates'),
  object(
    'connection_settings',
    'pkce: auto (of a new connection), S256, plain, disabled (once options are replaced by some without it)',
  ),
  flag('send_back_channel_nonce', 'false: no nonce with back_channel. It is sent otherwise'),
  list('id_token_signed_response_algs', 'algorithms of ID tokens; RS256 unless the provider or this says otherwise', {
    values: ['ES256', 'ES384', 'PS256', 'PS384', 'RS256', 'RS384', 'RS512'],
  }),
  text('token_endpoint_auth_method', 'client_secret_post; private_key_jwt is refused', {
    values: ['client_secret_post', 'private_key_jwt'],
  }),
  list('domain_aliases', 'the login page sends addresses of these domains to the provider'),
  stored(text('tenant_domain', 'information only', { longest: 255 })),
];

const okta: readonly OptionRow[] = [...oidc, text('domain', 'discovery_url is made of it', { longest: 255 })];

const oauth2: readonly OptionRow[] = [
  text('authorizationURL', 'where logins go', URL_RULES),
  text('tokenURL', 'where codes and refresh tokens are exchanged', URL_RULES),
  text('userinfo_endpoint', 'an option of this server only: where the profile is read, as JSON', URL_RULES),
  object('fieldsMap', 'member of the user → member of the profile; user_id is `sub`, else `id`, unless told', {
    texts: true,
  }),
  list('scope', 'asked for', { orText: true }),
  flag('pkce_enabled', 'PKCE with S256'),
  flag('useOauthSpecScope', 'lists of scopes are separated by spaces, else by commas'),
  object('authParams', 'further parameters of the request to the provider', { texts: true }),
  object('authParamsMap', 'parameter of /authorize → parameter of the provider', { texts: true }),
  object('customHeaders', 'headers of requests to the token endpoint', { texts: true }),
  text('logoutUrl', 'federated logout leads there', URL_RULES),
  object('scripts', 'refused: scripts are not run'),
];

const social: readonly OptionRow[] = [
  list('scope', 'asked for; made of the switches where it is not given', { orText: true }),
  list('freeform_scopes', 'asked for besides', { orText: true }),
  list(
    'allowed_audiences',
    "the provider's other clients whose ID tokens (native social login) and access tokens (/oauth/access_token) count",
  ),
];

const apple: readonly OptionRow[] = [
  text('team_id', 'who the client secret that is made for Apple is of', { longest: 256 }),
  text('kid', 'the key that it is signed with', { longest: 1536 }),
  text('app_secret', 'that key: a P-256 private key in PEM; sealed in storage', { longest: 5120 }),
];

const switchesOf = (strategy: string) =>
  Object.entries(socialProviders[strategy]?.switches ?? {}).map(([name, scope]) =>
    flag(name, scope ? `asks for ${scope}` : name === 'offline_access' ? 'asks for a refresh token' : 'nothing to ask'),
  );

/** Options by strategy. The page `docs/compat/federated-connection-options.md` is made of them. */
export const everyFederatedStrategy = shared;
export const oidcOptions = oidc;
export const oktaOptions: readonly OptionRow[] = okta.filter((one) => !oidc.includes(one));
export const oauth2Options = oauth2;
export const socialOptions = social;
export const appleOptions = apple;

const BY_STRATEGY: Readonly<Record<string, readonly OptionRow[]>> = {
  oidc: [...shared, ...oidc],
  okta: [...shared, ...okta],
  oauth2: [...shared, ...oauth2],
  'google-oauth2': [...shared, ...social, ...switchesOf('google-oauth2')],
  github: [...shared, ...social, ...switchesOf('github')],
  apple: [...shared, ...social, ...apple, ...switchesOf('apple')],
  facebook: [...shared, ...social, ...switchesOf('facebook')],
};

/** What each option of `strategy` must be, by name. */
export function optionKinds(strategy: string): Readonly<Record<string, OptionKind>> {
  return Object.fromEntries((BY_STRATEGY[strategy] ?? []).map((one) => [one.name, one]));
}
