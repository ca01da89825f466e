import { html } from '../../html.ts';
import { renderCard, renderScript } from '../../layout.ts';
import { submitScript } from '../../scripts.ts';
import { textsFor } from '../../texts/index.ts';
import type { BaseView } from '../../view.ts';

export type FormPostView = BaseView & {
  /** The registered callback, any scheme but `javascript:`. Throws a TypeError for that one and for what is no URL. */
  redirect_uri: string;
  /** The answer's parameters, one hidden field each. */
  parameters: Readonly<Record<string, string>>;
};

/** Posts an answer to the application (OAuth 2.0 Form Post Response Mode §2): at once, or by the button without scripts. */
export function renderFormPost(view: FormPostView): string {
  const texts = textsFor(view.lang).formPost;
  const url = URL.parse(view.redirect_uri);
  if (!url || url.protocol === 'javascript:')
    throw new TypeError('A callback is an absolute URL that can be posted to.');
  const fields = Object.entries(view.parameters).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">\n`,
  );
  return renderCard(view, {
    title: texts.title,
    description: texts.description,
    body: html`<form method="post" action="${view.redirect_uri}">
${fields}<noscript><button class="button" type="submit">${texts.submit}</button></noscript>
</form>${renderScript(view, submitScript)}`,
  });
}
