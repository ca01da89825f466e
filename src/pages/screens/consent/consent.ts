import type { AuthorizationDetail } from '../../../kernel/index.ts';
import { submitButton } from '../../fields.ts';
import { html } from '../../html.ts';
import { icons } from '../../icons.ts';
import { renderCard, renderForm } from '../../layout.ts';
import { fill, textsFor } from '../../texts/index.ts';
import type { FormView } from '../../view.ts';
import { pageActions } from '../../view.ts';
import type { ConsentScope } from './describe-scopes.ts';
import { describeScopes } from './describe-scopes.ts';
import { renderDetails } from './details.ts';

/** `action` is `accept` or `deny`. */
export type ConsentView = FormView & {
  client: NonNullable<FormView['client']>;
  scopes: readonly ConsentScope[];
  /** What is asked for besides scopes (RFC 9396). */
  details?: readonly AuthorizationDetail[] | undefined;
  /** Name of the API; left out where only the profile is asked for. */
  audience?: string | undefined;
  /** Who is logged in: an email address or a name. */
  account?: string | undefined;
};

/** Asks whether an application may have what it asks for. */
export function renderConsent(view: ConsentView): string {
  const texts = textsFor(view.lang).consent;
  const names = { clientName: view.client.name, companyName: view.theme.companyName };
  const heading = view.audience ? fill(texts.audience, { audience: view.audience }) : texts.heading;
  const items = describeScopes(view.lang, view.scopes).map((text) => html`<li>${icons.check}<span>${text}</span></li>`);
  const form = renderForm(view, [
    items.length > 0 && html`<p>${heading}</p><ul class="scopes">${items}</ul>`,
    renderDetails(view.lang, view.details),
    html`<div class="actions">${submitButton(texts.accept, { value: pageActions.accept })}${submitButton(texts.deny, { value: pageActions.deny, look: 'quiet' })}</div>`,
    html`<div class="links"><p>${view.account && html`${fill(texts.account, { account: view.account })}<br>`}${texts.footer}</p></div>`,
  ]);
  return renderCard(view, {
    title: fill(texts.title, names),
    description: fill(texts.description, names),
    body: form,
  });
}
