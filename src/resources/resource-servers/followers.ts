import type { Context } from '../../kernel/index.ts';
import type { ResourceServer } from './resource-server.store.ts';

type Follower = (ctx: Context, server: ResourceServer, gone: readonly string[] | 'all') => Promise<unknown>;
const followers = new Set<Follower>();

/**
 * Has `follower` called whenever an API loses scopes, or (`all`) is deleted. For modules that know APIs and so can't be known here;
 * registering the same function twice does nothing.
 */
export function onScopesGone(follower: Follower): void {
  followers.add(follower);
}

/** Calls who asked to be called when scopes of `server` go. */
export async function followScopesGone(ctx: Context, server: ResourceServer, gone: readonly string[] | 'all') {
  for (const follower of followers) await follower(ctx, server, gone);
}
