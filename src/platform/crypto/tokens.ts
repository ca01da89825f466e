import { hash, timingSafeEqual } from 'node:crypto';
import type { Random } from '../../kernel/index.ts';

const DIGITS = '0123456789';
/** Auth0's recovery codes are `[A-Z1-9]`; I and O are left out because they read like 1 and 0. */
const RECOVERY_ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ123456789';
const RECOVERY_LENGTH = 24;

/** SHA-256 of a token, base64url: the form in which tokens are stored and looked up. */
export function hashToken(token: string): string {
  return hash('sha256', token, 'base64url');
}

/** Whether two texts are equal, in a time that depends on neither their content nor where they differ. */
export function safeEqual(a: string, b: string): boolean {
  return timingSafeEqual(sha256(a), sha256(b));
}

/** `bytes` random bytes as base64url (32 bytes: 43 characters). */
export function randomToken(random: Random, bytes = 32): string {
  return random.bytes(bytes).toString('base64url');
}

/**
 * A handle in the shape of Auth0's `mfa_token` and `oob_code` (a hapi-iron string). All of it is random: nothing is
 * inside, it is only ever looked up by its hash.
 *
 * @param nowMs the present, milliseconds
 * @param ttlMs lifetime, milliseconds; shows in the expiry field, but what counts is the expiry stored with the hash
 */
export function opaqueTicket(random: Random, nowMs: number, ttlMs: number): string {
  const bytes = random.bytes(224);
  const salt = bytes.toString('hex', 0, 32);
  const iv = bytes.toString('base64url', 32, 48);
  const sealed = bytes.toString('base64url', 48, 160);
  const macSalt = bytes.toString('hex', 160, 192);
  const mac = bytes.toString('base64url', 192, 224);
  const issued = Math.floor(nowMs / 1000);
  return `Fe26.2*SERVER_${issued}*${salt}*${iv}*${sealed}*${Math.floor(nowMs + ttlMs)}*${macSalt}*${mac}~2`;
}

/** A refresh token as Auth0 shows it: `v1.M` and 60 URL-safe characters (360 bits). */
export function refreshTokenString(random: Random): string {
  return `v1.M${randomToken(random, 45)}`;
}

/** An online refresh token, in Auth0's shape: `ORT` and 60 URL-safe characters. */
export function onlineRefreshTokenString(random: Random): string {
  return `ORT${randomToken(random, 45)}`;
}

/** 24 characters of A-Z (without I and O) and 1-9: 121 bits. */
export function recoveryCode(random: Random): string {
  return randomText(random, RECOVERY_ALPHABET, RECOVERY_LENGTH);
}

/** A code of decimal digits for SMS, voice and email; every code is equally likely. */
export function numericCode(random: Random, digits = 6): string {
  return randomText(random, DIGITS, digits);
}

/** `length` characters drawn from `alphabet` (2 to 256 single-unit characters), each equally likely. */
export function randomText(random: Random, alphabet: string, length: number): string {
  // A byte at or above the largest multiple of the alphabet's size would favour its first characters: drawn again.
  const fair = 256 - (256 % alphabet.length);
  let text = '';
  for (let draws = 0; text.length < length; draws++) {
    if (draws > 100) throw new Error('The source of randomness repeats itself.');
    for (const byte of random.bytes((length - text.length) * 2)) {
      if (byte < fair && text.length < length) text += alphabet.charAt(byte % alphabet.length);
    }
  }
  return text;
}

function sha256(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
