import { passwordField, strongText, submitButton } from '../../fields.ts';
import { html } from '../../html.ts';
import { renderCard, renderForm, renderScript } from '../../layout.ts';
import type { PasswordRule } from '../../password-rules.ts';
import { renderPasswordRules } from '../../password-rules.ts';
import { passwordToggleScript } from '../../scripts.ts';
import { textsFor } from '../../texts/index.ts';
import type { FormView } from '../../view.ts';
import { pickFocus } from '../../view.ts';

/** Fields: `password-reset` and `re-enter-password`. Here `state` holds the link's ticket. */
export type ResetPasswordNewPasswordView = FormView & {
  /** Email address or username of the account, for the person and for password managers. */
  account?: string | undefined;
  passwordRules?: readonly PasswordRule[] | undefined;
};

/** Where the link in the email leads: the new password, twice. */
export function renderResetPasswordNewPassword(view: ResetPasswordNewPasswordView): string {
  const texts = textsFor(view.lang).resetPasswordNewPassword;
  const focus = pickFocus(view, { 'password-reset': undefined, 're-enter-password': undefined });
  const rules = renderPasswordRules(view.lang, view.passwordRules);
  const form = renderForm(view, [
    view.account && html`<input type="text" value="${view.account}" autocomplete="username" hidden readonly>`,
    passwordField(view, {
      name: 'password-reset',
      label: texts.password,
      autocomplete: 'new-password',
      enterkeyhint: 'next',
      focus: focus === 'password-reset',
      describedBy: rules && 'password-rules',
    }),
    rules,
    passwordField(view, {
      name: 're-enter-password',
      label: texts.repeated,
      autocomplete: 'new-password',
      enterkeyhint: 'go',
      focus: focus === 're-enter-password',
    }),
    submitButton(texts.submit),
  ]);
  return renderCard(view, {
    title: texts.title,
    description: view.account && strongText(texts.description, { account: view.account }),
    body: [form, renderScript(view, passwordToggleScript)],
  });
}
