import type { PasswordlessRules } from '../../resources/connections/index.ts';
import { isEmail } from '../../resources/users/index.ts';

const PHONE = /^\+[0-9]{1,15}$/;

type Identifier = PasswordlessRules['identifier'];

/** What is wrong with an address or number that a code is to be sent to, in Auth0's words; undefined when nothing is. */
export function findRecipientProblem(identifier: Identifier, given: string): string | undefined {
  if (identifier === 'phone_number')
    return PHONE.test(given) ? undefined : 'String does not match pattern: ^\\+[0-9]{1,15}$';
  return isEmail(given.trim()) ? undefined : `error in email - email format validation failed: ${given.slice(0, 320)}`;
}

/** As users are looked up by it. */
export function normalizeRecipient(given: string): string {
  return given.trim().toLowerCase();
}
