import type { Context } from '../kernel/index.ts';
import type { DeviceDecision } from './transaction.ts';

const contextOf = (ctx: Context, id: string) => `${ctx.tenant.id}:deferred_authorizations:${id}:user_code`;

/** Seals the code that a device shows, for the page that asks about the request `id`: no table has it in clear. */
export function sealUserCode(ctx: Context, id: string, userCode: string): string {
  return ctx.sealer.seal(userCode, contextOf(ctx, id));
}

/** The code that the device shows. */
export function openUserCode(ctx: Context, { id, user_code_sealed }: DeviceDecision): string {
  return ctx.sealer.open(user_code_sealed, contextOf(ctx, id));
}
