import type { Html } from './html.ts';
import { html } from './html.ts';
import type { Texts } from './texts/index.ts';
import { textsFor } from './texts/index.ts';

/** One rule of a password policy, in the shape of Auth0's PasswordStrengthError (`description.rules`). */
export type PasswordRule = {
  code: string;
  /** Shown when there is no translation for the code; `%d` and `%s` take the values of `format` in turn. */
  message: string;
  format?: readonly (string | number)[];
  /** Left out before a password was tried; then the rule is shown without a mark. */
  verified?: boolean;
  items?: readonly PasswordRule[];
};

/** Gives the list of what a password needs, each rule marked if it was tried. Its id is `password-rules`. */
export function renderPasswordRules(lang: string, rules: readonly PasswordRule[] | undefined): Html | undefined {
  if (!rules?.length) return undefined;
  const texts = textsFor(lang).passwordRules;
  return html`<div class="rules" id="password-rules"><p>${texts.heading}</p>${renderRules(texts, rules)}</div>`;
}

/** Inside a choice that is met already, what was not used is no failure: it goes unmarked. */
function renderRules(texts: Texts['passwordRules'], rules: readonly PasswordRule[], isChoiceMet = false): Html {
  return html`<ul>${rules.map((rule) => {
    const mark = rule.verified === undefined || (isChoiceMet && !rule.verified) ? '' : rule.verified ? 'met' : 'unmet';
    const spoken = mark ? html` <span class="spoken">${texts[mark]}</span>` : '';
    const items = rule.items ? renderRules(texts, rule.items, rule.verified) : '';
    return html`<li${mark ? html` class="${mark}"` : ''}>${printRule(texts, rule)}${spoken}${items}</li>`;
  })}</ul>`;
}

function printRule(texts: Texts['passwordRules'], rule: PasswordRule): string {
  const known: Readonly<Record<string, string>> = texts;
  const message = Object.hasOwn(known, rule.code) ? (known[rule.code] ?? '') : rule.message;
  const values = [...(rule.format ?? [])];
  return message.replace(/%[ds]/g, () => String(values.shift() ?? ''));
}
