import { type Collection, type Context, collection } from '../../kernel/index.ts';
import { hashToken, opaqueTicket, randomToken } from '../../platform/crypto/index.ts';
import type { Identifiers } from '../../resources/users/index.ts';

/** What somebody who signs up with a passkey will be called. */
export interface PasskeyProfile extends Identifiers {
  readonly name?: string;
  readonly given_name?: string;
  readonly family_name?: string;
  readonly nickname?: string;
  readonly picture?: string;
  readonly user_metadata?: Record<string, unknown>;
}

/** A challenge that an authenticator is to answer: what an `auth_session` stands for. Taken when tokens are issued for it. */
export interface PasskeyChallenge {
  /** SHA-256 of the `auth_session`. */
  readonly id: string;
  readonly purpose: 'register' | 'login' | 'enroll';
  readonly client_id: string;
  /** Id of the connection. */
  readonly connection_id: string;
  /** Id of the organization, where it is for one. */
  readonly organization?: string;
  /** base64url */
  readonly challenge: string;
  /** The host for which the passkey is. */
  readonly rp_id: string;
  /** The origin of that host. */
  readonly origin: string;
  /** register, enroll: what the authenticator will know its user by. */
  readonly user_handle?: string;
  /** enroll: whose passkey it will be. */
  readonly user_id?: string;
  /** register: whom it signs up. */
  readonly profile?: PasskeyProfile;
  /** ms */
  readonly expires_at: number;
}

export const passkeyChallengesCollection = collection<PasskeyChallenge>({
  name: 'passkey_challenges',
  key: 'id',
  expires: 'expires_at',
});

export function passkeyChallengesOf(ctx: Context): Collection<PasskeyChallenge> {
  return ctx.store.collection(passkeyChallengesCollection);
}

const LIFETIME = 300_000;

/** Stores a challenge, bound to the host that it was asked for at. Answers it, and the `auth_session` that stands for it, five minutes. */
export async function issueChallenge(
  ctx: Context,
  about: Pick<
    PasskeyChallenge,
    'purpose' | 'client_id' | 'connection_id' | 'organization' | 'user_handle' | 'user_id' | 'profile'
  >,
): Promise<{ auth_session: string; challenge: PasskeyChallenge }> {
  const now = ctx.clock.now();
  const auth_session = opaqueTicket(ctx.random, now, LIFETIME);
  const { hostname, origin } = new URL(ctx.issuer);
  const challenge: PasskeyChallenge = {
    ...about,
    id: hashToken(auth_session),
    challenge: randomToken(ctx.random),
    rp_id: hostname,
    origin,
    expires_at: now + LIFETIME,
  };
  await passkeyChallengesOf(ctx).insert(challenge);
  return { auth_session, challenge };
}

/** The challenge behind `authSession`, while it is good, for the client that asked for it. */
export async function findChallenge(
  ctx: Context,
  authSession: string,
  clientId: string,
): Promise<PasskeyChallenge | undefined> {
  const found = await passkeyChallengesOf(ctx).get(hashToken(authSession));
  return found && found.client_id === clientId && found.expires_at > ctx.clock.now() ? found : undefined;
}
