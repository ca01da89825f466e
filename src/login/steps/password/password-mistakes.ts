import { Failure, type FailureCode, isFailure } from '../../../kernel/index.ts';
import type { ErrorName, PasswordRule } from '../../../pages/index.ts';

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

/** The policy rule by rule, as far as the refused password met it. */
export function rulesOf(error: unknown): PasswordRule[] | undefined {
  if (!isFailure(error, 'password_too_weak')) return undefined;
  return (error.params.report as { rules?: PasswordRule[] }).rules;
}
