import type { Html, Interpolation } from './html.ts';
import { html, raw, renderHtml, safeUrl } from './html.ts';
import { styles } from './styles.ts';
import { fill, pickLanguage, textsFor } from './texts/index.ts';
import type { Theme } from './theme.ts';
import { safeLogo, themeVariables } from './theme.ts';
import type { BaseView, FormView } from './view.ts';
import { formError } from './view.ts';

/** Languages written from right to left. */
const rightToLeft = new Set(['ar', 'fa', 'he', 'ur']);

/** A whole document. `head` is for what a page adds to the document's head. */
export type Page = {
  title: string;
  theme: Theme;
  lang: string;
  nonce: string;
  body: Interpolation;
  head?: Interpolation;
  /** For pages of lists: a broad card that starts at the top. */
  wide?: boolean;
};

/** Gives the document as a string: language and title set, the style sheet and the theme inline under the nonce. */
export function layout(page: Page): string {
  const language = pickLanguage(page.lang);
  const direction = rightToLeft.has(language.split('-')[0] ?? '') ? 'rtl' : 'ltr';
  return renderHtml(html`<!doctype html>
<html lang="${language}" dir="${direction}">
<head>
<meta charset="utf-8">
<title>${page.title} | ${page.theme.companyName}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer">
<meta name="format-detection" content="telephone=no">
<link rel="icon" href="data:,">
<style nonce="${page.nonce}">${raw(styles)}:root{${raw(themeVariables(page.theme))}}</style>
${page.head}</head>
<body${page.wide ? raw(' class="wide"') : ''}>
<main class="card">
${page.body}
</main>
</body>
</html>
`);
}

/** What differs from screen to screen inside the card. */
export type Card = {
  title: string;
  description?: Interpolation;
  /** Stands above the title; replaces the tenant's logo. */
  badge?: Html;
  body?: Interpolation;
  head?: Interpolation;
  wide?: boolean;
};

/** Gives the document for one screen: logo or badge, title, description, and what the screen is about. */
export function renderCard(view: BaseView, card: Card): string {
  const { theme, lang, nonce } = view;
  const body = html`${card.badge ?? renderBrand(view)}
<h1>${card.title}</h1>
${card.description ? html`<p class="lead" id="lead">${card.description}</p>` : ''}
${card.body}`;
  return layout({ title: card.title, theme, lang, nonce, body, head: card.head, wide: card.wide ?? false });
}

/** Gives a form that posts to the view's action with its state, the message about the whole form first. */
export function renderForm(
  view: FormView,
  content: Interpolation,
  options: { askAgain?: number | undefined } = {},
): Html {
  const askAgain = options.askAgain ? html` data-ask-again="${options.askAgain}"` : '';
  return html`<form method="post" action="${safeUrl(view.action)}"${askAgain}>
<input type="hidden" name="state" value="${view.state}">
${renderFormError(view)}
${content}
</form>`;
}

/** What is wrong with the whole form, where something is. Also for a page that has no form of its own. */
export function renderFormError(view: FormView): Html | '' {
  const message = formError(view);
  return message ? html`<div class="alert bad" role="alert" id="form-error">${message}</div>` : '';
}

/** Gives an inline script that the page's content security policy lets run. The source must be a constant of scripts.ts. */
export function renderScript(view: BaseView, source: string): Html {
  return html`<script nonce="${view.nonce}">${raw(source)}</script>`;
}

function renderBrand(view: BaseView): Html {
  const name = view.theme.companyName;
  const logo = safeLogo(view.theme.logoUrl) ?? safeLogo(view.client?.logo_uri);
  const alternative = fill(textsFor(view.lang).fields.logo, { companyName: name });
  if (logo) return html`<div class="brand"><img src="${logo}" alt="${alternative}"></div>`;
  const initial = Array.from(name.trim())[0]?.toLocaleUpperCase('en') ?? '';
  return html`<div class="brand"><span class="monogram" aria-hidden="true">${initial}</span></div>`;
}
