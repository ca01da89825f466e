import type { Context } from '../../kernel/index.ts';
import { requestJson } from './transport.ts';
import { UpstreamTrouble } from './trouble.ts';

/** OpenID Connect Discovery 1.0 §3, as far as it is used. */
export interface ProviderMetadata {
  readonly issuer: string;
  readonly authorization_endpoint?: string;
  readonly token_endpoint?: string;
  readonly jwks_uri?: string;
  readonly userinfo_endpoint?: string;
  readonly end_session_endpoint?: string;
  readonly id_token_signing_alg_values_supported?: readonly string[];
  readonly code_challenge_methods_supported?: readonly string[];
  readonly authorization_response_iss_parameter_supported?: boolean;
}

const SUFFIX = '/.well-known/openid-configuration';
const KEPT_MS = 3_600_000;
const MOST = 500;

interface Kept {
  readonly until: number;
  readonly metadata: Promise<ProviderMetadata>;
}

/** Documents by address. They are public and the same for every tenant. */
const kept = new Map<string, Kept>();

/**
 * What a provider says of itself at `url`: asked once an hour at most, however many log in meanwhile; a failure is not remembered.
 * `issuer` is who it must be; without it, whoever the address belongs to (Discovery §4.3), so that a document cannot speak for others.
 *
 * @throws UpstreamTrouble
 */
export async function discoverProvider(
  ctx: Pick<Context, 'outbound' | 'clock'>,
  url: string,
  issuer: string | undefined,
): Promise<ProviderMetadata> {
  const metadata = await obtain(ctx, url);
  const belongs = issuer === undefined ? addressOf(metadata.issuer) === url : metadata.issuer === issuer;
  if (belongs) return metadata;
  throw new UpstreamTrouble('invalid', 'the discovery document is of another issuer');
}

const addressOf = (issuer: string) => issuer.replace(/\/$/, '') + SUFFIX;

function obtain(ctx: Pick<Context, 'outbound' | 'clock'>, url: string): Promise<ProviderMetadata> {
  const now = ctx.clock.now();
  const known = kept.get(url);
  if (known && known.until > now) return known.metadata;
  const metadata = read(ctx, url);
  kept.delete(url);
  const [oldest] = kept.keys();
  if (kept.size >= MOST && oldest !== undefined) kept.delete(oldest);
  kept.set(url, { until: now + KEPT_MS, metadata });
  metadata.catch(() => {
    if (kept.get(url)?.metadata === metadata) kept.delete(url);
  });
  return metadata;
}

const TEXTS = [
  ...(['issuer', 'authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const),
  ...(['userinfo_endpoint', 'end_session_endpoint'] as const),
] as const;
const LISTS = ['id_token_signing_alg_values_supported', 'code_challenge_methods_supported'] as const;

async function read(ctx: Pick<Context, 'outbound'>, url: string): Promise<ProviderMetadata> {
  const document = (await requestJson(ctx, url)) as Record<string, unknown>;
  const texts = TEXTS.filter((name) => typeof document[name] === 'string').map((name) => [name, document[name]]);
  const lists = LISTS.filter((name) => Array.isArray(document[name])).map((name) => [name, document[name]]);
  const metadata = Object.fromEntries([...texts, ...lists]) as Partial<ProviderMetadata>;
  if (metadata.issuer === undefined)
    throw new UpstreamTrouble('invalid', 'the discovery document does not say who the issuer is');
  const promises_iss = document.authorization_response_iss_parameter_supported === true;
  return {
    ...metadata,
    issuer: metadata.issuer,
    ...(promises_iss ? { authorization_response_iss_parameter_supported: true } : {}),
  };
}
