import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { readAssertion, readAttestation } from './responses.ts';

/** What an authenticator's answer must be bound to. */
export interface Expected {
  /** base64url, as it was handed out. */
  readonly challenge: string;
  /** Any of these. */
  readonly origins: readonly string[];
  /** The relying party's id: a host name. */
  readonly rp_id: string;
}

/** A passkey as its authenticator made it. */
export interface NewPasskey {
  /** base64url */
  readonly credential_id: string;
  /** COSE key, base64url. */
  readonly public_key: string;
  readonly sign_count: number;
  readonly aaguid: string;
  readonly credential_device_type: 'single_device' | 'multi_device';
  readonly credential_backed_up: boolean;
}

export type StoredPasskey = Pick<NewPasskey, 'credential_id' | 'public_key' | 'sign_count'>;
export type UsedPasskey = Pick<NewPasskey, 'sign_count' | 'credential_device_type' | 'credential_backed_up'>;

/** The answer is not what it must be; the message says why, for the log. */
export class PasskeyRefused extends Error {
  override readonly name = 'PasskeyRefused';
}

/** COSE: EdDSA, ES256, RS256, the most wanted first. */
export const PASSKEY_ALGORITHMS = [-8, -7, -257] as const;

const DEVICE_TYPES = { singleDevice: 'single_device', multiDevice: 'multi_device' } as const;

/**
 * Checks the answer to `navigator.credentials.create()` (§7.1): type, challenge, origin, relying party, presence, user verification and
 * algorithm. No attestation is asked for, so one that comes all the same is refused: checking it would mean fetching what it names.
 *
 * @throws PasskeyRefused
 */
export async function verifyNewPasskey(response: unknown, expected: Expected): Promise<NewPasskey> {
  const read = readAttestation(response) ?? refuse('it is no answer to a registration');
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
  const { decodeAttestationObject, isoBase64URL } = await import('@simplewebauthn/server/helpers');
  const { registrationInfo } = await refusing(async () => {
    const attestation = decodeAttestationObject(isoBase64URL.toBuffer(read.response.attestationObject));
    if (attestation.get('fmt') !== 'none') refuse('it carries an attestation');
    return verifyRegistrationResponse({
      response: read as RegistrationResponseJSON,
      expectedChallenge: expected.challenge,
      expectedOrigin: [...expected.origins],
      expectedRPID: expected.rp_id,
      requireUserVerification: true,
      supportedAlgorithmIDs: [...PASSKEY_ALGORITHMS],
    });
  });
  if (!registrationInfo) return refuse('it is not verified');
  const { credential, aaguid, credentialDeviceType, credentialBackedUp } = registrationInfo;
  if (credential.id !== read.id) refuse('the credential has another id than it says');
  return {
    credential_id: credential.id,
    public_key: Buffer.from(credential.publicKey).toString('base64url'),
    sign_count: credential.counter,
    aaguid,
    credential_device_type: DEVICE_TYPES[credentialDeviceType],
    credential_backed_up: credentialBackedUp,
  };
}

/**
 * Checks the answer to `navigator.credentials.get()` (§7.2) against a passkey that is stored: type, challenge, origin, relying party,
 * presence, user verification, signature, and that the counter goes up where the authenticator counts.
 *
 * @throws PasskeyRefused
 */
export async function verifyPasskey(
  response: unknown,
  expected: Expected,
  stored: StoredPasskey,
): Promise<UsedPasskey> {
  const read = readAssertion(response) ?? refuse('it is no answer to a challenge');
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
  const { verified, authenticationInfo } = await refusing(() =>
    verifyAuthenticationResponse({
      response: read as AuthenticationResponseJSON,
      expectedChallenge: expected.challenge,
      expectedOrigin: [...expected.origins],
      expectedRPID: expected.rp_id,
      requireUserVerification: true,
      credential: {
        id: stored.credential_id,
        publicKey: new Uint8Array(Buffer.from(stored.public_key, 'base64url')),
        counter: stored.sign_count,
      },
    }),
  );
  if (!verified) return refuse('the signature is wrong');
  const { newCounter, credentialDeviceType, credentialBackedUp } = authenticationInfo;
  return {
    sign_count: newCounter,
    credential_device_type: DEVICE_TYPES[credentialDeviceType],
    credential_backed_up: credentialBackedUp,
  };
}

function refuse(reason: string): never {
  throw new PasskeyRefused(reason);
}

/** The library throws plain errors for whatever is wrong with what a stranger sent. */
async function refusing<R>(work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PasskeyRefused) throw error;
    throw new PasskeyRefused(error instanceof Error ? error.message : 'unknown', { cause: error });
  }
}
