import { linkRow, passwordField, submitButton, textField } from '../../fields.ts';
import { html } from '../../html.ts';
import { renderCard, renderForm, renderScript } from '../../layout.ts';
import type { PasswordRule } from '../../password-rules.ts';
import { renderPasswordRules } from '../../password-rules.ts';
import { passwordToggleScript } from '../../scripts.ts';
import { fill, textsFor } from '../../texts/index.ts';
import type { FormView } from '../../view.ts';
import { pickFocus } from '../../view.ts';

/** Fields: `email`, `username` where asked for, and `password`. */
export type SignupView = FormView & {
  email?: string | undefined;
  /** Whether the connection wants a username; left out where it has none. */
  usernameField?: 'required' | 'optional' | undefined;
  username?: string | undefined;
  passwordRules?: readonly PasswordRule[] | undefined;
  loginUrl?: string | undefined;
};

/** A new account: email address, perhaps a username, and a password with the rules for it. */
export function renderSignup(view: SignupView): string {
  const texts = textsFor(view.lang).signup;
  const description = view.client ? texts.description : texts.descriptionWithoutClient;
  const form = renderForm(view, [
    ...renderFields(view),
    submitButton(texts.submit),
    view.loginUrl &&
      html`<div class="links">${linkRow({ question: texts.loginQuestion, text: texts.login, url: view.loginUrl })}</div>`,
  ]);
  return renderCard(view, {
    title: texts.title,
    description: fill(description, { clientName: view.client?.name, companyName: view.theme.companyName }),
    body: [form, renderScript(view, passwordToggleScript)],
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
