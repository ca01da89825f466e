import type { Context } from '../../kernel/index.ts';
import type { ProviderMetadata } from '../../platform/upstream/index.ts';
import { type Connection, isEnabledFor } from './connection.store.ts';
import { revealOptions } from './connection-options.ts';
import { isFederatedStrategy } from './federated-options.ts';
import { type FederatedStrategy, federatedStrategies } from './federated-strategies.rows.ts';
import { type Options, part } from './password-rules.ts';
import { type SocialProvider, socialProviders } from './social-providers.ts';

/** Addresses and abilities of a provider, as far as the options say. */
export type KnownProvider = Partial<ProviderMetadata>;

/** What the options of a federated connection come down to, whatever its strategy calls them. */
export interface FederatedRules {
  readonly strategy: FederatedStrategy;
  readonly social?: SocialProvider;
  readonly known: KnownProvider;
  /** Where the rest is read. */
  readonly discoveryUrl?: string;
  /** An ID token by form post instead of a code. */
  readonly frontChannel: boolean;
  readonly pkce: 'auto' | 'S256' | 'plain' | 'disabled';
  readonly sendsNonce: boolean;
  readonly scope: readonly string[];
  readonly scopeSeparator: ' ' | ',';
  readonly rootAttributes: 'on_each_login' | 'on_first_login' | 'never_on_login';
  /** Members of a profile that are not kept. */
  readonly dropped: readonly string[];
  /** E-mail domains, in lower case, whose people belong there. */
  readonly domains: readonly string[];
  /** Do the provider's tokens go to the token vault? */
  readonly vault: boolean;
}

const text = (options: Options, name: string) => (options[name] || undefined) as string | undefined;
const words = (value: unknown): string[] =>
  (Array.isArray(value) ? (value as string[]) : String(value ?? '').split(/[ ,]+/)).filter((word) => word !== '');

/** What the options say of a provider: those of their own name before `oidc_metadata`. */
function knownOf(strategy: FederatedStrategy, options: Options): KnownProvider {
  const social = socialProviders[strategy.name];
  if (social) return social;
  const renamed = {
    ...options,
    ...(options.authorizationURL ? { authorization_endpoint: options.authorizationURL } : {}),
    ...(options.tokenURL ? { token_endpoint: options.tokenURL } : {}),
    ...(options.logoutUrl ? { end_session_endpoint: options.logoutUrl } : {}),
  };
  const metadata = part(options, 'oidc_metadata');
  const names = [
    ...['issuer', 'authorization_endpoint', 'token_endpoint', 'jwks_uri', 'userinfo_endpoint'],
    ...['end_session_endpoint', 'id_token_signing_alg_values_supported', 'code_challenge_methods_supported'],
    'authorization_response_iss_parameter_supported',
  ];
  const algorithms = options.id_token_signed_response_algs as string[] | null | undefined;
  const given = { ...renamed, ...(algorithms ? { id_token_signing_alg_values_supported: algorithms } : {}) } as Options;
  const found = names.map((name) => [name, given[name] ?? metadata[name]]).filter(([, value]) => value ?? false);
  return Object.fromEntries(found) as KnownProvider;
}

function scopeOf(strategy: FederatedStrategy, options: Options): string[] {
  const social = socialProviders[strategy.name];
  const asked = [...(social?.scope ?? []), ...words(options.scope), ...words(options.freeform_scopes)];
  const scope = asked.length === 0 && strategy.protocol === 'oidc' ? ['openid', 'profile', 'email'] : asked;
  return [...new Set([...scope, ...words(part(options, 'attribute_map').userinfo_scope)])];
}

/** Auth0 separates lists by commas unless told otherwise; a text is sent as it was written. */
function separatorOf({ scope, useOauthSpecScope }: Options): ' ' | ',' {
  const isPlainText = typeof scope === 'string' && !scope.includes(',');
  return useOauthSpecScope === true || isPlainText ? ' ' : ',';
}

function pkceOf(strategy: FederatedStrategy, options: Options): FederatedRules['pkce'] {
  if (strategy.name === 'oauth2') return options.pkce_enabled === true ? 'S256' : 'disabled';
  return (part(options, 'connection_settings').pkce as FederatedRules['pkce'] | undefined) ?? 'auto';
}

function derive(connection: Connection): FederatedRules {
  const { options } = connection;
  const all: readonly FederatedStrategy[] = federatedStrategies;
  const strategy = all.find(({ name }) => name === connection.strategy)!;
  const social = socialProviders[strategy.name];
  const domain = strategy.name === 'okta' ? text(options, 'domain') : undefined;
  const discoveryUrl =
    text(options, 'discovery_url') ?? (domain && `https://${domain}/.well-known/openid-configuration`);
  const vault = part(options, 'federated_connections_access_tokens').active === true;
  return {
    strategy,
    ...(social ? { social } : {}),
    known: knownOf(strategy, options),
    ...(discoveryUrl && !social ? { discoveryUrl } : {}),
    frontChannel: strategy.name === 'oidc' && options.type !== 'back_channel',
    pkce: pkceOf(strategy, options),
    sendsNonce: strategy.protocol === 'oidc' && options.send_back_channel_nonce !== false,
    scope: scopeOf(strategy, options),
    scopeSeparator: strategy.name === 'oauth2' ? separatorOf(options) : ' ',
    rootAttributes:
      (options.set_user_root_attributes as FederatedRules['rootAttributes'] | undefined) ?? 'on_each_login',
    dropped: (options.non_persistent_attrs as string[] | null | undefined) ?? [],
    domains: words(options.domain_aliases).map((one) => one.toLowerCase()),
    vault: vault || connection.connected_accounts?.active === true,
  };
}

/** Connections come from memory as the same frozen object until somebody writes, so this is derived once. */
const derived = new WeakMap<Connection, FederatedRules>();

/** What the options of a federated connection come down to. Only for connections of federated strategies. */
export function federatedRules(connection: Connection): FederatedRules {
  let rules = derived.get(connection);
  if (!rules) {
    rules = derive(connection);
    derived.set(connection, rules);
  }
  return rules;
}

/** Do its users prove who they are to an identity provider? */
export function isFederated({ strategy }: Connection): boolean {
  return isFederatedStrategy(strategy);
}

/** May people who log in to `clientId` go to this provider? */
export function mayLogInWith(connection: Connection, clientId: string): boolean {
  if (!isFederated(connection) || federatedRules(connection).strategy.nativeOnly) return false;
  return connection.authentication?.active !== false && isEnabledFor(connection, clientId);
}

/** Does the login page show a button for it? Auth0: social ones always, an enterprise's where it was switched on. */
export function hasButton(connection: Connection): boolean {
  const { kind } = federatedRules(connection).strategy;
  return kind === 'social' ? connection.show_as_button !== false : connection.show_as_button === true;
}

/** What this server shows the provider of itself. */
export interface FederatedCredentials {
  readonly client_id?: string;
  readonly client_secret?: string;
  /** Apple: the key that signs what stands for a secret. */
  readonly app_secret?: string;
  /** Sent to its token endpoint. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The credentials of this server at the provider, in clear. */
export function federatedCredentials(ctx: Context, connection: Connection): FederatedCredentials {
  const options = revealOptions(ctx, connection.id, connection.options);
  const names = ['client_id', 'client_secret', 'app_secret'] as const;
  const headers = options.customHeaders as Record<string, string> | null | undefined;
  return {
    ...Object.fromEntries(names.map((name) => [name, text(options, name)]).filter(([, value]) => value)),
    ...(headers ? { headers } : {}),
  };
}
