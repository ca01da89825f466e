import { Failure, type FailureCode, isFailure } from '../../../kernel/index.ts';
import type { ErrorName, PasswordRule } from '../../../pages/index.ts';
import { type Connection, databaseRules } from '../../../resources/connections/index.ts';
import { describeStrength } from '../../../resources/users/index.ts';

const TEXTS: Partial<Readonly<Record<FailureCode, ErrorName>>> = {
  password_too_weak: 'password-too-weak',
  password_too_common: 'password-in-dictionary',
  password_has_user_info: 'password-has-user-info',
  password_reused: 'password-in-history',
};

/** Why a new password was refused; undefined when the failure is about something else. */
export function passwordMistake(error: unknown): ErrorName | undefined {
  return error instanceof Failure ? TEXTS[error.code as FailureCode] : undefined;
}

/** The policy of `connection` rule by rule, before a password was tried. That there must be one at all goes without saying. */
export function rulesBefore(connection: Connection): PasswordRule[] {
  return describeStrength(databaseRules(connection).password).filter(({ code }) => code !== 'nonEmpty');
}

/** The policy rule by rule, as far as the refused password met it. */
export function rulesOf(error: unknown): PasswordRule[] | undefined {
  if (!isFailure(error, 'password_too_weak')) return undefined;
  return (error.params.report as { rules?: PasswordRule[] }).rules;
}
