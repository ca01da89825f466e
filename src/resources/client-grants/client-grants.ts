import { type Context, managementError, prefixedId } from '../../kernel/index.ts';
import { findClient } from '../clients/index.ts';
import { findResourceServer } from '../resource-servers/index.ts';
import { type ClientGrant, clientGrantsOf, findClientGrant } from './client-grant.store.ts';

/** What a caller sends to make a grant. */
export type ClientGrantBody = Partial<Omit<ClientGrant, 'id'>> & {
  readonly client_id: string;
  readonly audience: string;
};

/**
 * Lets a client ask for scopes of an API. WireError 404 when either does not exist, 409 when the client already has a grant of this
 * kind for the API.
 */
export async function createClientGrant(ctx: Context, body: ClientGrantBody): Promise<ClientGrant> {
  const subjectType = body.subject_type ?? 'client';
  if (!(await findClient(ctx, body.client_id))) {
    throw managementError(404, 'The client does not exist', 'inexistent_client');
  }
  if (!(await findResourceServer(ctx, body.audience))) {
    throw managementError(404, 'The resource server does not exist', 'inexistent_resource_server');
  }
  if (await findClientGrant(ctx, body.client_id, body.audience, subjectType)) {
    throw managementError(409, 'A resource with the same client_id and audience already exists.');
  }
  const { scope, ...rest } = body;
  return clientGrantsOf(ctx).insert({
    id: prefixedId(ctx.random, 'cgr_'),
    ...rest,
    subject_type: subjectType,
    ...(body.allow_all_scopes ? {} : { scope: scope ?? [] }),
  });
}
