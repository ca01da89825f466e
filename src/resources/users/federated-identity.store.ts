import { type Collection, type Context, collection } from '../../kernel/index.ts';

/** Whom an identity provider knows somebody as. Kept apart from the user, as credentials are: the provider's tokens are in here. */
export interface FederatedIdentity {
  /** `<provider>|<id>`, where `<id>` is the `user_id` of the user's identity. */
  readonly id: string;
  readonly connection: string;
  /** The user this belongs to. */
  readonly user_id: string;
  /** IdentityTokens as JSON, sealed. */
  readonly tokens_sealed?: string;
}

/** What the provider gave out at the last login, as `identities[]` shows it. */
export interface IdentityTokens {
  readonly access_token?: string;
  readonly refresh_token?: string;
  /** Seconds. */
  readonly expires_in?: number;
  /** Of the provider: to log out there. Never shown. */
  readonly id_token?: string;
}

export const federatedIdentitiesCollection = collection<FederatedIdentity>({
  name: 'federated_identities',
  key: 'id',
  index: { connection: 'text', user_id: 'text' },
});

export function federatedIdentitiesOf(ctx: Context): Collection<FederatedIdentity> {
  return ctx.store.collection(federatedIdentitiesCollection);
}

const contextOf = (ctx: Context, id: string) => `${ctx.tenant.id}:federated_identities:${id}:tokens`;

/** The row of an identity, its tokens sealed. */
export function federatedIdentity(
  ctx: Context,
  identity: Pick<FederatedIdentity, 'id' | 'connection' | 'user_id'>,
  tokens: IdentityTokens | undefined,
): FederatedIdentity {
  const { id, connection, user_id } = identity;
  if (!tokens || Object.keys(tokens).length === 0) return { id, connection, user_id };
  return { id, connection, user_id, tokens_sealed: ctx.sealer.seal(JSON.stringify(tokens), contextOf(ctx, id)) };
}

/** The tokens of an identity, in clear. */
export function identityTokens(ctx: Context, { id, tokens_sealed }: FederatedIdentity): IdentityTokens {
  if (tokens_sealed === undefined) return {};
  return JSON.parse(ctx.sealer.open(tokens_sealed, contextOf(ctx, id))) as IdentityTokens;
}
