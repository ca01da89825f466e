/**
 * The optional enhancements. Every page works without them; they are constants, so nothing of a request is ever in a script.
 * Elements that only work with a script are `hidden` in the markup and shown here.
 */

/** Shows the show/hide buttons of password fields. */
export const passwordToggleScript = `
for (const button of document.querySelectorAll('[data-toggle]')) {
  const input = document.getElementById(button.dataset.toggle);
  const show = button.textContent;
  button.hidden = false;
  button.addEventListener('click', () => {
    const hide = input.type === 'password';
    input.type = hide ? 'text' : 'password';
    button.textContent = hide ? button.dataset.hide : show;
    button.setAttribute('aria-label', hide ? button.dataset.hideLabel : button.dataset.showLabel);
    input.focus();
  });
  input.form.addEventListener('submit', () => { input.type = 'password'; });
}`;

/** Bytes as base64url and back, and the field that holds what the browser is asked and takes what it answers. */
const passkeyField = `
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (sign) => sign.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\\+/g, '-').replace(/\\//g, '_').replace(/=+$/, '');
const answer = document.querySelector('[data-passkey]');
const send = ({ id, rawId, type, authenticatorAttachment }, response) => {
  answer.value = JSON.stringify({ id, rawId: text(rawId), type, authenticatorAttachment, response });
  HTMLFormElement.prototype.submit.call(answer.form);
};`;

/** Tells the server what the browser can do: whether somebody can be offered a passkey. Names as Auth0's. */
export const detectPasskeysScript = `
for (const field of document.getElementsByName('webauthn-available')) field.value = String(Boolean(window.PublicKeyCredential));
window.PublicKeyCredential?.isUserVerifyingPlatformAuthenticatorAvailable?.().then((has) => {
  for (const field of document.getElementsByName('webauthn-platform-available')) field.value = String(has);
}, () => {});`;

/** Asks the browser for the passkey that `answer` is about, and submits what its authenticator answers. */
const usePasskey = `${passkeyField}
const usePasskey = async (how) => {
  const options = JSON.parse(answer.dataset.passkey);
  const publicKey = { ...options, challenge: bytes(options.challenge) };
  const credential = await navigator.credentials.get({ publicKey, ...how });
  const { clientDataJSON, authenticatorData, signature, userHandle } = credential.response;
  send(credential, {
    clientDataJSON: text(clientDataJSON), authenticatorData: text(authenticatorData),
    signature: text(signature), userHandle: userHandle ? text(userHandle) : undefined,
  });
};`;

/** The same for a passkey that is to be made. */
const makePasskey = `${passkeyField}
const usePasskey = async () => {
  const options = JSON.parse(answer.dataset.passkey);
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: options.excludeCredentials.map((one) => ({ ...one, id: bytes(one.id) })),
  };
  const credential = await navigator.credentials.create({ publicKey });
  const { clientDataJSON, attestationObject } = credential.response;
  send(credential, { clientDataJSON: text(clientDataJSON), attestationObject: text(attestationObject) });
};`;

/** Shows the button that has the passkey used or made. WebAuthn has no form of its own: without a script nothing is offered. */
const passkeyButton = `
const [button] = document.querySelectorAll('[data-use-passkey]');
if (window.PublicKeyCredential) {
  button.hidden = false;
  document.querySelector('[data-no-passkeys]').hidden = true;
  button.addEventListener('click', async (event) => {
    event.preventDefault();
    const failed = document.querySelector('[data-passkey-failed]');
    failed.hidden = true;
    try { await usePasskey(); } catch { failed.hidden = false; }
  });
}`;

/** For the page on which a passkey logs in. */
export const passkeyScript = `${usePasskey}${passkeyButton}`;

/** For the page on which one is made. */
export const newPasskeyScript = `${makePasskey}${passkeyButton}`;

/** Has the browser offer passkeys where it fills in the identifier. Nothing is shown until somebody takes one. */
export const passkeyAutofillScript = `${usePasskey}
(async () => {
  if (!(await window.PublicKeyCredential?.isConditionalMediationAvailable?.())) return;
  try { await usePasskey({ mediation: 'conditional' }); } catch {}
})();`;

/**
 * Has the browser offer the accounts that somebody is logged in to at the provider (FedCM), and posts the token of the one that is chosen.
 * `required`: nobody is logged in without being asked, over and over where the token is refused.
 */
export const oneTapScript = `
const oneTap = document.querySelector('[data-one-tap]');
if (window.IdentityCredential) {
  const { configUrl, clientId, nonce } = oneTap.dataset;
  const provider = { configURL: configUrl, clientId, nonce, params: { nonce } };
  const identity = { context: 'signin', providers: [provider] };
  navigator.credentials.get({ identity, mediation: 'required' }).then((chosen) => {
    if (!chosen || !chosen.token) return;
    oneTap.elements.credential.value = chosen.token;
    HTMLFormElement.prototype.submit.call(oneTap);
  }, () => {});
}`;

/** Shows the copy buttons. */
export const copyScript = `
if (navigator.clipboard) for (const button of document.querySelectorAll('[data-copy]')) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.copied;
  });
}`;

/** Asks again every few seconds by submitting the form, but not under the fingers of someone who uses the keyboard. */
export const askAgainScript = `
const form = document.querySelector('form[data-ask-again]');
setInterval(() => {
  if (!document.querySelector('form :focus-visible')) form.requestSubmit(form.querySelector('button'));
}, Number(form.dataset.askAgain) * 1000);`;

/**
 * Hands the answer to the window that opened this one, or that shows it in a frame, if that is still where it should go. To an opener it
 * goes in the words of auth0.js's popups first, which close this window.
 */
export const webMessageScript = `
const { targetOrigin, response } = document.getElementById('answer').dataset;
const message = { type: 'authorization_response', response: JSON.parse(response) };
if (window.opener) window.opener.postMessage(JSON.stringify({ a: 'response', d: message.response }), targetOrigin);
(window.opener || window.parent).postMessage(message, targetOrigin);`;

/** Submits the page's only form at once. Taken from the prototype: a field named "submit" would hide the method. */
export const submitScript = 'HTMLFormElement.prototype.submit.call(document.forms[0]);';

/** Asks the page in the frame for a secret, as auth0.js answers it, and posts on what comes; nothing, if nothing does. */
export const crossOriginVerificationScript = `
const form = document.forms[0];
const frame = document.querySelector('iframe');
const { coId, framedOrigin } = form.dataset;
const done = (verifier) => {
  form.elements.verifier.value = verifier;
  HTMLFormElement.prototype.submit.call(form);
};
addEventListener('message', ({ origin, source, data }) => {
  if (origin !== framedOrigin || source !== frame.contentWindow || !data) return;
  if (data.type === 'ready') source.postMessage({ type: 'co_verifier_request', request: { id: coId } }, framedOrigin);
  if (data.type === 'co_verifier_response') done(String(data.response?.verifier ?? ''));
});
setTimeout(done, 10000, '');
frame.src = frame.dataset.url;`;
