/**
 * How Auth0 shows an address of a person to somebody who may only recognise it. The rules are read off its samples:
 *
 * | sample                 | rule                                                                              |
 * |------------------------|-----------------------------------------------------------------------------------|
 * | `XXXXXXXXX9167`        | phone: one X for every character of the E.164 number, `+` included, but the last 4 |
 * | `****@exam*******`     | MFA API: the local part all stars, the domain's first 4 (here of `example.com`)    |
 * | `chuc****@exam*******` | Management API: the first 4 of the local part too (here of `chuck359`)             |
 *
 * A mask is as long as what it hides. A part of four characters or fewer would be shown whole, so it is hidden whole.
 */

const SHOWN = 4;

/** `+15551239167` → `XXXXXXXX9167`. */
export function maskPhone(phone: string): string {
  const hidden = phone.length > SHOWN ? phone.length - SHOWN : phone.length;
  return 'X'.repeat(hidden) + phone.slice(hidden);
}

/** `user@example.com` → `****@exam*******`. What has no `@` is hidden whole. */
export function maskEmail(email: string): string {
  return maskParts(email, hideAll);
}

/** `chuck359@example.com` → `chuc****@exam*******`. What has no `@` is hidden whole. */
export function maskEmailKeepingStart(email: string): string {
  return maskParts(email, keepStart);
}

function maskParts(email: string, maskLocal: (local: string) => string): string {
  const at = email.lastIndexOf('@');
  if (at < 0) return hideAll(email);
  return `${maskLocal(email.slice(0, at))}@${keepStart(email.slice(at + 1))}`;
}

function hideAll(part: string): string {
  return '*'.repeat([...part].length);
}

function keepStart(part: string): string {
  const characters = [...part];
  if (characters.length <= SHOWN) return hideAll(part);
  return characters.slice(0, SHOWN).join('') + '*'.repeat(characters.length - SHOWN);
}
