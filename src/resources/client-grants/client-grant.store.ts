import { type Collection, type Context, collection } from '../../kernel/index.ts';

/** What a client may ask of an API: on its own (`client`) or for its users (`user`). */
export interface ClientGrant {
  readonly id: string;
  readonly client_id: string;
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

/** What `clientId` was granted on `audience` for `subjectType`, or undefined. From memory. */
export function findClientGrant(
  ctx: Context,
  clientId: string,
  audience: string,
  subjectType: 'client' | 'user',
): Promise<ClientGrant | undefined> {
  return clientGrantsOf(ctx).find({ client_id: clientId, audience, subject_type: subjectType });
}
