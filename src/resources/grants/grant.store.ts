import { type Collection, type Context, collection } from '../../kernel/index.ts';

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
