import type { Context, Reply } from '../../kernel/index.ts';
import { ONWARDS, renderLoggedOut, renderLogoutConfirm } from '../../pages/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import { loginRoute } from '../../resources/organizations/index.ts';
import { showPage, viewFor } from '../page.ts';

export const CONFIRM_PATH = '/oidc/logout/confirm';

/** Says that the session has ended, with the way back to the application where it has one. */
export async function showLoggedOut(ctx: Context, client: StoredClient | undefined): Promise<Reply> {
  const view = await viewFor(ctx, client);
  return showPage(
    renderLoggedOut({ ...view, loginUrl: await loginRoute(ctx, { client_id: client?.client_id }) }),
    view.nonce,
  );
}

/** Asks whether to log out. `targets`: where the form may lead; on the way there, applications that speak SAML may have to hear of it. */
export async function showConfirmation(
  ctx: Context,
  {
    client,
    state,
    account,
    targets,
  }: { client: StoredClient | undefined; state: string; account?: string | undefined; targets: readonly string[] },
): Promise<Reply> {
  const view = await viewFor(ctx, client);
  const page = renderLogoutConfirm({ ...view, state, action: CONFIRM_PATH, account });
  return showPage(page, view.nonce, { formAction: ["'self'", ...targets, ...ONWARDS] });
}
