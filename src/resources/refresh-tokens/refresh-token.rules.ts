import type { StoredClient } from '../clients/index.ts';
import type { RefreshToken } from './refresh-token.store.ts';

const DEFAULT_LIFETIME_S = 2_592_000;

type Settings = NonNullable<StoredClient['refresh_token']>;

/** How the application's refresh tokens behave when nothing is configured. */
const DEFAULTS: Settings = { rotation_type: 'non-rotating', expiration_type: 'non-expiring' };

function settingsOf(client: StoredClient): Settings {
  return client.refresh_token ?? DEFAULTS;
}

/** Does every exchange hand out a new token? */
export function isRotating(client: StoredClient): boolean {
  return settingsOf(client).rotation_type === 'rotating';
}

/** Milliseconds in which a token that was exchanged may come again. */
export function leewayOf(client: StoredClient): number {
  return (settingsOf(client).leeway ?? 0) * 1000;
}

function expires(settings: Settings): boolean {
  // Auth0: rotating implies expiring.
  return settings.expiration_type === 'expiring' || settings.rotation_type === 'rotating';
}

/** When a family that begins at `now` (ms) ends at the latest; undefined: never. */
export function absoluteExpiry(client: StoredClient, now: number): number | undefined {
  const settings = settingsOf(client);
  if (!expires(settings) || settings.infinite_token_lifetime) return undefined;
  return now + (settings.token_lifetime ?? DEFAULT_LIFETIME_S) * 1000;
}

/** When the token ends if it is not used, as the application has it today; undefined: never. ms */
export function idleExpiry(token: RefreshToken, client: StoredClient): number | undefined {
  const settings = settingsOf(client);
  if (!expires(settings) || settings.infinite_idle_token_lifetime) return undefined;
  return token.last_used_at + (settings.idle_token_lifetime ?? DEFAULT_LIFETIME_S) * 1000;
}

/** Is the token past its fixed end, or unused for longer than the application allows today? */
export function isExpired(token: RefreshToken, client: StoredClient, now: number): boolean {
  const ends = [token.expires_at, idleExpiry(token, client)];
  return ends.some((end) => end !== undefined && end <= now);
}
