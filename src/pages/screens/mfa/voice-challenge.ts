import { submitButton } from '../../fields.ts';
import { textsFor } from '../../texts/index.ts';
import { pageActions } from '../../view.ts';
import type { SentCodeChallengeView } from './code-form.ts';
import { renderSentCodeChallenge } from './code-form.ts';

/** `action=pick-sms` asks for a text message in place of the call. */
export type MfaVoiceChallengeView = SentCodeChallengeView & { canText?: boolean | undefined };

/** Asks for the code that was read out on the phone. */
export function renderMfaVoiceChallenge(view: MfaVoiceChallengeView): string {
  const { mfa, mfaVoiceChallenge } = textsFor(view.lang);
  const text = view.canText && submitButton(mfa.textInstead, { value: pageActions.text, look: 'link' });
  return renderSentCodeChallenge(view, mfaVoiceChallenge, text);
}
