import { type AuditEvent, type Context, fail, isoTime } from '../../kernel/index.ts';
import {
  type Expected,
  PasskeyRefused,
  type UsedPasskey,
  verifyNewPasskey,
  verifyPasskey,
} from '../../platform/webauthn/index.ts';
import { newAuthenticatorId, type Passkey, passkeysOf } from '../../resources/authentication-methods/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import { type Connection, connectionsOf, databaseRules, isEnabledFor } from '../../resources/connections/index.ts';
import { draftDatabaseUser, findIdentifierProblem, findUser, type User } from '../../resources/users/index.ts';
import { sendVerificationEmail } from '../auth0/index.ts';
import { insertPasskey } from './enroll.ts';
import { originsOf } from './origins.ts';
import { findChallenge, type PasskeyChallenge, passkeyChallengesOf } from './passkey-challenge.store.ts';

export interface PasskeyAnswer {
  readonly client: StoredClient;
  readonly auth_session: string;
  /** The connection that is meant, where the request says so. */
  readonly realm?: string | undefined;
  /** Id of the organization to log in to. */
  readonly organization?: string | undefined;
  /** What the authenticator said, as JSON. */
  readonly authn_response: Readonly<Record<string, unknown>>;
}

export interface PasskeyProof {
  readonly connection: Connection;
  /** Whose passkey it is, or who is signed up with it when it is used. */
  readonly user: User;
  /**
   * Uses the challenge up and writes what it proved; call it inside the transaction that writes what follows. Throws PasskeyRefused when
   * somebody else was faster, Failure user_exists.
   */
  readonly consume: () => Promise<void>;
}

/**
 * Checks what an authenticator answered to a challenge, without using it up.
 *
 * @returns undefined when the challenge is unknown, too old, another client's, of another connection or organization
 * @throws PasskeyRefused, Failure user_blocked, signup_disabled
 */
export async function verifyPasskeyAnswer(ctx: Context, answer: PasskeyAnswer): Promise<PasskeyProof | undefined> {
  const { client, realm } = answer;
  const challenge = await findChallenge(ctx, answer.auth_session, client.client_id);
  // What makes another passkey of somebody who is logged in proves nobody.
  if (challenge?.purpose === 'enroll') return undefined;
  const connection = challenge && (await connectionsOf(ctx).get(challenge.connection_id));
  const isUsable = connection && isEnabledFor(connection, client.client_id) && databaseRules(connection).passkeyEnabled;
  const isRealm = realm === undefined || connection?.name === realm || connection?.realms.includes(realm);
  const isMeant = isRealm && (challenge?.organization ?? answer.organization) === answer.organization;
  if (!challenge || !connection || !isUsable || !isMeant) return undefined;
  const expected = {
    challenge: challenge.challenge,
    rp_id: challenge.rp_id,
    origins: originsOf(client, challenge.origin),
  };
  const asked = { challenge, connection, expected };
  return challenge.purpose === 'register' ? verifySignUp(ctx, answer, asked) : verifyLogin(ctx, answer, asked);
}

interface Asked {
  readonly challenge: PasskeyChallenge;
  readonly connection: Connection;
  readonly expected: Expected;
}

async function take(ctx: Context, { id }: PasskeyChallenge): Promise<void> {
  if (!(await passkeyChallengesOf(ctx).take(id))) throw new PasskeyRefused('the challenge was answered meanwhile');
}

async function verifyLogin(ctx: Context, answer: PasskeyAnswer, asked: Asked): Promise<PasskeyProof> {
  const { challenge, connection, expected } = asked;
  const passkey = await findPasskey(ctx, answer, asked);
  const used = await verifyPasskey(answer.authn_response, expected, passkey);
  const user = await findUser(ctx, passkey.user_id);
  if (!user) throw new PasskeyRefused('its user is gone');
  if (user.blocked) fail('user_blocked', {});
  return {
    connection,
    user,
    async consume() {
      await take(ctx, challenge);
      await noteUse(ctx, passkey, used);
    },
  };
}

/** The passkey that the answer names, of this connection and host, and of the user whom its authenticator means. */
async function findPasskey(ctx: Context, { authn_response }: PasskeyAnswer, asked: Asked): Promise<Passkey> {
  const { id, response } = authn_response;
  const found = typeof id === 'string' ? await passkeysOf(ctx).find({ credential_id: id }) : undefined;
  if (!found) throw new PasskeyRefused('nobody has this passkey');
  if (found.connection !== asked.connection.name) throw new PasskeyRefused('it is of another connection');
  if (found.relying_party_identifier !== asked.challenge.rp_id) throw new PasskeyRefused('it is for another host');
  const handle = (response as { userHandle?: unknown } | null | undefined)?.userHandle;
  if (handle !== found.user_handle) throw new PasskeyRefused('it is of another user');
  return found;
}

/** Of two answers at once with the same count only one is good: the other may be a copy's. */
async function noteUse(ctx: Context, passkey: Passkey, used: UsedPasskey): Promise<void> {
  let noted = false;
  await passkeysOf(ctx).update(passkey.id, (stored) => {
    noted = used.sign_count === 0 || used.sign_count > stored.sign_count;
    return noted ? { ...stored, ...used, last_auth_at: isoTime(ctx.clock) } : undefined;
  });
  if (!noted) throw new PasskeyRefused('it is gone, or its counter went back');
}

async function verifySignUp(ctx: Context, answer: PasskeyAnswer, asked: Asked): Promise<PasskeyProof> {
  const { challenge, connection, expected } = asked;
  const made = await verifyNewPasskey(answer.authn_response, expected);
  const rules = databaseRules(connection);
  if (rules.signupDisabled) fail('signup_disabled', {});
  // The connection may have changed since the challenge was made.
  const problem = findIdentifierProblem(rules, challenge.profile ?? {}, 'signup');
  if (problem) throw new PasskeyRefused(problem.message);
  const { user, save } = await draftDatabaseUser(ctx, { connection, ...challenge.profile });
  const passkey: Passkey = {
    ...made,
    id: newAuthenticatorId(ctx),
    user_id: user.user_id,
    identity_user_id: user.user_id,
    connection: connection.name,
    relying_party_identifier: challenge.rp_id,
    user_handle: challenge.user_handle ?? '',
    user_agent: ctx.caller.userAgent,
    created_at: isoTime(ctx.clock),
  };
  return {
    connection,
    user,
    async consume() {
      await take(ctx, challenge);
      await save();
      await insertPasskey(ctx, passkey);
      ctx.audit(signUpEvent(answer, connection, user));
      if (rules.verifyEmail) await sendVerificationEmail(ctx, user, answer.client);
    },
  };
}

function signUpEvent({ client }: PasskeyAnswer, { name, id, strategy }: Connection, user: User): AuditEvent {
  return {
    type: 'ss',
    client_id: client.client_id,
    client_name: client.name,
    connection: name,
    connection_id: id,
    strategy,
    strategy_type: 'database',
    user_id: user.user_id,
    user_name: user.email ?? user.username ?? user.phone_number ?? '',
  };
}
