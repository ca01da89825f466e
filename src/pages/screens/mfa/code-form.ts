import { alert, codeField, rememberField, strongText, submitButton } from '../../fields.ts';
import type { Html, Interpolation } from '../../html.ts';
import { html } from '../../html.ts';
import { renderCard, renderForm } from '../../layout.ts';
import { fill, textsFor } from '../../texts/index.ts';
import type { FormView, RememberBrowser } from '../../view.ts';
import { formError, pageActions } from '../../view.ts';

/** What every challenge may offer besides its own fields. */
export type ChallengeView = FormView & {
  /** Offered as the checkbox `rememberBrowser` (`true` when ticked). */
  rememberBrowser?: RememberBrowser | undefined;
  /** Whether the person has another method: the button `action=pick-authenticator`. */
  canTryAnother?: boolean | undefined;
};

/** A challenge by a message. Field: `code`; `action=resend-code` asks for another message. */
export type SentCodeChallengeView = ChallengeView & {
  /** Where the code went, masked. */
  to: string;
  /** Whether the message was just sent again, which is then said. */
  isResent?: boolean | undefined;
};

/** The confirmation of a new phone or email address. Field: `code`; `action=back` chooses another one. */
export type SentCodeEnrollmentView = FormView & {
  /** Digits of the code, where it is not six. */
  codeLength?: number | undefined;
  /** Where the code went, as the person typed it. */
  to: string;
  isResent?: boolean | undefined;
  canTryAnother?: boolean | undefined;
};

/** Gives a screen that asks for the code of a message. `others` are buttons for other ways to get it. */
export function renderSentCodeChallenge(
  view: SentCodeChallengeView,
  texts: { title: string; description: string },
  others: Interpolation = [],
): string {
  return renderCodeScreen(view, texts, [renderResend(view), others, tryAnotherButton(view)]);
}

/** Gives a screen that asks for the code of the message which confirms a new phone or email address. */
export function renderSentCodeEnrollment(
  view: SentCodeEnrollmentView,
  texts: { title: string; description: string; change: string },
): string {
  const change = submitButton(texts.change, { value: pageActions.back, look: 'link' });
  return renderCodeScreen(view, texts, [renderResend(view), change, tryAnotherButton(view)]);
}

/** Gives a screen with a code field. `links` stand below the button. */
export function renderCodeScreen(
  view: ChallengeView & { to?: string; isResent?: boolean | undefined; codeLength?: number | undefined },
  texts: { title: string; description: string },
  links: Interpolation,
): string {
  const { fields, mfa } = textsFor(view.lang);
  const form = renderForm(view, [
    view.isResent && !formError(view) && alert(mfa.resent, 'good'),
    codeField(view, view.codeLength ? fill(fields.codeOf, { length: String(view.codeLength) }) : fields.code),
    rememberField(view, view.rememberBrowser),
    submitButton(fields.continue),
    html`<div class="links">${links}</div>`,
  ]);
  return renderCard(view, {
    title: texts.title,
    description: strongText(texts.description, { to: view.to }),
    body: form,
  });
}

/** Gives the button that leads to the person's other methods, where there are any. */
export function tryAnotherButton(view: { lang: string; canTryAnother?: boolean | undefined }): Html | undefined {
  if (!view.canTryAnother) return undefined;
  return submitButton(textsFor(view.lang).mfa.tryAnother, { value: pageActions.tryAnother, look: 'link' });
}

/** Gives “Didn't get it? Send again”. */
export function renderResend(view: { lang: string }): Html {
  const { mfa } = textsFor(view.lang);
  return html`<p>${mfa.resendQuestion} ${submitButton(mfa.resend, { value: pageActions.resend, look: 'link' })}</p>`;
}
