import { type Endpoint, empty, endpoint, isoTime, json, managementWrite, Type } from '../../kernel/index.ts';
import { requireUser } from '../users/index.ts';
import { type FederatedTokenset, federatedTokensetsOf } from './federated-tokenset.store.ts';

const ABOUT = { tag: 'users' } as const;
const user = { id: Type.String({ maxLength: 300, description: 'User identifier' }) };

/** Everything but the tokens. */
const shown = ({ id, connection, scope = '', issued_at, expires_at, last_used_at }: FederatedTokenset) => ({
  id,
  connection,
  scope,
  issued_at,
  expires_at: expires_at === undefined ? null : isoTime(expires_at),
  last_used_at: last_used_at ?? null,
});

const list = endpoint({
  ...ABOUT,
  method: 'GET',
  path: '/api/v2/users/:id/federated-connections-tokensets',
  name: 'listFederatedTokensets',
  summary: 'Get tokensets for a user',
  surface: 'management',
  scopes: ['read:federated_connections_tokens'],
  params: Type.Object(user),
  replies: {
    200: Type.Array(
      Type.Object({
        id: Type.String(),
        connection: Type.String(),
        scope: Type.String(),
        issued_at: Type.String(),
        expires_at: Type.Unknown({ description: 'ISO 8601, or null.' }),
        last_used_at: Type.Unknown({ description: 'ISO 8601, or null.' }),
      }),
    ),
    404: 'The user does not exist.',
  },
  async handle(ctx, { params: { id } }) {
    await requireUser(ctx, id);
    const all = await federatedTokensetsOf(ctx).list({ where: { user_id: id }, orderBy: 'issued_at' });
    return json(200, all.map(shown));
  },
});

const remove = managementWrite({
  ...ABOUT,
  method: 'DELETE',
  path: '/api/v2/users/:id/federated-connections-tokensets/:tokenset_id',
  name: 'deleteFederatedTokenset',
  summary: 'Delete a tokenset of a user',
  scopes: ['delete:federated_connections_tokens'],
  params: Type.Object({ ...user, tokenset_id: Type.String({ maxLength: 36, description: 'The tokenset id' }) }),
  replies: { 204: 'Deleted, or not there.' },
  async handle(ctx, { params: { id, tokenset_id } }) {
    await federatedTokensetsOf(ctx).deleteWhere({ id: tokenset_id, user_id: id });
    return empty(204);
  },
});

/** `/api/v2/users/{id}/federated-connections-tokensets` */
export const federatedTokensetEndpoints: Endpoint[] = [list, remove];
