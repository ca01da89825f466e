import { submitButton, textField } from '../../fields.ts';
import { renderCard, renderForm } from '../../layout.ts';
import { fill, textsFor } from '../../texts/index.ts';
import type { FormView } from '../../view.ts';
import { type ProviderButton, renderProviderButtons } from './provider-buttons.ts';

/** Field: `username`, which holds what a code is to be sent to. */
export type LoginIdentifierView = FormView & {
  /** What was typed before, or the `login_hint`. */
  username?: string | undefined;
  /** What a code can be sent to. */
  identifier: 'email' | 'phone' | 'emailOrPhone';
  providers?: readonly ProviderButton[] | undefined;
};

/** Asks where a code to log in with is to be sent. */
export function renderLoginIdentifier(view: LoginIdentifierView): string {
  const { login, loginIdentifier, fields } = textsFor(view.lang);
  const { identifier } = view;
  const keyboard = identifier === 'phone' ? 'tel' : identifier === 'email' ? 'email' : 'text';
  const form = renderForm(view, [
    textField(view, {
      name: 'username',
      label: fields[identifier],
      value: view.username,
      type: 'text',
      autocomplete: identifier === 'phone' ? 'tel' : 'username',
      inputmode: keyboard,
      enterkeyhint: 'send',
      focus: true,
    }),
    submitButton(login.submit),
  ]);
  const to = view.client?.name ?? view.theme.companyName;
  const body = [form, ...renderProviderButtons(view, view.providers, form)];
  return renderCard(view, { title: login.title, description: fill(loginIdentifier[identifier], { to }), body });
}
