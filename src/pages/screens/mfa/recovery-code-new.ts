import { textsFor } from '../../texts/index.ts';
import type { SavedCodeView } from './saved-code.ts';
import { renderSavedCode } from './saved-code.ts';

export type MfaRecoveryCodeNewView = SavedCodeView;

/** Shows the recovery code that replaces the one just used. */
export function renderMfaRecoveryCodeNew(view: MfaRecoveryCodeNewView): string {
  return renderSavedCode(view, textsFor(view.lang).mfaRecoveryCodeNew);
}
