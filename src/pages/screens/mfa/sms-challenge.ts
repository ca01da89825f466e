import { submitButton } from '../../fields.ts';
import { textsFor } from '../../texts/index.ts';
import { pageActions } from '../../view.ts';
import type { SentCodeChallengeView } from './code-form.ts';
import { renderSentCodeChallenge } from './code-form.ts';

/** `action=pick-voice` asks for a call in place of the message. */
export type MfaSmsChallengeView = SentCodeChallengeView & { canCall?: boolean | undefined };

/** Asks for the code of a text message. */
export function renderMfaSmsChallenge(view: MfaSmsChallengeView): string {
  const { mfa, mfaSmsChallenge } = textsFor(view.lang);
  const call = view.canCall && submitButton(mfa.callInstead, { value: pageActions.call, look: 'link' });
  return renderSentCodeChallenge(view, mfaSmsChallenge, call);
}
