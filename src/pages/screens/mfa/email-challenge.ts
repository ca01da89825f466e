import { textsFor } from '../../texts/index.ts';
import type { SentCodeChallengeView } from './code-form.ts';
import { renderSentCodeChallenge } from './code-form.ts';

export type MfaEmailChallengeView = SentCodeChallengeView;

/** Asks for the code that was emailed. */
export function renderMfaEmailChallenge(view: MfaEmailChallengeView): string {
  return renderSentCodeChallenge(view, textsFor(view.lang).mfaEmailChallenge);
}
