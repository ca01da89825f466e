import { submitButton } from '../../fields.ts';
import { html } from '../../html.ts';
import { renderCard, renderForm } from '../../layout.ts';
import { fill, textsFor } from '../../texts/index.ts';
import type { FormView } from '../../view.ts';
import { pageActions } from '../../view.ts';

/** `action` is `accept` or `deny`. */
export type CallbackConfirmationView = FormView & {
  client: NonNullable<FormView['client']>;
  /** Where the answer would go: the callback URL, or the part of it that tells people something. */
  target: string;
  account?: string | undefined;
};

/** Asks before an answer goes to a callback that any program on the device could be behind (localhost, custom schemes). */
export function renderCallbackConfirmation(view: CallbackConfirmationView): string {
  const texts = textsFor(view.lang).callbackConfirmation;
  const form = renderForm(view, [
    html`<p class="target">${view.target}</p>`,
    html`<p class="hint lead">${texts.warning}</p>`,
    html`<div class="actions">${submitButton(texts.accept, { value: pageActions.accept })}${submitButton(texts.deny, { value: pageActions.deny, look: 'quiet' })}</div>`,
    view.account && html`<div class="links"><p>${fill(texts.account, { account: view.account })}</p></div>`,
  ]);
  return renderCard(view, {
    title: fill(texts.title, { clientName: view.client.name }),
    description: texts.description,
    body: form,
  });
}
