import { linkRow } from '../../fields.ts';
import { html } from '../../html.ts';
import { renderCard, renderForm, renderScript } from '../../layout.ts';
import { passkeyScript } from '../../scripts.ts';
import { textsFor } from '../../texts/index.ts';
import type { FormView } from '../../view.ts';
import { pageActions, purposeOf } from '../../view.ts';
import { detectionFields, renderDetection } from './detection.ts';

/** Fields: `auth_session`, and `authn_response`, which the script fills with the authenticator's answer as JSON. */
export type LoginPasskeyView = FormView & {
  /** Handle of the challenge. */
  authSession: string;
  /** What the browser is asked: PublicKeyCredentialRequestOptions as JSON. */
  options: Readonly<Record<string, unknown>>;
  /** Where to log in with a password. */
  loginUrl: string;
};

/** Asks the browser for a passkey. */
export function renderLoginPasskey(view: LoginPasskeyView): string {
  const { loginPasskey: texts, login } = textsFor(view.lang);
  const form = renderForm(view, [
    html`<input type="hidden" name="auth_session" value="${view.authSession}">`,
    html`<input type="hidden" name="authn_response" value="" data-passkey="${JSON.stringify(view.options)}">`,
    detectionFields(),
    html`<div class="alert" role="alert" data-passkey-failed hidden>${texts.failed}</div>`,
    html`<p data-no-passkeys>${texts.unavailable}</p>`,
    html`<button class="button" type="submit" name="action" value="${pageActions.submit}" data-use-passkey hidden>${texts.use}</button>`,
    html`<div class="links">${linkRow({ text: texts.back, url: view.loginUrl })}</div>`,
  ]);
  const body = [form, renderScript(view, passkeyScript), renderDetection(view)];
  return renderCard(view, { title: texts.title, description: purposeOf(view, login), body });
}
