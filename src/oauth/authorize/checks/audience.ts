import type { Context } from '../../../kernel/index.ts';
import { resolveAudience, serviceNotFound } from '../../audience.ts';
import { chosenAudience } from '../../resource-parameter.ts';
import { grantScopes } from '../../scopes.ts';
import { splitScope } from '../../vocabulary.ts';
import type { Asked } from '../request/request.ts';
import { flowOf } from '../request/response-types.ts';

/** What the token is asked for: `audience`, or `resource` where the tenant has it mean the same. */
export function askedAudience(ctx: Context, { parameters }: Asked): Promise<string | undefined> {
  return chosenAudience(ctx, parameters);
}

/** The API exists, and the client may have tokens of its users for it. */
export async function checkAudience(ctx: Context, asked: Asked): Promise<void> {
  const { client, parameters } = asked;
  const target = await resolveAudience(ctx, client, await askedAudience(ctx, asked), serviceNotFound);
  const requested = splitScope(parameters.scope ?? '');
  await grantScopes(ctx, { target, client, requested, flow: flowOf(parameters) });
}
