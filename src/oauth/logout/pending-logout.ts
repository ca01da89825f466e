import type { Context } from '../../kernel/index.ts';

/** A logout that waits for the person to agree. */
export interface PendingLogout {
  readonly session_id: string;
  readonly client_id: string | undefined;
  readonly url: string | undefined;
  /** Does it lead over the identity provider? */
  readonly federated?: boolean;
  /** ISO: when it was asked for. */
  readonly at: string;
}

const LIFETIME = 3_600_000;
const contextOf = (ctx: Context) => `${ctx.tenant.id}:logout`;

/** The logout as a handle that only this server can make: it carries what was checked, so nothing needs to be stored. */
export function sealLogout(ctx: Context, pending: PendingLogout): string {
  return ctx.sealer.seal(JSON.stringify(pending), contextOf(ctx));
}

/** What is in a handle; undefined when it is not ours or too old. */
export function openLogout(ctx: Context, handle: string): PendingLogout | undefined {
  try {
    const pending = JSON.parse(ctx.sealer.open(handle, contextOf(ctx))) as PendingLogout;
    return Date.parse(pending.at) + LIFETIME > ctx.clock.now() ? pending : undefined;
  } catch {
    return undefined;
  }
}
