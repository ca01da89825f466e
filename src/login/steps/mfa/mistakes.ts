import { Failure, type FailureCode } from '../../../kernel/index.ts';
import type { ErrorName } from '../../../pages/index.ts';
import type { Mistakes } from '../../step.ts';

/** What the person can mend: the field it belongs to and the text. `form` is about the page as a whole. */
const MISTAKES: Partial<Readonly<Record<FailureCode, readonly [field: string, ErrorName]>>> = {
  wrong_otp: ['code', 'invalid-code'],
  wrong_binding_code: ['code', 'invalid-code'],
  wrong_recovery_code: ['code', 'invalid-recovery-code'],
  unknown_oob_code: ['code', 'expired-code'],
  no_authenticators: ['form', 'something-failed'],
  too_many_failed_codes: ['form', 'too-many-codes'],
  too_many_messages: ['form', 'too-many-messages'],
  too_many_authenticators: ['form', 'something-failed'],
  message_not_sent: ['form', 'message-failed'],
  invalid_phone_number: ['phone', 'invalid-phone'],
  invalid_email: ['email', 'invalid-email'],
};

/** The failure as messages on the page. Throws it again when it is not the person's to mend. */
export function mistakesOf(error: unknown): Mistakes {
  const found = error instanceof Failure ? MISTAKES[error.code as FailureCode] : undefined;
  if (!found) throw error;
  return { [found[0]]: found[1] };
}
