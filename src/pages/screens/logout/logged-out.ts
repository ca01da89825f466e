import { buttonLink } from '../../fields.ts';
import { html } from '../../html.ts';
import { icons } from '../../icons.ts';
import { renderCard } from '../../layout.ts';
import { fill, textsFor } from '../../texts/index.ts';
import type { BaseView } from '../../view.ts';

export type LoggedOutView = BaseView & { loginUrl?: string | undefined };

/** Says that the session has ended, where there is nowhere to go back to. */
export function renderLoggedOut(view: LoggedOutView): string {
  const texts = textsFor(view.lang).loggedOut;
  const link = buttonLink(texts.login, view.loginUrl, 'quiet');
  return renderCard(view, {
    title: texts.title,
    badge: html`<div class="badge good">${icons.done}</div>`,
    description: fill(texts.description, { companyName: view.theme.companyName }),
    body: link && html`<div class="content">${link}</div>`,
  });
}
