import { type Context, databaseError, fail } from '../../kernel/index.ts';
import { randomToken } from '../../platform/crypto/index.ts';
import { PASSKEY_ALGORITHMS } from '../../platform/webauthn/index.ts';
import { databaseRules } from '../../resources/connections/index.ts';
import { tenantSettings } from '../../resources/tenant-settings/index.ts';
import { findIdentifierProblem, findPasswordCredential } from '../../resources/users/index.ts';
import { issueChallenge, type PasskeyProfile } from './passkey-challenge.store.ts';
import { type PasskeyLogin, type PasskeyStart, TIMEOUT } from './start-login.ts';

export interface PasskeySignUp extends PasskeyLogin {
  readonly profile: PasskeyProfile;
}

/**
 * A challenge for a new passkey of somebody new. Nobody is made before it is answered.
 *
 * @throws Failure signup_disabled, user_exists; a database error (400) where the identifiers do not fit the connection
 */
export async function startPasskeySignUp(ctx: Context, signUp: PasskeySignUp): Promise<PasskeyStart> {
  const { connection, profile, ...more } = signUp;
  await requireWelcome(ctx, signUp);
  const user_handle = randomToken(ctx.random);
  const about = { purpose: 'register', connection_id: connection.id, user_handle, profile, ...more } as const;
  const { auth_session, challenge } = await issueChallenge(ctx, about);
  const name = profile.email ?? profile.phone_number ?? profile.username ?? '';
  const rpName = (await tenantSettings(ctx)).friendly_name || ctx.tenant.name;
  return {
    auth_session,
    authn_params_public_key: {
      challenge: challenge.challenge,
      timeout: TIMEOUT,
      rp: { id: challenge.rp_id, name: rpName },
      user: { id: user_handle, name, displayName: profile.name ?? name },
      pubKeyCredParams: PASSKEY_ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'preferred' },
    },
  };
}

async function requireWelcome(ctx: Context, { connection, profile }: PasskeySignUp): Promise<void> {
  const rules = databaseRules(connection);
  if (rules.signupDisabled) fail('signup_disabled', {});
  const problem = findIdentifierProblem(rules, profile, 'signup');
  if (problem) throw databaseError(400, 'bad_request', problem.message);
  for (const identifier of [profile.email, profile.phone_number, profile.username]) {
    if (identifier !== undefined && (await findPasswordCredential(ctx, connection.name, identifier)))
      fail('user_exists', {});
  }
}
