import type { Outbound } from '../../kernel/index.ts';
import type { Wire } from './configuration.ts';
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

/** By the way out, so that two servers in one process do not share what they heard; by tenant, so that nobody fills another's. */
const kept = new WeakMap<Outbound, Map<string, Kept>>();

/**
 * What a provider says of itself at `url`: asked once an hour at most, however many log in meanwhile; a failure is not remembered.
 * `issuer` is who it must be; without it, whoever the address belongs to (Discovery §4.3), so that a document cannot speak for others.
 *
 * @throws UpstreamTrouble
 */
export async function discoverProvider(ctx: Wire, url: string, issuer: string | undefined): Promise<ProviderMetadata> {
  const metadata = await obtain(ctx, url);
  const belongs = issuer === undefined ? addressOf(metadata.issuer) === url : metadata.issuer === issuer;
  if (belongs) return metadata;
  throw new UpstreamTrouble('invalid', 'the discovery document is of another issuer');
}

const addressOf = (issuer: string) => issuer.replace(/\/$/, '') + SUFFIX;

function obtain(ctx: Wire, url: string): Promise<ProviderMetadata> {
  const now = ctx.clock.now();
  const documents = kept.get(ctx.outbound) ?? new Map<string, Kept>();
  kept.set(ctx.outbound, documents);
  const name = `${ctx.tenant.id} ${url}`;
  const known = documents.get(name);
  if (known && known.until > now) return known.metadata;
  const metadata = read(ctx, url);
  documents.delete(name);
  const [oldest] = documents.keys();
  if (documents.size >= MOST && oldest !== undefined) documents.delete(oldest);
  documents.set(name, { until: now + KEPT_MS, metadata });
  metadata.catch(() => {
    if (documents.get(name)?.metadata === metadata) documents.delete(name);
  });
  return metadata;
}

const TEXTS = [
  ...(['issuer', 'authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const),
  ...(['userinfo_endpoint', 'end_session_endpoint'] as const),
] as const;
const LISTS = ['id_token_signing_alg_values_supported', 'code_challenge_methods_supported'] as const;

async function read(ctx: Wire, url: string): Promise<ProviderMetadata> {
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
