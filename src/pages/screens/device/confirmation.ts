import type { AuthorizationDetail } from '../../../kernel/index.ts';
import { submitButton } from '../../fields.ts';
import { html } from '../../html.ts';
import { icons } from '../../icons.ts';
import { renderCard, renderForm } from '../../layout.ts';
import { fill, textsFor } from '../../texts/index.ts';
import type { FormView } from '../../view.ts';
import { pageActions } from '../../view.ts';
import type { ConsentScope } from '../consent/describe-scopes.ts';
import { describeScopes } from '../consent/describe-scopes.ts';
import { renderDetails } from '../consent/details.ts';

/** `action` is `accept` or `deny`. */
export type DeviceConfirmationView = FormView & {
  client: NonNullable<FormView['client']>;
  /** As the device shows it. */
  userCode: string;
  scopes: readonly ConsentScope[];
  /** What is asked for besides scopes (RFC 9396). */
  details?: readonly AuthorizationDetail[] | undefined;
  /** Name of the API; left out where only the profile is asked for. */
  audience?: string | undefined;
  account?: string | undefined;
};

/** Asks whether the code belongs to the person's own device, before they log in (RFC 8628 §3.3.1, §5.4). */
export function renderDeviceConfirmation(view: DeviceConfirmationView): string {
  const texts = textsFor(view.lang).deviceConfirmation;
  const names = { clientName: view.client.name, audience: view.audience };
  const items = describeScopes(view.lang, view.scopes).map((text) => html`<li>${icons.check}<span>${text}</span></li>`);
  const asked =
    items.length > 0
      ? html`<p>${fill(view.audience ? texts.audience : texts.heading, names)}</p><ul class="scopes">${items}</ul>`
      : html`<p>${fill(texts.nothing, names)}</p>`;
  const form = renderForm(view, [
    html`<p class="user-code">${view.userCode}</p>`,
    asked,
    renderDetails(view.lang, view.details),
    html`<p class="hint lead">${texts.warning}</p>`,
    html`<div class="actions">${submitButton(texts.accept, { value: pageActions.accept })}${submitButton(texts.deny, { value: pageActions.deny, look: 'quiet' })}</div>`,
    view.account && html`<div class="links"><p>${fill(texts.account, { account: view.account })}</p></div>`,
  ]);
  return renderCard(view, { title: texts.title, description: texts.description, body: form });
}
