/**
 * Pages: the HTML that people see, each screen a pure function from a view model to a document.
 * Owns markup, words, style, the theme's colours and the content security policy that fits them.
 * Knows nothing of requests, storage or what a login needs next: callers decide which screen to show, pass every fact
 * and every address in the view, and read the posted fields named at each view's type.
 */
export { contentSecurityPolicy, ONWARDS } from './content-security-policy.ts';
export { escapeHtml } from './html.ts';
export { fillOperatorPage, operatorPagePolicy } from './operator-page.ts';
export type { PasswordRule } from './password-rules.ts';
export * from './screens/index.ts';
export type { ErrorName } from './texts/index.ts';
export { availableLanguages, errorText } from './texts/index.ts';
export type { Gradient, Theme } from './theme.ts';
export type { BaseView, FormView, MfaMethod, RememberBrowser } from './view.ts';
export { pageActions } from './view.ts';
export { widgetForm } from './widget-form.ts';
