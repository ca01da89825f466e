import type { Html } from '../../html.ts';
import { html, safeUrl } from '../../html.ts';
import { fill, textsFor } from '../../texts/index.ts';
import type { FormView } from '../../view.ts';

/** A button that leads to an identity provider. */
export interface ProviderButton {
  readonly name: string;
  readonly url: string;
  readonly iconUrl?: string | undefined;
}

/** The ways to identity providers, set apart from `form` where there is one above them. Nothing where there are none. */
export function renderProviderButtons(
  view: FormView,
  providers: readonly ProviderButton[] | undefined,
  form: Html | undefined,
): (Html | undefined)[] {
  if (!providers || providers.length === 0) return [];
  const buttons = providers.map((provider) => renderButton(view, provider));
  return [form && html`<p class="or">${textsFor(view.lang).login.or}</p>`, html`<div class="actions">${buttons}</div>`];
}

function renderButton(view: FormView, { name, url, iconUrl }: ProviderButton): Html {
  const icon = safeUrl(iconUrl);
  const text = fill(textsFor(view.lang).login.continueWith, { provider: name });
  const picture = icon && html`<img src="${icon}" alt="" width="20" height="20">`;
  return html`<a class="button quiet" href="${safeUrl(url)}">${picture}<span>${text}</span></a>`;
}
