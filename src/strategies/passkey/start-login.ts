import type { Context } from '../../kernel/index.ts';
import type { Connection } from '../../resources/connections/index.ts';
import { issueChallenge } from './passkey-challenge.store.ts';

/** What an application hands on to the platform's authenticator, and the handle that it sends back with the answer. */
export interface PasskeyStart {
  readonly auth_session: string;
  readonly authn_params_public_key: Readonly<Record<string, unknown>>;
}

export interface PasskeyLogin {
  readonly connection: Connection;
  readonly client_id: string;
  /** Id of the organization to log in to. */
  readonly organization?: string;
}

/** ms for which a platform shows its dialog. */
export const TIMEOUT = 60_000;

/**
 * A challenge for whoever has a passkey here: which one, and whose, is the authenticator's to say. Auth0 writes `preferred` for the
 * verification of the user; it is demanded of the answer all the same.
 */
export async function startPasskeyLogin(
  ctx: Context,
  { connection, client_id, ...more }: PasskeyLogin,
): Promise<PasskeyStart> {
  const about = { purpose: 'login', client_id, connection_id: connection.id, ...more } as const;
  const { auth_session, challenge } = await issueChallenge(ctx, about);
  return {
    auth_session,
    authn_params_public_key: {
      challenge: challenge.challenge,
      timeout: TIMEOUT,
      rpId: challenge.rp_id,
      userVerification: 'preferred',
    },
  };
}
