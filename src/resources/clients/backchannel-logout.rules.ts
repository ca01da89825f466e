import { type Context, managementError, webUrl } from '../../kernel/index.ts';
import { formats } from '../../platform/http/index.ts';
import type { BackchannelLogoutSettings, Client } from './client.ts';

const FORMAT = 'absolute-https-uri-with-placeholders-or-empty';
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Auth0 posts logout tokens to https only. In development the application may be on this machine, as the server is. A session belongs to
 * no organization, so nothing could be put in a placeholder's place; a fragment goes to no server (Back-Channel Logout §2.2).
 */
function isLogoutUrl(ctx: Context, value: string): boolean {
  if (/[{}#]/.test(value)) return false;
  if (ctx.development && LOOPBACK.has(webUrl(value)?.hostname ?? '')) return true;
  return formats[FORMAT]?.(value) === true;
}

/** Where logout tokens of `client` go, and for what, by whichever name it was written. */
export function logoutSettingsOf(client: Partial<Client>): BackchannelLogoutSettings {
  return client.oidc_logout ?? client.oidc_backchannel_logout ?? {};
}

/** Logout tokens go where they may. WireError 400, in the validator's words. */
export function requireBackchannelLogoutUrls(ctx: Context, client: Partial<Client>): void {
  const name = client.oidc_logout ? 'oidc_logout' : 'oidc_backchannel_logout';
  for (const [at, url] of (logoutSettingsOf(client).backchannel_logout_urls ?? []).entries()) {
    if (isLogoutUrl(ctx, url)) continue;
    const text = `Object didn't pass validation for format ${FORMAT}: ${url}`;
    const where = `${name}.backchannel_logout_urls[${at}]`;
    throw managementError(400, `Payload validation error: '${text}' on property ${where}.`, 'invalid_body');
  }
}
