import type { Clock } from './clock.ts';
import type { Random } from './random.ts';

const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** `length` characters of [A-Za-z0-9], without bias. */
export function alphanumeric(random: Random, length: number): string {
  let text = '';
  while (text.length < length) {
    for (const byte of random.bytes(length * 2)) {
      if (byte < 248 && text.length < length) text += ALPHANUMERIC[byte % 62];
    }
  }
  return text;
}

/** An id in Auth0's form `<prefix><16 alphanumerics>`: `con_`, `cgr_`, `rol_`, `dev_`, `org_` … */
export function prefixedId(random: Random, prefix: string, length = 16): string {
  return prefix + alphanumeric(random, length);
}

/** Client ids: 32 alphanumerics. */
export function newClientId(random: Random): string {
  return alphanumeric(random, 32);
}

/** Ids of third-party clients under the strict rules, which can be told by them: `tpc_` + 22. */
export function newThirdPartyClientId(random: Random): string {
  return prefixedId(random, THIRD_PARTY, 22);
}

/** Was the id made by `newThirdPartyClientId`? Such a client is a strict third-party one for good. */
export function isThirdPartyClientId(clientId: string): boolean {
  return clientId.startsWith(THIRD_PARTY);
}

const THIRD_PARTY = 'tpc_';

/** Client secrets: 64 URL-safe characters, 384 bits. */
export function newClientSecret(random: Random): string {
  return random.bytes(48).toString('base64url');
}

/** Ids of users (after `auth0|`), resource servers and grants: 24 hexadecimal digits. */
export function hexId(random: Random): string {
  return random.bytes(12).toString('hex');
}

/**
 * 24 hexadecimal digits that begin with the time (ms): rows made after each other lie beside each other, so that a busy table's indexes
 * are written in few places.
 */
export function orderedHexId(clock: Clock, random: Random): string {
  return clock.now().toString(16).padStart(12, '0') + random.bytes(6).toString('hex');
}

/** A UUID of version 4 (RFC 9562 §5.4). */
export function uuid(random: Random): string {
  const bytes = random.bytes(16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return Buffer.from(bytes)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
