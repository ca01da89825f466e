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
export type RequestApprovalView = FormView & {
  client: NonNullable<FormView['client']>;
  /** What the place shows where the request comes from. */
  message: string;
  scopes: readonly ConsentScope[];
  /** Name of the API; left out where only the profile is asked for. */
  audience?: string | undefined;
  /** What is asked for besides scopes (RFC 9396). */
  details?: readonly AuthorizationDetail[] | undefined;
  account?: string | undefined;
};

/** Asks for the approval of what an application wants, there and now. */
export function renderRequestApproval(view: RequestApprovalView): string {
  const texts = textsFor(view.lang).requestApproval;
  const heading = view.audience ? fill(texts.audience, { audience: view.audience }) : texts.heading;
  const items = describeScopes(view.lang, view.scopes).map((text) => html`<li>${icons.check}<span>${text}</span></li>`);
  const form = renderForm(view, [
    html`<p>${texts.message}</p><p class="target">${view.message}</p>`,
    items.length > 0 && html`<p>${heading}</p><ul class="scopes">${items}</ul>`,
    renderDetails(view.lang, view.details),
    html`<p class="hint lead">${texts.warning}</p>`,
    html`<div class="actions">${submitButton(texts.accept, { value: pageActions.accept })}${submitButton(texts.deny, { value: pageActions.deny, look: 'quiet' })}</div>`,
    view.account && html`<div class="links"><p>${fill(texts.account, { account: view.account })}</p></div>`,
  ]);
  return renderCard(view, {
    title: texts.title,
    description: fill(texts.description, { clientName: view.client.name }),
    body: form,
  });
}
