import type { Context, SetCookie } from '../kernel/index.ts';
import { hashToken, randomToken } from '../platform/crypto/index.ts';

/** Tells browsers apart: the secret that binds a transaction to the browser that began it. As Auth0 names it. */
const DEVICE_COOKIE = 'did';
const COMPAT_DEVICE_COOKIE = 'did_compat';
const YEAR = 31_536_000;
const SHORTEST = 32;

export type Cookies = Readonly<Record<string, string | undefined>>;

/** SHA-256 of what the browser presents, or undefined. */
export function readDevice(cookies: Cookies): string | undefined {
  const value = cookies[DEVICE_COOKIE] || cookies[COMPAT_DEVICE_COOKIE];
  return value && value.length >= SHORTEST ? hashToken(value) : undefined;
}

/** The browser's device, made now if it has none: its hash, and the cookies that the answer must set then. */
export function ensureDevice(ctx: Context, cookies: Cookies): { hash: string; cookies: SetCookie[] } {
  const known = readDevice(cookies);
  if (known) return { hash: known, cookies: [] };
  const value = randomToken(ctx.random);
  return {
    hash: hashToken(value),
    cookies: [
      { name: DEVICE_COOKIE, value, maxAge: YEAR },
      { name: COMPAT_DEVICE_COOKIE, value, maxAge: YEAR, sameSite: 'lax' },
    ],
  };
}
