import { linkRow, passwordField, submitButton, textField } from '../../fields.ts';
import { html } from '../../html.ts';
import { renderCard, renderForm, renderScript } from '../../layout.ts';
import type { PasswordRule } from '../../password-rules.ts';
import { renderPasswordRules } from '../../password-rules.ts';
import { passwordToggleScript } from '../../scripts.ts';
import { textsFor } from '../../texts/index.ts';
import type { FormView } from '../../view.ts';
import { pickFocus, purposeOf } from '../../view.ts';
import { type OneTap, renderOneTap } from '../login/one-tap.ts';

/** Fields: `email`, `username` where asked for, and `password`. */
export type SignupView = FormView & {
  email?: string | undefined;
  /** The address is the one that was invited. */
  isEmailFixed?: boolean | undefined;
  /** Whether the connection wants a username; left out where it has none. */
  usernameField?: 'required' | 'optional' | undefined;
  username?: string | undefined;
  passwordRules?: readonly PasswordRule[] | undefined;
  loginUrl?: string | undefined;
  /** A login that the browser offers by itself; left out where there is none. */
  oneTap?: OneTap | undefined;
};

/** A new account: email address, perhaps a username, and a password with the rules for it. */
export function renderSignup(view: SignupView): string {
  const texts = textsFor(view.lang).signup;
  const form = renderForm(view, [
    ...renderFields(view),
    submitButton(texts.submit),
    view.loginUrl &&
      html`<div class="links">${linkRow({ question: texts.loginQuestion, text: texts.login, url: view.loginUrl })}</div>`,
  ]);
  return renderCard(view, {
    title: texts.title,
    description: purposeOf(view, texts),
    body: [form, renderScript(view, passwordToggleScript), ...renderOneTap(view, view.oneTap)],
  });
}

function renderFields(view: SignupView) {
  const { fields } = textsFor(view.lang);
  const username = view.usernameField === 'required' ? { username: view.username } : {};
  const focus = pickFocus(view, { email: view.email, ...username, password: undefined });
  const rules = renderPasswordRules(view.lang, view.passwordRules);
  const text = { enterkeyhint: 'next' } as const;
  return [
    textField(view, {
      ...text,
      name: 'email',
      label: fields.email,
      value: view.email,
      type: 'email',
      autocomplete: 'email',
      inputmode: 'email',
      focus: focus === 'email',
      readonly: view.isEmailFixed,
    }),
    view.usernameField &&
      textField(view, {
        ...text,
        name: 'username',
        label: fields.username,
        value: view.username,
        autocomplete: 'username',
        optional: view.usernameField === 'optional',
        focus: focus === 'username',
      }),
    passwordField(view, {
      name: 'password',
      label: fields.password,
      autocomplete: 'new-password',
      enterkeyhint: 'go',
      focus: focus === 'password',
      describedBy: rules && 'password-rules',
    }),
    rules,
  ];
}
