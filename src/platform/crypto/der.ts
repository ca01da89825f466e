/** Just enough of DER (X.690 §10) to write a certificate: tag, length, value. Nothing here reads DER. */

const TAG = { boolean: 0x01, integer: 0x02, bitString: 0x03, octetString: 0x04, nothing: 0x05, oid: 0x06 };
const TEXT = { utf8: 0x0c, utcTime: 0x17, generalizedTime: 0x18 };

/** Any element: `tag` and the parts of its value. */
export function element(tag: number, ...parts: Uint8Array[]): Buffer {
  const value = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, ...lengthOctets(value.length)]), value]);
}

export const sequence = (...parts: Uint8Array[]): Buffer => element(0x30, ...parts);
export const set = (...parts: Uint8Array[]): Buffer => element(0x31, ...parts);
/** `[number] EXPLICIT` around the parts. */
export const explicit = (number: number, ...parts: Uint8Array[]): Buffer => element(0xa0 + number, ...parts);
export const boolean = (value: boolean): Buffer => element(TAG.boolean, Buffer.from([value ? 0xff : 0]));
export const octetString = (bytes: Uint8Array): Buffer => element(TAG.octetString, bytes);
export const nothing = (): Buffer => element(TAG.nothing);
export const utf8String = (text: string): Buffer => element(TEXT.utf8, Buffer.from(text, 'utf8'));

/** A non-negative integer from its big-endian bytes. */
export function integer(bytes: Uint8Array): Buffer {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start++;
  const digits = bytes.subarray(start);
  return element(TAG.integer, (digits[0] ?? 0) > 0x7f ? Buffer.from([0]) : Buffer.alloc(0), digits);
}

/** @param unusedBits how many of the last bits do not count (0 to 7) */
export function bitString(bytes: Uint8Array, unusedBits = 0): Buffer {
  return element(TAG.bitString, Buffer.from([unusedBits]), bytes);
}

/** An object identifier from its dotted form. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return element(TAG.oid, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** UTCTime until 2049, GeneralizedTime from 2050 (RFC 5280 §4.1.2.5). */
export function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/\.\d+|[-:T]/g, '');
  if (Number(digits.slice(0, 4)) >= 2050) return element(TEXT.generalizedTime, Buffer.from(digits));
  return element(TEXT.utcTime, Buffer.from(digits.slice(2)));
}

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length];
  const digits: number[] = [];
  for (let left = length; left > 0; left = Math.floor(left / 256)) digits.unshift(left % 256);
  return [0x80 | digits.length, ...digits];
}

function base128(number: number): number[] {
  const digits = [number % 128];
  for (let left = Math.floor(number / 128); left > 0; left = Math.floor(left / 128))
    digits.unshift(0x80 | (left % 128));
  return digits;
}
