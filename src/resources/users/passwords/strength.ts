import { fail } from '../../../kernel/index.ts';
import type { CharacterType, PasswordRules } from '../../connections/index.ts';

/** One line of a policy, as Auth0 words it; SDKs put `format` into `message` as printf does. */
export interface PasswordDemand {
  readonly message: string;
  readonly code: string;
  readonly format?: readonly (number | string)[];
  readonly items?: readonly PasswordDemand[];
}

/** One line of the report that Auth0 sends with a weak password. */
interface Rule extends PasswordDemand {
  readonly items?: readonly Rule[];
  readonly verified: boolean;
}

const TYPES: Readonly<Record<CharacterType, { pattern: RegExp; message: string; code: string }>> = {
  lowercase: { pattern: /[a-z]/, message: 'lower case letters (a-z)', code: 'lowerCase' },
  uppercase: { pattern: /[A-Z]/, message: 'upper case letters (A-Z)', code: 'upperCase' },
  number: { pattern: /[0-9]/, message: 'numbers (i.e. 0-9)', code: 'numbers' },
  // OWASP's list: what can be seen in ASCII besides letters and numbers, and the space.
  special: { pattern: /[ -/:-@[-`{-~]/, message: 'special characters (e.g. !@#$%^&*)', code: 'specialCharacters' },
};
const SEQUENCE = 3;

function lengthRule(rules: PasswordRules, password: string): Rule {
  const length = [...password].length;
  if (rules.minLength <= 1) return { message: 'Non-empty password required', code: 'nonEmpty', verified: length > 0 };
  return {
    message: 'At least %d characters in length',
    format: [rules.minLength],
    code: 'lengthAtLeast',
    verified: length >= rules.minLength,
  };
}

function typesRule(rules: PasswordRules, password: string): Rule {
  const items = rules.types.map((type) => {
    const { pattern, message, code } = TYPES[type];
    return { message, code, verified: pattern.test(password) };
  });
  const verified = items.filter((item) => item.verified).length >= rules.typesNeeded;
  if (rules.typesNeeded === rules.types.length)
    return { message: 'Should contain:', code: 'shouldContain', items, verified };
  return {
    message: 'Contain at least %d of the following %d types of characters:',
    code: 'containsAtLeast',
    format: [rules.typesNeeded, rules.types.length],
    items,
    verified,
  };
}

/** Do characters follow each other in the order of their codes, up or down: `abc`, `321`? */
function hasSequence(password: string): boolean {
  const codes = [...password.toLowerCase()].map((character) => character.codePointAt(0) ?? 0);
  return codes.some((code, at) =>
    [1, -1].some((step) =>
      Array.from({ length: SEQUENCE }).every((_, offset) => codes[at + offset] === code + offset * step),
    ),
  );
}

function rulesFor(rules: PasswordRules, password: string): Rule[] {
  const found = [lengthRule(rules, password)];
  if (rules.types.length > 0) found.push(typesRule(rules, password));
  if (rules.blockIdentical) {
    found.push({
      message: 'No more than %d identical characters in a row (e.g., "%s" not allowed)',
      code: 'identicalChars',
      format: [2, 'aaa'],
      verified: !/(.)\1\1/su.test(password),
    });
  }
  // Inferred: no document shows the text and code of the two newer rules.
  if (rules.blockSequential) {
    found.push({
      message: 'No more than %d sequential characters in a row (e.g., "%s" not allowed)',
      code: 'sequentialChars',
      format: [2, 'abc'],
      verified: !hasSequence(password),
    });
  }
  if (rules.maxLength !== undefined) {
    const verified = Buffer.byteLength(password) <= rules.maxLength;
    found.push({ message: 'At most %d bytes in length', code: 'lengthAtMost', format: [rules.maxLength], verified });
  }
  return found;
}

function print(rule: PasswordDemand): string {
  let next = 0;
  return rule.message.replace(/%[ds]/g, () => String(rule.format?.[next++] ?? ''));
}

function printPolicy(rules: readonly Rule[]): string {
  return rules
    .map((rule) => [`* ${print(rule)}`, ...(rule.items ?? []).map((item) => ` * ${print(item)}`)].join('\n'))
    .join('\n');
}

/** What `rules` demand of the form of a password, line by line, without a verdict: for those who have not typed one yet. */
export function describeStrength(rules: PasswordRules): PasswordDemand[] {
  return rulesFor(rules, '').map(withoutVerdict);
}

function withoutVerdict({ verified: _verdict, items, ...demand }: Rule): PasswordDemand {
  return items ? { ...demand, items: items.map(withoutVerdict) } : demand;
}

/** Failure password_too_weak when `password` does not satisfy `rules`, with the report rule by rule. */
export function requireStrength(rules: PasswordRules, password: string): void {
  const report = rulesFor(rules, password);
  if (report.every((rule) => rule.verified)) return;
  fail('password_too_weak', { report: { rules: report, verified: false }, policy: printPolicy(report) });
}
