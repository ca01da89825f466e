import { type Context, oauthError } from '../../../kernel/index.ts';
import {
  findConnectionByName,
  isEnabledFor,
  isFederated,
  mayLogInWith,
  standsAlone,
} from '../../../resources/connections/index.ts';
import { listUsableConnections } from '../../../resources/organizations/index.ts';
import type { Asked } from '../request/request.ts';
import { organizationRequest } from './organization.ts';

const disabled = () => oauthError(400, 'invalid_request', 'the connection was disabled');

/** The connection that was asked for exists, and the client may use it; at an organization, the organization's people too. */
export async function checkConnection(ctx: Context, asked: Asked): Promise<void> {
  const { parameters, client } = asked;
  if (parameters.connection === undefined) return;
  const connection = await findConnectionByName(ctx, parameters.connection);
  if (!connection) throw oauthError(400, 'invalid_request', 'the connection was not found');
  const mayUse = isFederated(connection) ? mayLogInWith : isEnabledFor;
  if (!mayUse(connection, client.client_id)) throw disabled();
  const organization = (await organizationRequest(ctx, asked)).organization;
  if (organization === undefined) {
    if (!standsAlone(connection, client)) throw disabled();
    return;
  }
  const usable = await listUsableConnections(ctx, client.client_id, organization);
  if (!usable.some((one) => one.connection.id === connection.id))
    throw oauthError(400, 'invalid_request', 'the connection is not enabled');
}
