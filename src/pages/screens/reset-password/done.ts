import { html } from '../../html.ts';
import { icons } from '../../icons.ts';
import { renderCard } from '../../layout.ts';
import { renderOnwards } from '../../onwards.ts';
import { textsFor } from '../../texts/index.ts';
import type { BaseView } from '../../view.ts';

export type ResetPasswordDoneView = BaseView & {
  /** Where to log in; left out where there is no application to go back to. */
  loginUrl?: string | undefined;
};

/** Says that the password was changed. */
export function renderResetPasswordDone(view: ResetPasswordDoneView): string {
  const texts = textsFor(view.lang).resetPasswordDone;
  return renderCard(view, {
    title: texts.title,
    badge: html`<div class="badge good">${icons.done}</div>`,
    description: texts.description,
    body: renderOnwards(view.lang, texts.login, view.loginUrl),
  });
}
