import { importPublicKey, type JWK, PublicKeyRefused } from '../../platform/crypto/index.ts';
import type { Authenticator } from '../../resources/authentication-methods/index.ts';
import { invalidDeviceBody } from './errors.ts';

/** What an app registers of the device that it runs on. */
export interface Device {
  /** The app's own name for the installation: `iss` of what it signs. */
  readonly identifier: string;
  /** `APNS` or `GCM`, and the address there; absent: it cannot be notified. */
  readonly push_service?: string;
  readonly push_token?: string;
  /** Absent in development, where a person answers for the app. */
  readonly public_key?: JWK;
  /** SHA-256 of the token by which the app changes and removes its account (older SDKs). */
  readonly token_hash?: string;
}

export type Body = Readonly<Record<string, unknown>>;

const LONGEST_NAME = 128;
const LONGEST_TOKEN = 4096;
const SMALLEST_MODULUS = 2048;

export function deviceOf(authenticator: Authenticator): Device | undefined {
  return authenticator.device as Device | undefined;
}

function readText(body: Body, name: string, longest: number): string | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && value !== '' && value.length <= longest) return value;
  throw invalidDeviceBody(`${name} must be a string of 1 to ${longest} characters`);
}

/** The members of a device that may change: its identifier, its name, where it is notified. Throws 400 invalid_body. */
export function readDeviceChanges(body: Body): { device: Partial<Device>; name?: string } {
  const identifier = readText(body, 'identifier', LONGEST_NAME);
  const name = readText(body, 'name', LONGEST_NAME);
  return {
    device: { ...(identifier ? { identifier } : {}), ...readPushCredentials(body.push_credentials) },
    ...(name ? { name } : {}),
  };
}

function readPushCredentials(value: unknown): Pick<Device, 'push_service' | 'push_token'> {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object') throw invalidDeviceBody('push_credentials must be an object');
  const service = readText(value as Body, 'service', LONGEST_NAME);
  const token = readText(value as Body, 'token', LONGEST_TOKEN);
  if (!token || (service !== 'APNS' && service !== 'GCM')) {
    throw invalidDeviceBody('push_credentials must have a token and the service APNS or GCM');
  }
  return { push_service: service, push_token: token };
}

/** The device's RSA key. Throws 400 invalid_body when it is none, or too short. */
export function readPublicKey(value: unknown): JWK {
  const { kty, n, e } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  if (kty !== 'RSA' || typeof n !== 'string' || typeof e !== 'string') {
    throw invalidDeviceBody('public_key must be an RSA key in JWK form');
  }
  const key: JWK = { kty, n: withoutSign(n), e: withoutSign(e), alg: 'RS256', use: 'sig' };
  try {
    const { modulusLength = 0 } = importPublicKey(key).asymmetricKeyDetails ?? {};
    if (modulusLength >= SMALLEST_MODULUS) return key;
  } catch (error) {
    if (!(error instanceof PublicKeyRefused)) throw error;
  }
  throw invalidDeviceBody(`public_key must be an RSA key of at least ${SMALLEST_MODULUS} bits`);
}

/** Java writes numbers with a sign byte in front, which RFC 7518 §6.3.1 has no place for. */
function withoutSign(number: string): string {
  const bytes = Buffer.from(number, 'base64url');
  const first = bytes.findIndex((byte) => byte !== 0);
  return bytes.subarray(Math.max(0, first)).toString('base64url');
}
