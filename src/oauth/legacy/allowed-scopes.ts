import type { Context } from '../../kernel/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import { consentGrantsOf } from '../../resources/grants/index.ts';
import type { User } from '../../resources/users/index.ts';

/**
 * What `client` may have of `asked` where nobody is there to be asked: somebody else's application what the user has allowed it before,
 * at whichever API, the tenant's own all of it.
 */
export async function allowedScopes(
  ctx: Context,
  { client_id, is_first_party }: StoredClient,
  { user_id }: User,
  asked: readonly string[],
): Promise<readonly string[]> {
  if (is_first_party !== false) return asked;
  const given = await consentGrantsOf(ctx).list({ where: { user_id, clientID: client_id } });
  const allowed = new Set(given.flatMap(({ scope }) => scope));
  return asked.filter((scope) => allowed.has(scope));
}
