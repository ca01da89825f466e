import type { Context } from '../kernel/index.ts';
import { findUser } from '../resources/users/index.ts';

/** May whoever acts for a user (RFC 8693 §4.1) still do so? They are a user themselves, who may be gone or blocked meanwhile. */
export async function mayStillAct(ctx: Context, { sub }: Readonly<Record<string, unknown>>): Promise<boolean> {
  const agent = typeof sub === 'string' ? await findUser(ctx, sub) : undefined;
  return agent !== undefined && !agent.blocked;
}
