import { linkRow, submitButton } from '../../fields.ts';
import { html } from '../../html.ts';
import { icons } from '../../icons.ts';
import { renderCard, renderForm } from '../../layout.ts';
import { textsFor } from '../../texts/index.ts';
import type { FormView } from '../../view.ts';
import { pageActions } from '../../view.ts';

/** `action=resend-code` asks for another email; `email`, as it was typed, goes along in a hidden field. */
export type ResetPasswordEmailSentView = FormView & { email: string; loginUrl?: string | undefined };

/** Says that an email was sent, in the same words whether or not there is such an account. */
export function renderResetPasswordEmailSent(view: ResetPasswordEmailSentView): string {
  const texts = textsFor(view.lang).resetPasswordEmailSent;
  const form = renderForm(view, [
    html`<input type="hidden" name="email" value="${view.email}">`,
    html`<p class="hint lead">${texts.hint}</p>`,
    submitButton(texts.resend, { value: pageActions.resend, look: 'quiet' }),
    view.loginUrl && html`<div class="links">${linkRow({ text: texts.back, url: view.loginUrl })}</div>`,
  ]);
  return renderCard(view, {
    title: texts.title,
    badge: html`<div class="badge">${icons.mail}</div>`,
    description: texts.sent,
    body: form,
  });
}
