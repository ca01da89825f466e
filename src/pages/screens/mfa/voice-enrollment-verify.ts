import { textsFor } from '../../texts/index.ts';
import type { SentCodeEnrollmentView } from './code-form.ts';
import { renderSentCodeEnrollment } from './code-form.ts';

export type MfaVoiceEnrollmentVerifyView = SentCodeEnrollmentView;

/** Asks for the code of the call that confirms a new phone. */
export function renderMfaVoiceEnrollmentVerify(view: MfaVoiceEnrollmentVerifyView): string {
  return renderSentCodeEnrollment(view, textsFor(view.lang).mfaVoiceEnrollmentVerify);
}
