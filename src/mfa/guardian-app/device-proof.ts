import type { Context } from '../../kernel/index.ts';
import { hashToken, JwtRefused, safeEqual, verifyJwt } from '../../platform/crypto/index.ts';
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
