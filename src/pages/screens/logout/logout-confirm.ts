import { submitButton } from '../../fields.ts';
import { html } from '../../html.ts';
import { renderCard, renderForm } from '../../layout.ts';
import { fill, textsFor } from '../../texts/index.ts';
import type { FormView } from '../../view.ts';
import { pageActions } from '../../view.ts';

/** `action` is `accept` or `deny`. */
export type LogoutConfirmView = FormView & { account?: string | undefined };

/** Asks before a logout that might not be the person's own wish. */
export function renderLogoutConfirm(view: LogoutConfirmView): string {
  const texts = textsFor(view.lang).logoutConfirm;
  const form = renderForm(view, [
    html`<div class="actions">${submitButton(texts.accept, { value: pageActions.accept })}${submitButton(texts.deny, { value: pageActions.deny, look: 'quiet' })}</div>`,
    view.account && html`<div class="links"><p>${fill(texts.account, { account: view.account })}</p></div>`,
  ]);
  const description = fill(texts.description, { companyName: view.theme.companyName });
  return renderCard(view, { title: texts.title, description, body: form });
}
