import { textsFor } from '../../texts/index.ts';
import type { ChallengeView } from './code-form.ts';
import { renderCodeScreen, tryAnotherButton } from './code-form.ts';

/** Field: `code`. */
export type MfaOtpChallengeView = ChallengeView;

/** Asks for the code that the authenticator app shows. */
export function renderMfaOtpChallenge(view: MfaOtpChallengeView): string {
  return renderCodeScreen(view, textsFor(view.lang).mfaOtpChallenge, tryAnotherButton(view));
}
