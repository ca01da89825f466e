import type { Context } from '../kernel/index.ts';
import { findUser } from '../resources/users/index.ts';
import type { Target } from './target.ts';

type Actor = Readonly<Record<string, unknown>>;

/** May whoever acts for a user (RFC 8693 §4.1) still do so? They are a user themselves, who may be gone or blocked meanwhile. */
export async function mayStillAct(ctx: Context, { sub }: Actor): Promise<boolean> {
  const agent = typeof sub === 'string' ? await findUser(ctx, sub) : undefined;
  return agent !== undefined && !agent.blocked;
}

/** The user who acts for another one in what a token's `act` says; undefined where only applications do. Users' ids name their provider. */
export function agentIn(act: unknown): { readonly sub: string } | undefined {
  if (typeof act !== 'object' || act === null) return undefined;
  const { sub, act: before } = act as { sub?: unknown; act?: unknown };
  return typeof sub === 'string' && sub.includes('|') ? { sub } : agentIn(before);
}

const LONGEST_S = 7200;

/** Auth0: what somebody gets who acts for the user lives no longer than their session may. `target` as it is where nobody does. */
export function targetOfActor(target: Target, actor: Actor | undefined): Target {
  if (!actor) return target;
  return { ...target, lifetimeFor: (flow) => Math.min(target.lifetimeFor(flow), LONGEST_S) };
}
