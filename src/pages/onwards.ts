import { buttonLink } from './fields.ts';
import type { Html } from './html.ts';
import { html } from './html.ts';
import { textsFor } from './texts/index.ts';

/** Gives the way on from a page that ends something: a button with `text`, or, where no address is known, what to do instead. */
export function renderOnwards(lang: string, text: string, url: string | undefined): Html {
  const link = buttonLink(text, url);
  return html`<div class="content">${link ?? html`<p id="onwards">${textsFor(lang).fields.backToApplication}</p>`}</div>`;
}
