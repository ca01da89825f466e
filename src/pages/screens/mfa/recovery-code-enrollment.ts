import { textsFor } from '../../texts/index.ts';
import type { SavedCodeView } from './saved-code.ts';
import { renderSavedCode } from './saved-code.ts';

export type MfaRecoveryCodeEnrollmentView = SavedCodeView;

/** Shows the recovery code that comes with the first factor. */
export function renderMfaRecoveryCodeEnrollment(view: MfaRecoveryCodeEnrollmentView): string {
  return renderSavedCode(view, textsFor(view.lang).mfaRecoveryCodeEnrollment);
}
