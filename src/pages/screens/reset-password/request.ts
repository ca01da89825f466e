import { linkRow, submitButton, textField } from '../../fields.ts';
import { html } from '../../html.ts';
import { renderCard, renderForm } from '../../layout.ts';
import { textsFor } from '../../texts/index.ts';
import type { FormView } from '../../view.ts';

/** Field: `email`, which holds the username where `acceptsUsername`. */
export type ResetPasswordRequestView = FormView & {
  email?: string | undefined;
  acceptsUsername?: boolean | undefined;
  loginUrl?: string | undefined;
};

/** Asks whose password is to be reset. */
export function renderResetPasswordRequest(view: ResetPasswordRequestView): string {
  const { resetPasswordRequest: texts, fields } = textsFor(view.lang);
  const form = renderForm(view, [
    textField(view, {
      name: 'email',
      label: view.acceptsUsername ? fields.usernameOrEmail : fields.email,
      value: view.email,
      type: view.acceptsUsername ? 'text' : 'email',
      autocomplete: view.acceptsUsername ? 'username' : 'email',
      inputmode: 'email',
      enterkeyhint: 'send',
      focus: true,
    }),
    submitButton(texts.submit),
    view.loginUrl && html`<div class="links">${linkRow({ text: texts.back, url: view.loginUrl })}</div>`,
  ]);
  const description = view.acceptsUsername ? texts.descriptionWithUsername : texts.description;
  return renderCard(view, { title: texts.title, description, body: form });
}
