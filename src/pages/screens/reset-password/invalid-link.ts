import { buttonLink } from '../../fields.ts';
import { html } from '../../html.ts';
import { icons } from '../../icons.ts';
import { renderCard } from '../../layout.ts';
import { textsFor } from '../../texts/index.ts';
import type { BaseView } from '../../view.ts';

export type ResetPasswordInvalidLinkView = BaseView & {
  /** Where to ask for a new link; left out where there is no login in progress. */
  requestUrl?: string | undefined;
};

/** Says that a link to reset a password was used before or has expired. */
export function renderResetPasswordInvalidLink(view: ResetPasswordInvalidLinkView): string {
  const texts = textsFor(view.lang).resetPasswordInvalidLink;
  const link = buttonLink(texts.again, view.requestUrl);
  return renderCard(view, {
    title: texts.title,
    badge: html`<div class="badge bad">${icons.cross}</div>`,
    description: texts.description,
    body: link && html`<div class="content">${link}</div>`,
  });
}
