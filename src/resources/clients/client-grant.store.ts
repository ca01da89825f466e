import { type Collection, type Context, collection } from '../../kernel/index.ts';
import { findClient } from './client.store.ts';

/** What a client may ask of an API: on its own (`client`) or for its users (`user`). */
export interface ClientGrant {
  readonly id: string;
  /** Absent when the grant is the default of a group. */
  readonly client_id?: string;
  readonly default_for?: 'third_party_clients';
  readonly audience: string;
  readonly scope?: readonly string[];
  readonly subject_type: 'client' | 'user';
  readonly allow_all_scopes?: boolean;
  readonly organization_usage?: 'deny' | 'allow' | 'require';
  readonly allow_any_organization?: boolean;
  readonly authorization_details_types?: readonly string[];
  readonly is_system?: boolean;
}

export const clientGrantsCollection = collection<ClientGrant>({
  name: 'client_grants',
  key: 'id',
  index: { client_id: 'text', audience: 'text', subject_type: 'text' },
  unique: [['client_id', 'audience', 'subject_type']],
  cached: true,
});

export function clientGrantsOf(ctx: Context): Collection<ClientGrant> {
  return ctx.store.collection(clientGrantsCollection);
}

/**
 * What `clientId` was granted on `audience` for `subjectType`, or undefined. A third-party client without a grant of its own has the
 * one that is the default for its kind. From memory.
 */
export async function findClientGrant(
  ctx: Context,
  clientId: string,
  audience: string,
  subjectType: 'client' | 'user',
): Promise<ClientGrant | undefined> {
  const own = await clientGrantsOf(ctx).find({ client_id: clientId, audience, subject_type: subjectType });
  if (own || (await findClient(ctx, clientId))?.is_first_party !== false) return own;
  return clientGrantsOf(ctx).find({ client_id: null, audience, subject_type: subjectType });
}
