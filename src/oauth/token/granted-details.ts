import type { AuthorizationDetail, Context } from '../../kernel/index.ts';
import { narrowAuthorizationDetails, readAuthorizationDetails, stillAllowed } from '../authorization-details.ts';
import type { Authorization } from './authorization.ts';
import { readText, type TokenBody } from './token-request.ts';

/**
 * The authorization details of the tokens (RFC 9396 §6): a client for itself may ask for them here; for a user there are only those that
 * the user allowed, or some of them. Throws 400 invalid_authorization_details.
 */
export async function grantDetails(
  ctx: Context,
  { client, target, flow, authorization_details: allowed }: Authorization,
  body: TokenBody,
): Promise<readonly AuthorizationDetail[] | undefined> {
  const sent = readText(body, 'authorization_details');
  if (flow === 'client_credentials')
    return readAuthorizationDetails(ctx, sent, { client, target, subjectType: 'client' });
  return stillAllowed(ctx, narrowAuthorizationDetails(allowed, sent), { client, target });
}
