import { type Collection, type Context, collection } from '../../kernel/index.ts';
import type { ResourceServer } from '../resource-servers/index.ts';

/** What a user allowed a client to do with an API. */
export interface ConsentGrant {
  readonly id: string;
  readonly clientID: string;
  readonly user_id: string;
  readonly audience: string;
  readonly scope: readonly string[];
}

export const consentGrantsCollection = collection<ConsentGrant>({
  name: 'grants',
  key: 'id',
  index: { clientID: 'text', user_id: 'text', audience: 'text' },
  unique: [['user_id', 'clientID', 'audience']],
});

export function consentGrantsOf(ctx: Context): Collection<ConsentGrant> {
  return ctx.store.collection(consentGrantsCollection);
}

/** Forgets what the user allowed: applications will have to ask again. */
export async function forgetConsentsOf(ctx: Context, userId: string): Promise<void> {
  await consentGrantsOf(ctx).deleteWhere({ user_id: userId });
}

/** Forgets what users allowed a client that is deleted: whoever has the same id later is another. */
export async function forgetConsentsOfClient(ctx: Context, clientId: string): Promise<void> {
  await consentGrantsOf(ctx).deleteWhere({ clientID: clientId });
}

/** Nobody has allowed what an API does not have any more: one of the same name is another. */
export async function forgetConsentsOfApi(
  ctx: Context,
  { identifier: audience }: Pick<ResourceServer, 'identifier'>,
  gone: readonly string[] | 'all',
): Promise<void> {
  if (gone === 'all') {
    await consentGrantsOf(ctx).deleteWhere({ audience });
    return;
  }
  if (gone.length === 0) return;
  for (const { id } of await consentGrantsOf(ctx).list({ where: { audience } }))
    await consentGrantsOf(ctx).update(id, (grant) => ({
      ...grant,
      scope: grant.scope.filter((name) => !gone.includes(name)),
    }));
}
