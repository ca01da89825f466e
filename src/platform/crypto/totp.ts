import { createHmac } from 'node:crypto';
import type { Random } from '../../kernel/index.ts';
import { safeEqual } from './tokens.ts';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const STEP_MS = 30_000;
const DIGITS = 6;
const SECRET_BYTES = 20;

/** RFC 4648 §6, without padding. */
export function encodeBase32(bytes: Uint8Array): string {
  let text = '';
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += BASE32.charAt((buffer >>> (bits - 5)) & 31);
    buffer &= (1 << bits) - 1;
  }
  return bits > 0 ? text + BASE32.charAt((buffer << (5 - bits)) & 31) : text;
}

/** RFC 4648 §6; lower case and padding are accepted. Throws SyntaxError on any other character or an impossible length. */
export function decodeBase32(text: string): Buffer {
  const digits = text.replace(/=+$/, '').toUpperCase();
  const remainder = digits.length % 8;
  if (remainder === 1 || remainder === 3 || remainder === 6) throw new SyntaxError('Not base32: impossible length.');
  const bytes: number[] = [];
  let buffer = 0;
  let bits = 0;
  for (const digit of digits) {
    const value = BASE32.indexOf(digit);
    if (value < 0) throw new SyntaxError('Not base32: unexpected character.');
    buffer = ((buffer << 5) | value) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((buffer >>> bits) & 0xff);
    }
  }
  return Buffer.from(bytes);
}

/** A new secret: 20 bytes (as long as SHA-1's output, RFC 4226 §4) as 32 base32 characters. */
export function totpSecret(random: Random): string {
  return encodeBase32(random.bytes(SECRET_BYTES));
}

/** The six digits that an authenticator app shows at `timeMs` (RFC 6238, SHA-1, 30 seconds). Throws on a bad secret. */
export function totpAt(secretBase32: string, timeMs: number): string {
  return codeOfStep(decodeBase32(secretBase32), Math.floor(timeMs / STEP_MS));
}

/** What is compared: the secret, the digits typed, the present, and the last step that was accepted, if any. */
export interface TotpAttempt {
  readonly secret: string;
  readonly code: string;
  readonly nowMs: number;
  readonly lastStep?: number | undefined;
}

/**
 * The time step whose code was given, or undefined. One step of drift is allowed either way (RFC 6238 §5.2). A step at or
 * before `lastStep` never matches: the caller stores the answer so that no code is accepted twice.
 */
export function matchTotp(attempt: TotpAttempt): number | undefined {
  const secret = decodeBase32(attempt.secret);
  const present = Math.floor(attempt.nowMs / STEP_MS);
  const earliest = (attempt.lastStep ?? -1) + 1;
  let found: number | undefined;
  // All three are always compared: the time taken does not tell which one it was.
  for (const step of [present + 1, present, present - 1]) {
    if (safeEqual(codeOfStep(secret, Math.max(0, step)), attempt.code) && step >= earliest) found = step;
  }
  return found;
}

/** The URI behind the QR code that authenticator apps scan, with the parameters in Auth0's order. */
export function otpauthUri(label: { issuer: string; account: string; secret: string }): string {
  const issuer = encodeURIComponent(label.issuer);
  const account = encodeURIComponent(label.account);
  return `otpauth://totp/${issuer}:${account}?secret=${label.secret}&issuer=${issuer}&algorithm=SHA1&digits=${DIGITS}&period=30`;
}

/** RFC 4226 §5.3 */
function codeOfStep(secret: Buffer, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const offset = mac.readUInt8(mac.length - 1) & 0xf;
  const number = mac.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, '0');
}
