import type { Context } from '../../kernel/index.ts';
import { hashToken, type JWK, type JwtMembers, JwtRefused, safeEqual, verifyJwt } from '../../platform/crypto/index.ts';
import type { Authenticator } from '../../resources/authentication-methods/index.ts';
import { deviceOf } from './device.ts';
import { invalidDeviceToken } from './errors.ts';

/** Devices' clocks go wrong, and what they sign lives only half a minute. */
const TOLERANCE_SEC = 60;

/**
 * The claims of a JWT that the device signed for the endpoint at `path`.
 *
 * @throws WireError 401 invalid_token
 */
export async function readDeviceJwt(
  ctx: Context,
  authenticator: Authenticator,
  jwt: string,
  path: string,
): Promise<Readonly<Record<string, unknown>>> {
  const device = deviceOf(authenticator);
  if (!device?.public_key) throw invalidDeviceToken('the device has no key');
  try {
    const { payload } = await verifyJwt(jwt, {
      keys: [device.public_key],
      algorithms: ['RS256'],
      // Some SDKs name the installation, some the account.
      issuer: [device.identifier, authenticator.id],
      audience: [...new Set([ctx.issuer, ctx.canonicalIssuer])].map((issuer) => `${issuer}appliance-mfa/${path}`),
      nowMs: ctx.clock.now(),
      clockToleranceSec: TOLERANCE_SEC,
    });
    if (typeof payload.exp !== 'number') throw invalidDeviceToken('no exp');
    return payload;
  } catch (error) {
    if (error instanceof JwtRefused) throw invalidDeviceToken(error.message);
    throw error;
  }
}

/** Is the bearer the device of `authenticator`: by the token that it was given, or by one that it signed? Throws 401 invalid_token. */
export async function requireDevice(
  ctx: Context,
  authenticator: Authenticator,
  header: string | undefined,
): Promise<void> {
  const token = /^bearer +([^\s]+) *$/i.exec(header ?? '')?.[1];
  if (!token) throw invalidDeviceToken('no bearer token');
  const known = deviceOf(authenticator)?.token_hash;
  if (known !== undefined && safeEqual(known, hashToken(token))) return;
  const claims = await readDeviceJwt(ctx, authenticator, token, 'api/device-accounts');
  if (claims.sub !== authenticator.user_id) throw invalidDeviceToken('sub is another user');
}

export interface DeviceProof {
  /** What the header `MFA-DPoP` holds. */
  readonly jwt: string;
  readonly method: string;
  /** Of this host, without the slash in front. */
  readonly path: string;
  /** The token that it goes with. */
  readonly token: string;
}

/** Was the request signed, for itself and just now, by the key that the device has registered (RFC 9449 §4.3)? Throws 401 invalid_token. */
export async function requireDeviceProof(
  ctx: Context,
  authenticator: Authenticator,
  { jwt, method, path, token }: DeviceProof,
): Promise<void> {
  const key = deviceOf(authenticator)?.public_key;
  if (!key) throw invalidDeviceToken('the device has no key');
  const claims = await verifyProof(ctx, jwt, key);
  const urls = [ctx.issuer, ctx.canonicalIssuer].map((issuer) => `${issuer}${path}`);
  const isForThis = claims.htm === method && urls.includes(String(claims.htu)) && claims.ath === hashToken(token);
  const age = ctx.clock.now() / 1000 - Number(claims.iat);
  if (!isForThis || !(Math.abs(age) <= TOLERANCE_SEC)) throw invalidDeviceToken('the proof is of another request');
}

async function verifyProof(ctx: Context, jwt: string, key: JWK): Promise<JwtMembers> {
  try {
    const options = { keys: [key], algorithms: ['RS256'], typ: 'dpop+jwt', nowMs: ctx.clock.now() } as const;
    return (await verifyJwt(jwt, options)).payload;
  } catch (error) {
    if (error instanceof JwtRefused) throw invalidDeviceToken(error.message);
    throw error;
  }
}
