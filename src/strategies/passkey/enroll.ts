import { type Context, fail, isFailure, isoTime } from '../../kernel/index.ts';
import { randomToken } from '../../platform/crypto/index.ts';
import { PASSKEY_ALGORITHMS, PasskeyRefused, verifyNewPasskey } from '../../platform/webauthn/index.ts';
import {
  isSnoozed,
  listPasskeys,
  newAuthenticatorId,
  type Passkey,
  passkeysOf,
} from '../../resources/authentication-methods/index.ts';
import { type Connection, databaseRules } from '../../resources/connections/index.ts';
import { tenantSettings } from '../../resources/tenant-settings/index.ts';
import { findUser, type User } from '../../resources/users/index.ts';
import { findChallenge, issueChallenge, passkeyChallengesOf } from './passkey-challenge.store.ts';
import { type PasskeyStart, TIMEOUT } from './start-login.ts';

/** Why somebody is offered a passkey: they have none, or the one they used is on another device. */
export type PasskeyOffer = 'progressive' | 'local';

/** Somebody who has logged in to `connection`. */
export interface PasskeyOwner {
  readonly connection: Connection;
  readonly user: User;
}

/**
 * Is a passkey to be offered to whoever logged in just now? Auth0: not to who has one already, unless it is another device's; and to
 * nobody who did not want one in the last thirty days, in `browser` (a hash) where it is about the device.
 */
export async function mayOfferPasskey(
  ctx: Context,
  offer: PasskeyOffer,
  { connection, user, browser }: PasskeyOwner & { readonly browser: string },
): Promise<boolean> {
  const rules = databaseRules(connection);
  if (!rules.passkeyEnabled || !rules.passkeyOffers[offer]) return false;
  const own = offer === 'progressive' ? await passkeysHere(ctx, { connection, user }) : [];
  const where = offer === 'progressive' ? connection.name : browser;
  return own.length === 0 && !(await isSnoozed(ctx, { user_id: user.user_id, where }));
}

/** The passkeys that `user` can log in to `connection` with at this host. */
async function passkeysHere(ctx: Context, { connection, user }: PasskeyOwner): Promise<Passkey[]> {
  const { hostname } = new URL(ctx.issuer);
  const all = await listPasskeys(ctx, user.user_id);
  return all.filter((one) => one.connection === connection.name && one.relying_party_identifier === hostname);
}

/** A challenge for a new passkey of `user`; for `local` one that stays on this device. */
export async function startPasskeyEnrollment(
  ctx: Context,
  { connection, user, client_id, offer }: PasskeyOwner & { readonly client_id: string; readonly offer: PasskeyOffer },
): Promise<PasskeyStart> {
  const others = await passkeysHere(ctx, { connection, user });
  const user_handle = others[0]?.user_handle ?? randomToken(ctx.random);
  const { user_id } = user;
  const about = { purpose: 'enroll', client_id, connection_id: connection.id, user_handle, user_id } as const;
  const { auth_session, challenge } = await issueChallenge(ctx, about);
  const name = user.email ?? user.username ?? user.phone_number ?? '';
  const attachment = offer === 'local' ? { authenticatorAttachment: 'platform' } : {};
  return {
    auth_session,
    authn_params_public_key: {
      challenge: challenge.challenge,
      timeout: TIMEOUT,
      rp: { id: challenge.rp_id, name: (await tenantSettings(ctx)).friendly_name || ctx.tenant.name },
      user: { id: user_handle, name, displayName: user.name ?? name },
      pubKeyCredParams: PASSKEY_ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
      excludeCredentials: others.map(({ credential_id: id }) => ({ type: 'public-key', id })),
      authenticatorSelection: { ...attachment, residentKey: 'required', userVerification: 'preferred' },
    },
  };
}

/**
 * Checks what an authenticator answered to a challenge for a new passkey, without using it up.
 *
 * @returns what uses the challenge up and writes the passkey; call it in the transaction that writes what follows
 * @throws PasskeyRefused, also where the challenge is unknown, too old, or another user's; Failure user_blocked
 */
export async function verifyPasskeyEnrollment(
  ctx: Context,
  { connection, user, client_id }: PasskeyOwner & { readonly client_id: string },
  answer: { readonly auth_session: string; readonly authn_response: Readonly<Record<string, unknown>> },
): Promise<{ consume: () => Promise<void> }> {
  const challenge = await findChallenge(ctx, answer.auth_session, client_id);
  const isTheirs = challenge?.purpose === 'enroll' && challenge.user_id === user.user_id;
  if (!challenge || !isTheirs || challenge.connection_id !== connection.id)
    throw new PasskeyRefused('the challenge is unknown or too old');
  const { challenge: asked, rp_id, origin } = challenge;
  const made = await verifyNewPasskey(answer.authn_response, { challenge: asked, rp_id, origins: [origin] });
  const passkey: Passkey = {
    ...made,
    id: newAuthenticatorId(ctx),
    user_id: user.user_id,
    identity_user_id: identityUserId(user, connection),
    connection: connection.name,
    relying_party_identifier: rp_id,
    user_handle: challenge.user_handle ?? '',
    user_agent: ctx.caller.userAgent,
    created_at: isoTime(ctx.clock),
  };
  return {
    async consume() {
      if (!(await passkeyChallengesOf(ctx).take(challenge.id)))
        throw new PasskeyRefused('the challenge was answered meanwhile');
      await requireFree(ctx, user);
      await insertPasskey(ctx, passkey);
    },
  };
}

/** Failure user_blocked where that happened meanwhile. */
async function requireFree(ctx: Context, { user_id }: User): Promise<void> {
  const user = await findUser(ctx, user_id);
  if (!user) throw new PasskeyRefused('its user is gone');
  if (user.blocked) fail('user_blocked', {});
}

/** A linked account has its passkeys by the identity that they were made for. */
function identityUserId({ user_id, identities }: User, { name }: Connection): string {
  const own = identities.find(({ connection }) => connection === name);
  return own ? `${own.provider}|${own.user_id}` : user_id;
}

/** PasskeyRefused where the authenticator is known already, perhaps as somebody else's. */
export async function insertPasskey(ctx: Context, passkey: Passkey): Promise<void> {
  try {
    await passkeysOf(ctx).insert(passkey);
  } catch (error) {
    if (!isFailure(error, 'duplicate')) throw error;
    throw new PasskeyRefused('somebody has this passkey already');
  }
}
