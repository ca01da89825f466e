import {
  type Context,
  closed,
  type Endpoint,
  empty,
  managementWrite,
  optionalText,
  resource,
  Type,
} from '../../kernel/index.ts';
import { revokeRefreshTokensFor } from '../refresh-tokens/index.ts';
import { type ConsentGrant, consentGrantsCollection, consentGrantsOf } from './grant.store.ts';

const filters = {
  user_id: optionalText('user_id of the grants to retrieve.'),
  client_id: optionalText('client_id of the grants to retrieve.'),
  audience: optionalText('audience of the grants to retrieve.'),
};

/** Auth0: when a grant is revoked, so are all tokens issued in its context. */
async function withdraw(ctx: Context, consent: ConsentGrant): Promise<void> {
  const { id, user_id, clientID: client_id, audience } = consent;
  await consentGrantsOf(ctx).delete(id);
  await revokeRefreshTokensFor(ctx, { user_id, client_id, audience });
}

const list = resource<ConsentGrant>({
  path: '/api/v2/grants',
  param: 'id',
  tag: 'grants',
  noun: 'grant',
  collection: consentGrantsCollection,
  shape: Type.Object({ id: Type.String() }, { additionalProperties: true }),
  missing: { message: 'The grant does not exist.' },
  present: (_ctx, grant) => grant,
  list: {
    scopes: ['read:grants'],
    summary: 'Get the consents that users gave',
    key: 'grants',
    filters,
    where: ({ user_id, client_id, audience }) => ({
      ...(user_id === undefined ? {} : { user_id: String(user_id) }),
      ...(client_id === undefined ? {} : { clientID: String(client_id) }),
      ...(audience === undefined ? {} : { audience: String(audience) }),
    }),
  },
  delete: { scopes: ['delete:grants'], summary: 'Delete a consent', run: withdraw },
});

const deleteOfUser = managementWrite({
  method: 'DELETE',
  path: '/api/v2/grants',
  name: 'deleteGrantsOfUser',
  summary: 'Delete the consents of a user',
  tag: 'grants',
  scopes: ['delete:grants'],
  query: closed({ user_id: Type.String({ description: 'user_id of the grant to delete.' }) }),
  replies: { 204: 'Deleted.' },
  async handle(ctx, { query }) {
    const consents = await consentGrantsOf(ctx).list({ where: { user_id: query.user_id } });
    await ctx.store.transaction(async () => {
      for (const consent of consents) await withdraw(ctx, consent);
    });
    return empty(204);
  },
});

/** `/api/v2/grants` */
export const grantEndpoints: Endpoint[] = [...list, deleteOfUser];
