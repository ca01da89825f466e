import type { Context } from '../../kernel/index.ts';
import { loginRoute } from '../../resources/organizations/index.ts';

/** Where somebody who came by a link can log in (Auth0: default login routes). */
export function loginLink(ctx: Context, client_id: string | undefined): Promise<string | undefined> {
  return loginRoute(ctx, { client_id });
}
