import { type Collection, type Context, collection } from '../../kernel/index.ts';

/** What a provider gave out for one identity of a user. */
export interface FederatedTokenset {
  /** A UUID. */
  readonly id: string;
  readonly user_id: string;
  /** The connection's name. */
  readonly connection: string;
  /** `<provider>|<id>` of the identity. */
  readonly identity: string;
  readonly scope?: string;
  readonly issued_at: string;
  /** ms; absent: the provider did not say. */
  readonly expires_at?: number;
  readonly last_used_at?: string;
  /** TokensetTokens as JSON, sealed. */
  readonly tokens_sealed: string;
  /** ms: until then one process is renewing it, and nobody else may try: a rotating refresh token works once. */
  readonly renewing_until?: number;
}

export interface TokensetTokens {
  readonly access_token: string;
  readonly refresh_token?: string;
}

export const federatedTokensetsCollection = collection<FederatedTokenset>({
  name: 'federated_tokensets',
  key: 'id',
  index: { user_id: 'text', connection: 'text', identity: 'text', issued_at: 'text' },
  unique: [['identity']],
});

export function federatedTokensetsOf(ctx: Context): Collection<FederatedTokenset> {
  return ctx.store.collection(federatedTokensetsCollection);
}

const contextOf = (ctx: Context, id: string) => `${ctx.tenant.id}:federated_tokensets:${id}:tokens`;

export function sealTokens(ctx: Context, id: string, tokens: TokensetTokens): string {
  return ctx.sealer.seal(JSON.stringify(tokens), contextOf(ctx, id));
}

/** The tokens in clear. */
export function openTokenset(ctx: Context, { id, tokens_sealed }: FederatedTokenset): TokensetTokens {
  return JSON.parse(ctx.sealer.open(tokens_sealed, contextOf(ctx, id))) as TokensetTokens;
}
