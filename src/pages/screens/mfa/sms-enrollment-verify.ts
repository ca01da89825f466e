import { textsFor } from '../../texts/index.ts';
import type { SentCodeEnrollmentView } from './code-form.ts';
import { renderSentCodeEnrollment } from './code-form.ts';

export type MfaSmsEnrollmentVerifyView = SentCodeEnrollmentView;

/** Asks for the code of the text message that confirms a new phone. */
export function renderMfaSmsEnrollmentVerify(view: MfaSmsEnrollmentVerifyView): string {
  return renderSentCodeEnrollment(view, textsFor(view.lang).mfaSmsEnrollmentVerify);
}
