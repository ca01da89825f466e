import type { Context } from '../../kernel/index.ts';
import {
  discoverProvider,
  type Provider,
  type ProviderMetadata,
  UpstreamTrouble,
} from '../../platform/upstream/index.ts';
import {
  type Connection,
  type FederatedRules,
  federatedCredentials,
  federatedRules,
  type KnownProvider,
} from '../../resources/connections/index.ts';

/** What a provider can do besides what every exchange with it needs to know. */
export interface ResolvedProvider extends Provider {
  readonly challengeMethods: readonly string[] | undefined;
}

/** Signatures that anybody can check; a shared secret would let the provider's other clients sign. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

/** The provider behind `connection`: its options, completed by what it says of itself. Throws UpstreamTrouble. */
export async function providerOf(ctx: Context, connection: Connection): Promise<ResolvedProvider> {
  const rules = federatedRules(connection);
  const { client_id, client_secret, headers } = federatedCredentials(ctx, connection);
  if (client_id === undefined) throw incomplete('client_id');
  const metadata: KnownProvider = { ...(await discovered(ctx, rules)), ...rules.known };
  const authorization_endpoint = metadata.authorization_endpoint ?? '';
  if (!authorization_endpoint.startsWith('https://')) throw incomplete('authorization_endpoint');
  if (!rules.frontChannel && metadata.token_endpoint === undefined) throw incomplete('token_endpoint');
  return {
    protocol: rules.strategy.protocol,
    ...identification(rules, metadata, authorization_endpoint),
    ...present(metadata, ['token_endpoint', 'userinfo_endpoint', 'end_session_endpoint']),
    authorization_endpoint,
    client_id,
    ...(client_secret === undefined ? {} : { client_secret }),
    ...(headers ? { headers } : {}),
    challengeMethods: metadata.code_challenge_methods_supported,
  };
}

async function discovered(ctx: Context, rules: FederatedRules): Promise<Partial<ProviderMetadata>> {
  const { known, discoveryUrl, frontChannel } = rules;
  const isWhole =
    known.issuer && known.authorization_endpoint && known.jwks_uri && (frontChannel || known.token_endpoint);
  return discoveryUrl && !isWhole ? discoverProvider(ctx, discoveryUrl, known.issuer) : {};
}

/** By what its answers and its ID tokens are known to be its own. */
function identification(rules: FederatedRules, metadata: KnownProvider, authorizationEndpoint: string) {
  if (rules.strategy.protocol === 'oauth2') return { issuer: new URL(authorizationEndpoint).origin, algorithms: [] };
  const { issuer, jwks_uri } = metadata;
  if (issuer === undefined) throw incomplete('issuer');
  if (jwks_uri === undefined) throw incomplete('jwks_uri');
  const offered = metadata.id_token_signing_alg_values_supported ?? ['RS256'];
  return {
    issuer,
    jwks_uri,
    algorithms: offered.filter((name) => ALGORITHMS.includes(name)),
    ...(metadata.authorization_response_iss_parameter_supported ? { promises_iss: true } : {}),
  };
}

function present<K extends keyof KnownProvider>(metadata: KnownProvider, names: readonly K[]): Pick<KnownProvider, K> {
  const found = names.filter((name) => metadata[name] !== undefined).map((name) => [name, metadata[name]]);
  return Object.fromEntries(found) as Pick<KnownProvider, K>;
}

const incomplete = (name: string) => new UpstreamTrouble('invalid', `the connection has no ${name}`);
