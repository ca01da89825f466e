import { textsFor } from '../../texts/index.ts';
import { renderSentCodeEnrollment, type SentCodeEnrollmentView } from '../mfa/code-form.ts';

/** Field: `code`; `action=resend-code` asks for another one, `action=back` for another address. */
export type LoginPasswordlessCodeView = Omit<SentCodeEnrollmentView, 'canTryAnother'>;

/** Asks for the code that was mailed to log in with. */
export function renderLoginPasswordlessEmailCode(view: LoginPasswordlessCodeView): string {
  return renderSentCodeEnrollment(view, textsFor(view.lang).loginPasswordlessEmailCode);
}

/** Asks for the code that was texted to log in with. */
export function renderLoginPasswordlessSmsOtp(view: LoginPasswordlessCodeView): string {
  return renderSentCodeEnrollment(view, textsFor(view.lang).loginPasswordlessSmsOtp);
}
