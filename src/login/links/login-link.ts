import type { Context } from '../../kernel/index.ts';
import { findClient } from '../../resources/clients/index.ts';

/** Where somebody who came by a link can log in: the address at which the application begins logins, if it has one. */
export async function loginLink(ctx: Context, clientId: string | undefined): Promise<string | undefined> {
  const client = clientId === undefined ? undefined : await findClient(ctx, clientId);
  return client?.initiate_login_uri || undefined;
}
