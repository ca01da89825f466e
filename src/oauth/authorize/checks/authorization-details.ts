import type { Context } from '../../../kernel/index.ts';
import { resolveAudience, serviceNotFound } from '../../audience.ts';
import { readAuthorizationDetails } from '../../authorization-details.ts';
import type { Asked } from '../request/request.ts';
import { askedAudience } from './audience.ts';

/** `authorization_details` is well-formed, and the API and the client's grant know its types (RFC 9396 §5). */
export async function checkAuthorizationDetails(ctx: Context, asked: Asked): Promise<void> {
  const { client, parameters } = asked;
  if (parameters.authorization_details === undefined) return;
  const target = await resolveAudience(ctx, client, await askedAudience(ctx, asked), serviceNotFound);
  await readAuthorizationDetails(ctx, parameters.authorization_details, { client, target });
}
