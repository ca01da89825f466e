import { buttonLink, linkRow, passwordField, submitButton, textField } from '../../fields.ts';
import { html, safeUrl } from '../../html.ts';
import { renderCard, renderForm, renderFormError, renderScript } from '../../layout.ts';
import { passkeyAutofillScript, passwordToggleScript } from '../../scripts.ts';
import { textsFor } from '../../texts/index.ts';
import type { FormView } from '../../view.ts';
import { pickFocus, purposeOf } from '../../view.ts';
import { detectionFields, renderDetection } from '../passkey/detection.ts';
import { type OneTap, renderOneTap } from './one-tap.ts';
import { type ProviderButton, renderProviderButtons } from './provider-buttons.ts';

/** Fields: `username` (holds the email address too) and `password`. */
export type LoginView = FormView & {
  /** What was typed before, or the `login_hint`. */
  username?: string | undefined;
  /** What the connection accepts as identifier; `email` unless told otherwise. */
  identifier?: 'email' | 'username' | 'username-or-email' | undefined;
  /** What is to be typed, where it is not an identifier and a password: an application may have identity providers only. */
  asks?: 'identifier' | 'nothing' | undefined;
  providers?: readonly ProviderButton[] | undefined;
  /** A login that the browser offers by itself; left out where there is none. */
  oneTap?: OneTap | undefined;
  /** What the browser is asked to offer among what it fills in; left out where it is not. */
  passkeyAutofill?: PasskeyAutofill | undefined;
  /** Where to log in with a passkey; left out where there are none. */
  passkeyUrl?: string | undefined;
  /** Is the server told what the browser can do with passkeys? */
  detectsPasskeys?: boolean | undefined;
  /** Where to sign up; left out where it is not allowed. */
  signupUrl?: string | undefined;
  /** Where to reset the password; left out where it is not allowed. */
  resetUrl?: string | undefined;
};

/** A passkey that the browser may offer by itself: the challenge, and where the answer goes. */
export interface PasskeyAutofill {
  /** Handle of the challenge. */
  authSession: string;
  /** PublicKeyCredentialRequestOptions as JSON. */
  options: Readonly<Record<string, unknown>>;
  action: string;
}

/** Identifier and password on one page, and the ways to other identity providers. */
export function renderLogin(view: LoginView): string {
  const texts = textsFor(view.lang).login;
  const form = view.asks === 'nothing' ? undefined : passwordForm(view);
  return renderCard(view, {
    title: texts.title,
    description: purposeOf(view, texts),
    body: [
      form ?? (renderFormError(view) || undefined),
      ...renderProviderButtons(view, view.providers, form),
      form && renderScript(view, passwordToggleScript),
      ...(form ? renderAutofill(view, view.passkeyAutofill) : []),
      form && view.detectsPasskeys && renderDetection(view),
      ...renderOneTap(view, view.oneTap),
    ],
  });
}

/** A form that only the script fills and sends. */
function renderAutofill(view: LoginView, offered: PasskeyAutofill | undefined) {
  if (!offered) return [];
  const form = renderForm({ ...view, errors: undefined, action: offered.action }, [
    html`<input type="hidden" name="auth_session" value="${offered.authSession}">`,
    html`<input type="hidden" name="authn_response" value="" data-passkey="${JSON.stringify(offered.options)}">`,
    view.detectsPasskeys && detectionFields(),
  ]);
  return [html`<div hidden>${form}</div>`, renderScript(view, passkeyAutofillScript)];
}

function passwordForm(view: LoginView) {
  const texts = textsFor(view.lang).login;
  const focus = pickFocus(view, { username: view.username, password: undefined });
  const resetUrl = safeUrl(view.resetUrl);
  return renderForm(view, [
    identifierField(view, focus === 'username'),
    view.asks !== 'identifier' &&
      passwordField(view, {
        name: 'password',
        label: textsFor(view.lang).fields.password,
        autocomplete: 'current-password',
        enterkeyhint: 'go',
        focus: focus === 'password',
      }),
    view.detectsPasskeys && view.asks !== 'identifier' && detectionFields(),
    resetUrl && html`<div class="between"><a href="${resetUrl}">${texts.forgotPassword}</a></div>`,
    submitButton(texts.submit),
    buttonLink(texts.passkey, view.passkeyUrl, 'quiet'),
    view.signupUrl &&
      html`<div class="links">${linkRow({ question: texts.signupQuestion, text: texts.signup, url: view.signupUrl })}</div>`,
  ]);
}

function identifierField(view: LoginView, focus: boolean) {
  const texts = textsFor(view.lang).fields;
  const labels = { email: texts.email, username: texts.username, 'username-or-email': texts.usernameOrEmail };
  const identifier = view.identifier ?? 'email';
  return textField(view, {
    name: 'username',
    label: labels[identifier],
    value: view.username,
    autocomplete: view.passkeyAutofill ? 'username webauthn' : 'username',
    inputmode: identifier === 'username' ? 'text' : 'email',
    enterkeyhint: 'next',
    focus,
  });
}
