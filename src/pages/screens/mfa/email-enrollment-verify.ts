import { textsFor } from '../../texts/index.ts';
import type { SentCodeEnrollmentView } from './code-form.ts';
import { renderSentCodeEnrollment } from './code-form.ts';

export type MfaEmailEnrollmentVerifyView = SentCodeEnrollmentView;

/** Asks for the code of the email that confirms a new address. */
export function renderMfaEmailEnrollmentVerify(view: MfaEmailEnrollmentVerifyView): string {
  return renderSentCodeEnrollment(view, textsFor(view.lang).mfaEmailEnrollmentVerify);
}
