import { type Context, oauthError } from '../kernel/index.ts';
import type { StoredClient } from '../resources/clients/index.ts';
import type { User } from '../resources/users/index.ts';
import {
  challengeableMethods,
  enrollableFactors,
  mustProveFirst,
  REQUIREMENT_TYPES,
  type RequirementType,
} from './methods.ts';
import type { PendingRequest } from './mfa-token.store.ts';
import { createMfaToken } from './mfa-token.ts';

type Requirement = readonly { readonly type: RequirementType }[];

/** What `mfa_required` says the user can do: prove a factor they have, or set up their first one. */
export type MfaRequirements = { readonly challenge: Requirement } | { readonly enroll: Requirement };

const ENROLL_TYPES = { otp: 'otp', phone: 'phone', push: 'push-notification', email: 'email' } as const;

/**
 * A verified e-mail address only stands in for a factor that the user also has, so whoever has nothing else is asked to enrol;
 * unless there is nothing to enrol in but e-mail.
 */
export async function mfaRequirements(ctx: Context, user: User): Promise<MfaRequirements> {
  if (!(await mustProveFirst(ctx, user))) return { enroll: await listEnrollTypes(ctx, user) };
  const methods = await challengeableMethods(ctx, user);
  const challenge = [...new Set(methods.map(({ kind }) => REQUIREMENT_TYPES[kind]))];
  return { challenge: challenge.map((type) => ({ type })) };
}

async function listEnrollTypes(ctx: Context, user: User): Promise<Requirement> {
  const types = (await enrollableFactors(ctx, user)).map(({ type }) => ENROLL_TYPES[type]);
  return types.filter((type) => type !== 'email' || types.length === 1).map((type) => ({ type }));
}

export interface Demand {
  readonly user: User;
  readonly client: StoredClient;
  readonly request: PendingRequest;
  /** Uses up what the first factor was proved with, together with the token that stands for it. */
  readonly prove?: () => Promise<void>;
}

/**
 * Refuses a token request until a second factor is proved: 403 `mfa_required` with the `mfa_token` under which the request waits
 * for ten minutes, and what the user can do. Logs `mfar`.
 */
export async function demandSecondFactor(ctx: Context, { user, client, request, prove }: Demand): Promise<never> {
  const token = await ctx.store.transaction(async () => {
    await prove?.();
    return createMfaToken(ctx, { user_id: user.user_id, client_id: client.client_id, request });
  });
  ctx.audit({
    type: 'mfar',
    description: 'Multifactor authentication required',
    client_id: client.client_id,
    client_name: client.name ?? '',
    user_id: user.user_id,
    user_name: user.email ?? user.name ?? '',
    details: { grant_type: request.grant },
  });
  const extra = { mfa_token: token, mfa_requirements: await mfaRequirements(ctx, user) };
  throw oauthError(403, 'mfa_required', 'Multifactor authentication required', { extra });
}
