import type { Context } from '../kernel/index.ts';
import type { Session } from '../resources/sessions/index.ts';

/**
 * Where a browser whose `session` is about to end must go first, for applications to hear of it: an address of this server that leads to
 * `onwards` when they have. Undefined when nobody must.
 */
export type LogoutDetour = (ctx: Context, session: Session, onwards: string | undefined) => Promise<string | undefined>;

const detours = new Set<LogoutDetour>();

/** Has `detour` asked at every logout that a person asks for. The same function twice does nothing. */
export function registerLogoutDetour(detour: LogoutDetour): void {
  detours.add(detour);
}

/** `onwards`, over all detours of the browser's session. To be asked before the session ends. */
export async function logoutRoute(
  ctx: Context,
  session: Session | undefined,
  onwards: string | undefined,
): Promise<string | undefined> {
  let route = onwards;
  if (session) for (const detour of detours) route = (await detour(ctx, session, route)) ?? route;
  return route;
}
