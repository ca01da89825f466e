import { fail } from '../../../kernel/index.ts';
import { verifyPassword } from '../../../platform/crypto/index.ts';
import type { PasswordRules } from '../../connections/index.ts';
import { isCommonPassword } from './common-passwords.ts';
import { requireStrength } from './strength.ts';

/** Who the password is for: members of the profile, as far as they are known. */
export type Owner = Readonly<Record<string, unknown>>;

/** Shorter words are in too many passwords by chance. */
const SHORTEST_PERSONAL_WORD = 3;

function valueAt(owner: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (value as Owner | null | undefined)?.[name], owner);
}

function personalWords(owner: Owner, fields: readonly string[]): string[] {
  const words: string[] = [];
  for (const field of fields) {
    const value = valueAt(owner, field);
    if (typeof value !== 'string') continue;
    const text = value.toLowerCase();
    if (text.includes('@')) words.push(text.slice(0, text.lastIndexOf('@')), text);
    else words.push(text, ...text.split(/\s+/));
  }
  return words.filter((word) => word.length >= SHORTEST_PERSONAL_WORD);
}

/**
 * Checks `password` for `owner` against all that can be said of it without hashing.
 * Failures password_too_weak, password_too_common, password_has_user_info, in this order.
 */
export function requireAcceptablePassword(rules: PasswordRules, owner: Owner, password: string): void {
  requireStrength(rules, password);
  const lower = password.toLowerCase();
  if (rules.dictionary) {
    const own = rules.dictionary.some((word) => word.toLowerCase() === lower);
    if (own || isCommonPassword(lower)) fail('password_too_common', {});
  }
  const words = rules.personalFields ? personalWords(owner, rules.personalFields) : [];
  if (words.some((word) => lower.includes(word))) fail('password_has_user_info', {});
}

/**
 * Checks that `password` is behind none of the `hashes` (newest first) that the connection's history remembers.
 * Failure password_reused. Costs one verification per hash.
 */
export async function requireNewPassword(
  rules: PasswordRules,
  password: string,
  hashes: readonly string[],
): Promise<void> {
  for (const hash of hashes.slice(0, rules.history)) {
    if (await verifyPassword(password, hash)) fail('password_reused', { size: rules.history });
  }
}
