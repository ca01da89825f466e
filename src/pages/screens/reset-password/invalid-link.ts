import { html } from '../../html.ts';
import { icons } from '../../icons.ts';
import { renderCard } from '../../layout.ts';
import { renderOnwards } from '../../onwards.ts';
import { textsFor } from '../../texts/index.ts';
import type { BaseView } from '../../view.ts';

export type ResetPasswordInvalidLinkView = BaseView & {
  /** Where to log in, and ask for a new link on the way; left out where no such place is known. */
  loginUrl?: string | undefined;
};

/** Says that a link to reset a password was used before or has expired. */
export function renderResetPasswordInvalidLink(view: ResetPasswordInvalidLinkView): string {
  const texts = textsFor(view.lang).resetPasswordInvalidLink;
  return renderCard(view, {
    title: texts.title,
    badge: html`<div class="badge bad">${icons.cross}</div>`,
    description: texts.description,
    body: renderOnwards(view.lang, texts.login, view.loginUrl),
  });
}
