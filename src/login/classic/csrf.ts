import type { Context, SetCookie } from '../../kernel/index.ts';
import { hashToken, randomToken, safeEqual } from '../../platform/crypto/index.ts';
import type { Cookies } from '../../transactions/index.ts';

/** As Auth0 names it. */
const COOKIE = '_csrf';
const SHORTEST = 32;

function secretOf(cookies: Cookies): string | undefined {
  const value = cookies[COOKIE];
  return value && value.length >= SHORTEST ? value : undefined;
}

const tokenFor = (secret: string, state: string) => hashToken(`${secret}.${state}`);

/** The token that the page of the login `state` sends back, and the cookie of the browser's secret that it is made of, where it is new. */
export function csrfToken(
  ctx: Context,
  state: string,
  cookies: Cookies,
): { token: string; cookies: readonly SetCookie[] } {
  const known = secretOf(cookies);
  const secret = known ?? randomToken(ctx.random);
  return {
    token: tokenFor(secret, state),
    cookies: known === undefined ? [{ name: COOKIE, value: secret, sameSite: 'lax' }] : [],
  };
}

/** Was `token` given to this browser for the login `state`? */
export function isCsrfToken(token: string | undefined, state: string, cookies: Cookies): boolean {
  const secret = secretOf(cookies);
  return secret !== undefined && token !== undefined && safeEqual(token, tokenFor(secret, state));
}
