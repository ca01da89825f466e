import type { DatabaseRules, Identifier } from '../connections/index.ts';

/** What somebody would be known by in a database connection. */
export type Identifiers = { readonly [K in Identifier]?: string };

export interface IdentifierProblem {
  readonly identifier: Identifier;
  readonly kind: 'missing' | 'not_allowed' | 'malformed';
  /** Auth0's words where they are known. */
  readonly message: string;
}

/** Auth0: letters, digits and these signs; nothing that could be taken for an address where addresses are not welcome. */
const USERNAME = /^[\p{L}\p{N}_+\-.!#'^`~@$]+$/u;
/** As the Management API's format `email` reads it: no quoted local parts, a top-level domain. */
const EMAIL =
  /^[^\s@,;:<>()[\]\\"]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+\p{L}[\p{L}\p{N}-]*[\p{L}\p{N}]$/u;
const PHONE = /^\+[0-9]{1,15}$/;

const LABELS: Readonly<Record<Identifier, string>> = {
  email: 'email',
  username: 'username',
  phone_number: 'phone number',
};

/** Is `text` an e-mail address that mail can be sent to? */
export function isEmail(text: string): boolean {
  return text.length <= 254 && EMAIL.test(text);
}

function usernameProblem(rules: DatabaseRules, username: string): string | undefined {
  const { min, max, emails, phones } = rules.username;
  const length = [...username].length;
  if (length < min || length > max) return `Username length must be between ${min} and ${max} characters.`;
  if (!USERNAME.test(username)) return 'Username contains characters that are not allowed.';
  if (!emails && isEmail(username)) return 'Username must not be an email address.';
  if (!phones && PHONE.test(username)) return 'Username must not be a phone number.';
  return undefined;
}

function malformed(rules: DatabaseRules, identifier: Identifier, value: string): string | undefined {
  if (identifier === 'username') return usernameProblem(rules, value);
  if (identifier === 'phone_number') return PHONE.test(value) ? undefined : 'Invalid phone number';
  return isEmail(value) ? undefined : 'Invalid email';
}

/**
 * The first thing wrong with `given` under the rules of a connection, or undefined. `moment` decides what must be there: a person
 * who signs up, a user whom an operator makes, or a change, which may leave out anything.
 */
export function findIdentifierProblem(
  rules: DatabaseRules,
  given: Identifiers,
  moment: 'signup' | 'create' | 'change',
): IdentifierProblem | undefined {
  for (const identifier of ['email', 'username', 'phone_number'] as const) {
    const { allowed, required, requiredAtSignup } = rules.identifiers[identifier];
    const value = given[identifier];
    const wanted = moment === 'signup' ? requiredAtSignup : moment === 'create' && required;
    if (value === undefined) {
      if (wanted) return { identifier, kind: 'missing', message: `Missing required property: ${identifier}` };
      continue;
    }
    if (!allowed) return { identifier, kind: 'not_allowed', message: notAllowed(identifier) };
    const message = malformed(rules, identifier, value);
    if (message) return { identifier, kind: 'malformed', message };
  }
  return undefined;
}

function notAllowed(identifier: Identifier): string {
  if (identifier === 'username') return 'Cannot set username for connection without requires_username';
  return `The connection does not allow a ${LABELS[identifier]}.`;
}

/** Identifiers as they are stored and compared: addresses and usernames in lower case. */
export function normalizeIdentifiers(given: Identifiers): Identifiers {
  const { email, username, phone_number } = given;
  return {
    ...(email === undefined ? {} : { email: email.trim().toLowerCase() }),
    ...(username === undefined ? {} : { username: username.trim() }),
    ...(phone_number === undefined ? {} : { phone_number }),
  };
}
