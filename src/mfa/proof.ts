import { type Context, fail, isoTime } from '../kernel/index.ts';
import {
  type Authenticator,
  authenticatorsOf,
  listAuthenticators,
  noteSecondFactors,
} from '../resources/authentication-methods/index.ts';
import { lockUser, type User } from '../resources/users/index.ts';
import { auditMfa } from './audit.ts';
import type { Challenge } from './challenge.store.ts';
import { isEnrolled, type MethodKind, mustProveFirst } from './methods.ts';
import type { PendingMfa } from './mfa-token.ts';

/** A second factor that was proved and not yet made use of. */
export interface Proof {
  readonly authenticator: Authenticator;
  readonly method: MethodKind;
  /** Did the proof complete an enrolment? */
  readonly purpose: Challenge['purpose'];
  /** A used recovery code's successor, to be shown once. */
  readonly recovery_code?: string;
  /**
   * Makes use of it, so that nobody can again: call it in the transaction that writes what follows from it. Throws the factor's
   * Failure when somebody else was faster.
   */
  consume(): Promise<void>;
}

/** Who proves a factor, and for what. */
export interface Attempt {
  readonly user: User;
  readonly client_id: string;
  /** What the proof may be: of a factor that the user has, or of one that they are setting up. */
  readonly accepts: readonly Challenge['purpose'][];
  /**
   * The user has only proved their first factor: they may set up a second one if they have none, else whoever knows the password
   * could add one of their own.
   */
  readonly firstOnly?: boolean;
}

/**
 * What whoever holds an `mfa_token` may prove with it. One that stands for a login never adds a factor beside those that the user
 * has; one that manages factors adds them when its scopes say so.
 */
export async function attemptOf(ctx: Context, pending: PendingMfa): Promise<Attempt> {
  const { user, client_id } = pending;
  if (pending.kind === 'api') {
    const accepts = pending.scopes.has('enroll') ? (['enrollment', 'challenge'] as const) : (['challenge'] as const);
    return { user, client_id, accepts };
  }
  const accepts = (await mustProveFirst(ctx, user)) ? (['challenge'] as const) : (['enrollment', 'challenge'] as const);
  return { user, client_id, accepts, firstOnly: true };
}

/** In a transaction: the authenticator is confirmed, and with it the recovery code that came along; those of others go. */
export async function confirmEnrollment(ctx: Context, attempt: Attempt, id: string): Promise<void> {
  const { user, client_id, firstOnly } = attempt;
  const authenticators = authenticatorsOf(ctx);
  await lockUser(ctx, user.user_id);
  if (firstOnly && (await isEnrolled(ctx, user))) fail('already_enrolled', {});
  const now = isoTime(ctx.clock);
  const authenticator = await authenticators.update(id, (stored) =>
    stored.confirmed ? undefined : confirm(stored, now),
  );
  if (!authenticator) fail('authenticator_not_found', {});
  for (const one of await listAuthenticators(ctx, user.user_id)) {
    if (one.type !== 'recovery-code' || one.confirmed) continue;
    if (one.comes_with === id) await authenticators.put(confirm(one, now));
    else await authenticators.delete(one.id);
  }
  await noteSecondFactors(ctx, user.user_id);
  auditMfa(ctx, 'gd_enrollment_complete', { user, client_id, authenticator });
}

function confirm(authenticator: Authenticator, now: string): Authenticator {
  const { expires_at: _expiry, comes_with: _origin, ...lasting } = authenticator;
  return { ...lasting, confirmed: true, enrolled_at: now };
}

/** In a transaction: the authenticator was used to log in. `change` may refuse by throwing. */
export async function noteUse(
  ctx: Context,
  authenticator: Authenticator,
  change: (stored: Authenticator) => Partial<Authenticator> = () => ({}),
): Promise<void> {
  const last_auth_at = isoTime(ctx.clock);
  await authenticatorsOf(ctx).update(authenticator.id, (stored) => ({ ...stored, ...change(stored), last_auth_at }));
}
