import type * as Library from 'openid-client';
import { type Context, type Outbound, systemClock } from '../../kernel/index.ts';
import type { Provider } from './provider.ts';
import { transportTo } from './transport.ts';
import { UpstreamTrouble } from './trouble.ts';

export type Wire = Pick<Context, 'outbound' | 'clock' | 'tenant'>;
type KeyCache = Parameters<typeof Library.setJwksCache>[1];

/** Key sets by way out, tenant and address: read again by the library when they age or a key is missing, once a minute at most. */
const keySets = new WeakMap<Outbound, Map<string, KeyCache>>();
const MOST = 500;

/** The library, and what it must know of `provider` for one exchange. */
export interface Conversation {
  readonly library: typeof Library;
  readonly config: Library.Configuration;
}

/**
 * Has `work` talk to `provider`; what the library throws comes out as UpstreamTrouble. Signatures of ID tokens are checked always: that
 * they came over TLS is not enough for somebody's account.
 */
export async function conversing<R>(
  ctx: Wire,
  provider: Provider,
  work: (conversation: Conversation) => Promise<R>,
): Promise<R> {
  const library = await import('openid-client');
  const config = configure(ctx, library, provider);
  const known = keySets.get(ctx.outbound) ?? new Map<string, KeyCache>();
  keySets.set(ctx.outbound, known);
  const name = `${ctx.tenant.id} ${provider.jwks_uri}`;
  const cached = known.get(name);
  if (cached) library.setJwksCache(config, cached);
  try {
    return await work({ library, config });
  } catch (error) {
    throw explain(library, error);
  } finally {
    remember(known, name, library.getJwksCache(config));
  }
}

function configure(ctx: Wire, library: typeof Library, provider: Provider): Library.Configuration {
  const { issuer, authorization_endpoint, token_endpoint, jwks_uri, userinfo_endpoint, client_id } = provider;
  const server: Library.ServerMetadata = {
    issuer,
    authorization_endpoint,
    ...(token_endpoint === undefined ? {} : { token_endpoint }),
    ...(jwks_uri === undefined ? {} : { jwks_uri }),
    ...(userinfo_endpoint === undefined ? {} : { userinfo_endpoint }),
    id_token_signing_alg_values_supported: [...provider.algorithms],
    ...(provider.promises_iss ? { authorization_response_iss_parameter_supported: true } : {}),
  };
  // The library asks the machine for the time: it is told how far this server's clock is from that.
  const skew = Math.round((ctx.clock.now() - systemClock.now()) / 1000);
  const secret = provider.client_secret;
  const authentication = secret === undefined ? library.None() : library.ClientSecretPost(secret);
  const config = new library.Configuration(server, client_id, { [library.clockSkew]: skew }, authentication);
  config[library.customFetch] = transportTo(ctx.outbound, provider);
  if (provider.protocol === 'oidc') library.enableNonRepudiationChecks(config);
  return config;
}

function remember(known: Map<string, KeyCache>, name: string, cache: KeyCache | undefined): void {
  if (cache === undefined) return;
  known.delete(name);
  const [oldest] = known.keys();
  if (known.size >= MOST && oldest !== undefined) known.delete(oldest);
  known.set(name, cache);
}

const LONGEST = 300;

function explain(library: typeof Library, error: unknown): UpstreamTrouble {
  if (error instanceof UpstreamTrouble) return error;
  if (error instanceof library.ResponseBodyError || error instanceof library.AuthorizationResponseError) {
    const message = (error.error_description ?? error.error).slice(0, LONGEST);
    return new UpstreamTrouble('refused', message, { error: error.error, cause: error });
  }
  if (error instanceof library.WWWAuthenticateChallengeError)
    return new UpstreamTrouble('refused', 'the identity provider refused its own access token', { cause: error });
  if (!(error instanceof library.ClientError) || isOutbound(error.cause)) {
    // Whatever the guarded client throws passes through the library as it is, or as a cause.
    return new UpstreamTrouble('unreachable', 'the identity provider could not be reached', { cause: error });
  }
  return new UpstreamTrouble('invalid', reasonOf(error), { cause: error });
}

const isOutbound = (cause: unknown) => cause instanceof Error && /^Outbound/.test(cause.name);

/** The library's own sentence, with the one behind it where there is one. */
function reasonOf(error: Error): string {
  const inner = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return `${error.message}${inner}`.slice(0, LONGEST);
}
