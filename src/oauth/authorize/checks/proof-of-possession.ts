import { type Context, oauthError } from '../../../kernel/index.ts';
import { resolveAudience, serviceNotFound } from '../../audience.ts';
import { isRequiredBy } from '../../token/index.ts';
import type { Asked } from '../request/request.ts';
import { tokensOverBrowser } from '../request/response-types.ts';
import { askedAudience } from './audience.ts';

/** An access token that comes over the browser is bound to no key (RFC 9449 has no proof there): where it must be, none is given. */
export async function checkProofOfPossession(ctx: Context, asked: Asked): Promise<void> {
  const { client, parameters } = asked;
  if (!tokensOverBrowser(parameters).includes('token')) return;
  const target = await resolveAudience(ctx, client, await askedAudience(ctx, asked), serviceNotFound);
  if (client.require_proof_of_possession !== true && !isRequiredBy(target, client)) return;
  throw oauthError(400, 'invalid_request', 'Proof-of-Possession is required');
}
