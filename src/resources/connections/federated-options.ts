import { managementError } from '../../kernel/index.ts';
import { importSigner } from '../../platform/crypto/index.ts';
import { optionKinds } from './federated-connection-options.rows.ts';
import { federatedStrategies } from './federated-strategies.rows.ts';
import { invalidOption as invalid, requireKinds } from './option-kinds.ts';
import type { Options } from './password-rules.ts';
import { socialProviders } from './social-providers.ts';

const refuse = (message: string) => managementError(400, message, 'invalid_body');

/** Does the strategy send its users to an identity provider? */
export function isFederatedStrategy(strategy: string): boolean {
  return federatedStrategies.some(({ name }) => name === strategy);
}

/** Options of a new connection, with what Auth0 adds (recorded). */
export function initialFederatedOptions(strategy: string, given: Options): Options {
  const type = CHANNELS[strategy];
  const settings = type ? { connection_settings: { pkce: 'auto' }, type } : {};
  return completeFederatedOptions(strategy, withDefaultSwitches(strategy, { ...settings, ...given }));
}

/** Of a new connection. */
const CHANNELS: Readonly<Record<string, string>> = { oidc: 'front_channel', okta: 'back_channel' };

/** Recorded: PKCE is what the options say, and no more once they are replaced by some that do not. */
const withoutPkce = { schema_version: 'oidc-V4', connection_settings: { pkce: 'disabled' } };
const OPENID_DEFAULTS: Readonly<Record<string, Options>> = {
  oidc: { ...withoutPkce, attribute_map: { mapping_mode: 'bind_all' } },
  okta: { ...withoutPkce, attribute_map: { mapping_mode: 'basic_profile' } },
};

function withDefaultSwitches(strategy: string, given: Options): Options {
  const missing = socialProviders[strategy]?.defaults.filter((name) => given[name] === undefined) ?? [];
  return { ...given, ...Object.fromEntries(missing.map((name) => [name, true])) };
}

/** Options after a write: of well-known providers, `scope` says what the switches ask for unless it was given. */
export function completeFederatedOptions(strategy: string, given: Options): Options {
  const defaults = OPENID_DEFAULTS[strategy];
  if (defaults) return { ...defaults, ...given };
  const provider = socialProviders[strategy];
  if (!provider || given.scope !== undefined) return given;
  const on = Object.keys(given).filter((name) => given[name] === true && provider.switches[name]);
  return { ...given, scope: on.map((name) => provider.switches[name]) };
}

/** The rules of what a connection of a federated strategy may be told. WireError 400 that names the option. */
export function requireFederatedOptions(strategy: string, options: Options): void {
  requireKinds(optionKinds(strategy), options);
  requireKnownSwitches(strategy, options);
  requireUpstreamParams(options.upstream_params);
  RULES[strategy]?.(options);
}

function requireKnownSwitches(strategy: string, options: Options): void {
  const provider = socialProviders[strategy];
  if (!provider) return;
  for (const [name, value] of Object.entries(options)) {
    if (typeof value === 'boolean' && value && !(name in provider.switches))
      throw refuse(`options.${name} is not supported by this server; name the scope in options.freeform_scopes.`);
  }
}

const RULES: Readonly<Record<string, (options: Options) => void>> = {
  oidc(options) {
    requireOidc(options, options.discovery_url);
    if (options.type === 'back_channel' || options.type === undefined || options.type === null) return;
    if (options.connection_settings && (options.connection_settings as Options).pkce === 'S256')
      throw refuse('options.connection_settings.pkce needs options.type back_channel.');
  },
  okta(options) {
    if (typeof options.domain === 'string' && !/^[a-z0-9.-]+$/i.test(options.domain))
      throw invalid('domain', `String does not match pattern: ${options.domain}`);
    requireOidc(options, options.domain);
    if (options.type !== undefined && options.type !== 'back_channel')
      throw invalid('type', `No enum match for: ${options.type}`);
  },
  apple({ app_secret: pem }) {
    if (pem === undefined || pem === null || pem === '') return;
    try {
      importSigner(String(pem), undefined, 'ES256');
    } catch {
      throw refuse('options.app_secret must be a P-256 private key in PEM.');
    }
  },
  oauth2(options) {
    for (const name of ['client_id', 'authorizationURL', 'tokenURL']) requirePresent(options, name);
    if (Object.keys((options.scripts ?? {}) as Options).length > 0)
      throw refuse(
        'options.scripts are not run by this server: name the address of the profile in options.userinfo_endpoint, and where its members differ in options.fieldsMap.',
      );
    requirePresent(options, 'userinfo_endpoint');
    for (const name of ['authParams', 'authParamsMap']) requireNotOwn(name, options[name]);
  },
};

function requireOidc(options: Options, discovered: unknown): void {
  requirePresent(options, 'client_id');
  const scope = options.scope as string | undefined;
  if (scope !== undefined && !scope.split(' ').includes('openid')) throw refuse('options.scope must include openid.');
  if (options.token_endpoint_auth_method === 'private_key_jwt')
    throw refuse('options.token_endpoint_auth_method private_key_jwt is not supported by this server.');
  if (options.dpop_signing_alg) throw refuse('options.dpop_signing_alg is not supported by this server.');
  if (discovered || options.oidc_metadata) return;
  for (const name of ['issuer', 'authorization_endpoint', 'jwks_uri']) requirePresent(options, name);
}

function requirePresent(options: Options, name: string): void {
  if (options[name] !== undefined && options[name] !== null && options[name] !== '') return;
  throw refuse(`Payload validation error: 'Missing required property: ${name}' on property options.`);
}

/** What `/authorize` knows of a request and can hand on under another name. */
const ALIASES = [
  ...['acr_values', 'audience', 'client_id', 'display', 'login_hint', 'max_age', 'prompt', 'response_mode'],
  ...['response_type', 'ui_locales'],
];
/** These say who asks and how the answer comes: they are never anybody else's to choose. */
const OWN = [
  ...['client_id', 'redirect_uri', 'response_type', 'response_mode', 'state', 'nonce', 'code_challenge'],
  ...['code_challenge_method', 'request', 'request_uri'],
];

/** `authParamsMap` names the provider's parameters by its values, `authParams` by its names. */
function requireNotOwn(option: string, given: unknown): void {
  const entries = Object.entries((given ?? {}) as Record<string, string>);
  const names = entries.map(([name, value]) => (option === 'authParamsMap' ? value : name));
  const own = names.find((name) => OWN.includes(name));
  if (own !== undefined) throw refuse(`options.${option} cannot set ${own}.`);
  const unknown = option === 'authParamsMap' ? entries.find(([name]) => !ALIASES.includes(name))?.[0] : undefined;
  if (unknown !== undefined) throw refuse(`options.authParamsMap cannot read ${unknown}.`);
}

function requireUpstreamParams(params: unknown): void {
  if (params === undefined || params === null) return;
  for (const [name, rule] of Object.entries(params as Record<string, Options | null>)) {
    if (OWN.includes(name)) throw refuse(`options.upstream_params cannot set ${name}.`);
    if (rule === null) continue;
    const isValue = typeof rule.value === 'string' && Object.keys(rule).length === 1;
    const isAlias = typeof rule.alias === 'string' && Object.keys(rule).length === 1;
    if (!isValue && !isAlias) throw invalid(`upstream_params.${name}`, 'Expected either alias or value');
    if (isAlias && !ALIASES.includes(rule.alias as string))
      throw invalid(`upstream_params.${name}.alias`, `No enum match for: ${rule.alias}`);
  }
}
