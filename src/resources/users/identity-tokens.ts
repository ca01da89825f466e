import type { Context, Principal } from '../../kernel/index.ts';
import { federatedIdentitiesOf, identityTokens } from './federated-identity.store.ts';
import { identityKey } from './federated-user.ts';
import type { User } from './user.store.ts';

/** The users as `principal` may see them: the tokens of their identity providers are for holders of `read:user_idp_tokens` only. */
export async function asSeenBy(
  ctx: Context,
  principal: Principal | undefined,
  users: readonly User[],
): Promise<readonly User[]> {
  return principal?.scopes.has('read:user_idp_tokens') ? withIdentityTokens(ctx, users) : users;
}

async function withIdentityTokens(ctx: Context, users: readonly User[]): Promise<User[]> {
  const federated = users.filter(({ identities }) => identities.some(({ provider }) => provider !== 'auth0'));
  if (federated.length === 0) return [...users];
  const where = { user_id: { in: federated.map(({ user_id }) => user_id) } };
  const rows = await federatedIdentitiesOf(ctx).list({ where });
  const tokens = new Map(rows.map((row) => [row.id, identityTokens(ctx, row)]));
  return users.map((user) => ({
    ...user,
    identities: user.identities.map((identity) => {
      const { id_token, ...shown } = tokens.get(identityKey(identity)) ?? {};
      return { ...identity, ...shown };
    }),
  }));
}
