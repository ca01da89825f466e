import { type Context, type SetCookie, WireError } from '../../kernel/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import { clearedSessionCookies, endSession, type Session } from '../../resources/sessions/index.ts';
import { findUser } from '../../resources/users/index.ts';

/** Ends the browser's session, if it has one, and records it as `slo`. Answers the cookies that take it from the browser. */
export async function endBrowserSession(
  ctx: Context,
  session: Session | undefined,
  client: StoredClient | undefined,
): Promise<SetCookie[]> {
  if (session && (await endSession(ctx, session.id, 'rp-logout'))) {
    const user = await findUser(ctx, session.user_id);
    ctx.audit({
      type: 'slo',
      description: 'User successfully logged out',
      ...aboutClient(client),
      user_id: session.user_id,
      user_name: user?.email ?? user?.username ?? user?.name ?? session.user_id,
    });
  }
  return clearedSessionCookies();
}

/** Runs `work`; a refusal in it is recorded as `flo`. */
export async function recordingRefusal<R>(
  ctx: Context,
  client: StoredClient | undefined,
  work: () => Promise<R>,
): Promise<R> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof WireError) ctx.audit({ type: 'flo', description: error.message, ...aboutClient(client) });
    throw error;
  }
}

const aboutClient = (client: StoredClient | undefined) =>
  client ? { client_id: client.client_id, client_name: client.name } : {};
