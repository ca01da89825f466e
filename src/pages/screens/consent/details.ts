import type { AuthorizationDetail } from '../../../kernel/index.ts';
import { type Html, html } from '../../html.ts';
import { textsFor } from '../../texts/index.ts';
import { describeDetails } from './describe-details.ts';

/** What is asked for besides scopes (RFC 9396), a card each; nothing where there is none. */
export function renderDetails(lang: string, details: readonly AuthorizationDetail[] = []): Html | undefined {
  if (details.length === 0) return undefined;
  const cards = describeDetails(details).map(({ title, rows }) => {
    const items = rows.map(({ name, value }) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`);
    return html`<section class="detail"><h2>${title}</h2><dl>${items}</dl></section>`;
  });
  return html`<p>${textsFor(lang).consent.details}</p>${cards}`;
}
