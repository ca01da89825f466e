import type { Html } from '../../html.ts';
import { html } from '../../html.ts';
import { icons } from '../../icons.ts';
import { textsFor } from '../../texts/index.ts';
import type { MfaMethod } from '../../view.ts';

const methodIcons: Readonly<Record<MfaMethod, Html>> = {
  otp: icons.device,
  sms: icons.message,
  voice: icons.phone,
  email: icons.mail,
  push: icons.bell,
  'recovery-code': icons.key,
};

/** One choice of a list: a button with `action=value`. */
export type MethodOption = {
  method: MfaMethod;
  value: string;
  /** The person's own authenticator, masked, such as `XXXXXXXXX9167`; left out, the method is explained instead. */
  name?: string | undefined;
};

/** Gives the list of methods, each one a button. */
export function renderMethodList(lang: string, options: readonly MethodOption[]): Html {
  const { methods, methodHints } = textsFor(lang).mfa;
  const items = options.map(
    ({ method, value, name }) =>
      html`<li><button class="option" type="submit" name="action" value="${value}">${methodIcons[method]}<span><span class="name">${methods[method]}</span><span class="hint">${name ?? methodHints[method]}</span></span><span class="chevron">${icons.chevron}</span></button></li>`,
  );
  return html`<ul class="options">${items}</ul>`;
}
