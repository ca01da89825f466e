import type { Context } from '../kernel/index.ts';
import type { StoredClient } from '../resources/clients/index.ts';
import { guardianSettings } from '../resources/guardian/index.ts';
import { isBrowserRemembered, type Session } from '../resources/sessions/index.ts';
import type { User } from '../resources/users/index.ts';
import type { ProvenMethod } from '../transactions/index.ts';
import { isEnrolled, mustProveFirst } from './methods.ts';
import { isMfaApi } from './mfa-api.ts';

export interface LoginFacts {
  readonly user: User;
  readonly client: StoredClient;
  readonly audience?: string | undefined;
  /** The single sign-on session that was taken over, if any. */
  readonly session?: Session | undefined;
  /** A transaction that is to be proved by itself: neither a session nor a remembered browser counts. */
  readonly isTransaction?: boolean;
  /** What was proved in this login. */
  readonly methods: readonly ProvenMethod[];
  /** Of the browser; none where there is none. */
  readonly cookies?: Readonly<Record<string, string | undefined>> | undefined;
}

const hasSecondFactor = (methods: readonly { readonly name: string }[]) => methods.some(({ name }) => name === 'mfa');

/**
 * Must this login prove a second factor before anything is issued?
 *
 * - A token for the MFA API: whenever the user has a factor of their own, whatever the policy and the browser (Auth0).
 * - A transaction at an API whose `consent_policy` wants each of them proved: always.
 * - `all-applications`: always, unless this session or remembered browser has done it.
 * - `confidence-score`: when the user is enrolled, under the same conditions (docs/decisions/0012).
 * - no policy: never.
 */
export async function isSecondFactorRequired(ctx: Context, facts: LoginFacts): Promise<boolean> {
  const { user, audience, session, methods, cookies } = facts;
  if (hasSecondFactor(methods)) return false;
  if (audience !== undefined && isMfaApi(ctx, audience)) return mustProveFirst(ctx, user);
  if (facts.isTransaction) return true;
  const { policies } = await guardianSettings(ctx);
  if (policies.length === 0) return false;
  if (session?.user_id === user.user_id && hasSecondFactor(session.methods)) return false;
  if (cookies && (await isBrowserRemembered(ctx, user.user_id, cookies))) return false;
  return policies.includes('all-applications') || isEnrolled(ctx, user);
}
