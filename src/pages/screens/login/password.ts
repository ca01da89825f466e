import { linkRow, passwordField, submitButton, textField } from '../../fields.ts';
import { html, safeUrl } from '../../html.ts';
import { renderCard, renderForm, renderScript } from '../../layout.ts';
import { passwordToggleScript } from '../../scripts.ts';
import { textsFor } from '../../texts/index.ts';
import type { FormView } from '../../view.ts';
import { purposeOf } from '../../view.ts';
import { detectionFields, renderDetection } from '../passkey/detection.ts';

/** Field: `password`. `username` is there for whoever keeps passwords, and cannot be changed. */
export type LoginPasswordView = FormView & {
  /** Who said that they log in. */
  username: string;
  identifier: 'email' | 'username' | 'username-or-email';
  /** Where somebody else says so. */
  editUrl: string;
  /** Is the server told what the browser can do with passkeys? */
  detectsPasskeys?: boolean | undefined;
  /** Where to sign up; left out where it is not allowed. */
  signupUrl?: string | undefined;
  /** Where to reset the password; left out where it is not allowed. */
  resetUrl?: string | undefined;
};

/** The password of who is known by now. */
export function renderLoginPassword(view: LoginPasswordView): string {
  const { fields, login, loginPassword: texts } = textsFor(view.lang);
  const labels = { email: fields.email, username: fields.username, 'username-or-email': fields.usernameOrEmail };
  const reset = safeUrl(view.resetUrl);
  const form = renderForm(view, [
    textField(view, {
      name: 'username',
      label: labels[view.identifier],
      value: view.username,
      autocomplete: 'username',
      readonly: true,
    }),
    linkRow({ question: texts.editQuestion, text: texts.edit, url: view.editUrl }),
    passwordField(view, {
      name: 'password',
      label: fields.password,
      autocomplete: 'current-password',
      enterkeyhint: 'go',
      focus: true,
    }),
    view.detectsPasskeys && detectionFields(),
    reset && html`<div class="between"><a href="${reset}">${login.forgotPassword}</a></div>`,
    submitButton(login.submit),
    view.signupUrl &&
      html`<div class="links">${linkRow({ question: login.signupQuestion, text: login.signup, url: view.signupUrl })}</div>`,
  ]);
  const body = [form, renderScript(view, passwordToggleScript), view.detectsPasskeys && renderDetection(view)];
  return renderCard(view, { title: texts.title, description: purposeOf(view, login), body });
}
