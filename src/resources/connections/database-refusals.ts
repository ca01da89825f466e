import { managementError } from '../../kernel/index.ts';
import type { Options } from './password-rules.ts';

const SCRIPTS = 'scripts that speak for another user store are not run by this server.';

/** What a database connection may not ask for here, as nothing would come of it: the member, the value, and why. */
const REFUSALS: readonly (readonly [path: string, value: unknown, why: string])[] = [
  ['enabledDatabaseCustomization', true, SCRIPTS],
  ['import_mode', true, SCRIPTS],
  ['realm_fallback', true, 'a realm is one connection.'],
  ['mfa.active', false, 'the policies of the tenant decide.'],
  ['attributes.email.verification_method', 'otp', 'addresses are verified by a link.'],
  ['attributes.email.identifier.default_method', 'email_otp', 'the login page begins with the password.'],
  ['attributes.phone_number.signup.verification.active', true, 'numbers are verified by who logs in with a code.'],
];

const memberOf = (value: unknown, name: string) => (value as Options | null | undefined)?.[name];

/** WireError 400 for what `options` ask for in vain. */
export function requireOfferedOptions(options: Options): void {
  for (const [path, value, why] of REFUSALS)
    if (path.split('.').reduce(memberOf, options as unknown) === value)
      throw managementError(400, `options.${path} can not be ${value}: ${why}`, 'operation_not_supported');
}
