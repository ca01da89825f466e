import { checkbox, submitButton } from '../../fields.ts';
import { html } from '../../html.ts';
import { renderCard, renderForm, renderScript } from '../../layout.ts';
import { newPasskeyScript } from '../../scripts.ts';
import { textsFor } from '../../texts/index.ts';
import type { FormView } from '../../view.ts';
import { pageActions } from '../../view.ts';

/** Fields: `auth_session`, `authn_response`, which the script fills with the answer as JSON, and the checkbox `dont-show-again`. */
export type PasskeyEnrollmentView = FormView & {
  /** Handle of the challenge. */
  authSession: string;
  /** What the browser is asked: PublicKeyCredentialCreationOptions as JSON. */
  options: Readonly<Record<string, unknown>>;
  /** Is it about a passkey of this device, for who has one elsewhere? */
  isLocal: boolean;
};

/** Values of `action`, as Auth0's. */
export const passkeyActions = { decline: 'abort-passkey-enrollment' } as const;

/** Offers to make a passkey. */
export function renderPasskeyEnrollment(view: PasskeyEnrollmentView): string {
  const { passkeyEnrollment: texts } = textsFor(view.lang);
  const words = view.isLocal ? texts.local : texts.first;
  const form = renderForm(view, [
    html`<input type="hidden" name="auth_session" value="${view.authSession}">`,
    html`<input type="hidden" name="authn_response" value="" data-passkey="${JSON.stringify(view.options)}">`,
    html`<div class="alert" role="alert" data-passkey-failed hidden>${texts.failed}</div>`,
    html`<p data-no-passkeys>${texts.unavailable}</p>`,
    html`<button class="button" type="submit" name="action" value="${pageActions.submit}" data-use-passkey hidden>${texts.create}</button>`,
    submitButton(texts.decline, { value: passkeyActions.decline, look: 'quiet' }),
    checkbox({ name: 'dont-show-again', label: texts.dontShowAgain }),
  ]);
  const body = [form, renderScript(view, newPasskeyScript)];
  return renderCard(view, { title: words.title, description: words.description, body });
}
