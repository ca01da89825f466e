import { alert, rememberField, strongText, submitButton } from '../../fields.ts';
import { html } from '../../html.ts';
import { icons } from '../../icons.ts';
import { renderCard, renderForm, renderScript } from '../../layout.ts';
import { askAgainScript } from '../../scripts.ts';
import { textsFor } from '../../texts/index.ts';
import { formError, pageActions } from '../../view.ts';
import type { ChallengeView } from './code-form.ts';
import { renderResend, tryAnotherButton } from './code-form.ts';

/**
 * `action=default` asks whether the person has answered; the page sends it by itself every `askAgainSeconds` where
 * scripts run. `action=resend-code` sends another notification, `action=enter-otp-code` goes to the code of the app.
 */
export type MfaPushChallengeView = ChallengeView & {
  /** Name of the device. */
  to?: string | undefined;
  isResent?: boolean | undefined;
  canEnterCode?: boolean | undefined;
  /** Left out: the page waits for the button. */
  askAgainSeconds?: number | undefined;
};

/** Waits for the answer to a push notification. */
export function renderMfaPushChallenge(view: MfaPushChallengeView): string {
  const { mfa, mfaPushChallenge: texts } = textsFor(view.lang);
  const enterCode = submitButton(texts.enterCode, { value: pageActions.enterCode, look: 'link' });
  const form = renderForm(
    view,
    [
      view.isResent && !formError(view) && alert(mfa.resent, 'good'),
      html`<p class="waiting" role="status">${texts.waiting}</p>`,
      rememberField(view, view.rememberBrowser),
      submitButton(texts.submit),
      html`<div class="links">${renderResend(view)}${view.canEnterCode && enterCode}${tryAnotherButton(view)}</div>`,
    ],
    { askAgain: view.askAgainSeconds },
  );
  return renderCard(view, {
    title: texts.title,
    badge: html`<div class="badge">${icons.device}</div>`,
    description: view.to ? strongText(texts.description, { to: view.to }) : texts.descriptionWithoutDevice,
    body: [form, view.askAgainSeconds && renderScript(view, askAgainScript)],
  });
}
