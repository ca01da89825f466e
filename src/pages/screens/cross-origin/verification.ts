import { html, safeUrl } from '../../html.ts';
import { renderCard, renderScript } from '../../layout.ts';
import { crossOriginVerificationScript } from '../../scripts.ts';
import { textsFor } from '../../texts/index.ts';
import type { FormView } from '../../view.ts';

export type CrossOriginVerificationView = FormView & {
  /** Names the secret that the application keeps. */
  coId: string;
  /** The application's page that knows it, to be shown in a hidden frame: an absolute web address. */
  framedUrl: string;
};

/** Asks the application's own page for the secret of a login that began there, and posts it on as `verifier`. */
export function renderCrossOriginVerification(view: CrossOriginVerificationView): string {
  const { title, description, submit } = textsFor(view.lang).formPost;
  const { origin } = new URL(view.framedUrl);
  const body = html`<form method="post" action="${safeUrl(view.action)}" data-co-id="${view.coId}" data-framed-origin="${origin}">
<input type="hidden" name="state" value="${view.state}">
<input type="hidden" name="verifier" value="">
<noscript><button class="button" type="submit" name="action" value="default">${submit}</button></noscript>
</form>
<iframe title="${title}" data-url="${view.framedUrl}" hidden></iframe>${renderScript(view, crossOriginVerificationScript)}`;
  return renderCard(view, { title, description, body });
}
