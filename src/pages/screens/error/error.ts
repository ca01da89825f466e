import { buttonLink } from '../../fields.ts';
import { html, safeUrl } from '../../html.ts';
import { icons } from '../../icons.ts';
import { renderCard } from '../../layout.ts';
import { textsFor } from '../../texts/index.ts';
import type { BaseView } from '../../view.ts';

export type ErrorView = BaseView & {
  /** Code such as `invalid_request`. */
  error: string;
  /** Written for the developer who reads the page. */
  error_description?: string | undefined;
  /** Finds the request in the logs. */
  tracking?: string | undefined;
  /** Web page or `mailto:` address of the tenant's support. */
  supportUrl?: string | undefined;
};

/** Why a request could not be answered, where there is no application that it could be told to. */
export function renderError(view: ErrorView): string {
  const texts = textsFor(view.lang).error;
  const mail = safeUrl(view.supportUrl, ['mailto:']);
  const support = mail
    ? html`<a class="button quiet" href="${mail}">${texts.support}</a>`
    : buttonLink(texts.support, view.supportUrl, 'quiet');
  return renderCard(view, {
    title: texts.title,
    badge: html`<div class="badge bad">${icons.cross}</div>`,
    description: texts.description,
    body: html`<div class="content">
${view.error_description && html`<p class="target" id="error-description">${view.error_description}</p>`}
<dl><dt>${texts.error}</dt><dd id="error">${view.error}</dd>
${view.tracking && html`<dt>${texts.tracking}</dt><dd id="tracking">${view.tracking}</dd>`}</dl>
${support}</div>`,
  });
}
