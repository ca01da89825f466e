import type { Html, Interpolation } from './html.ts';
import { html, safeUrl } from './html.ts';
import { icons } from './icons.ts';
import { textsFor } from './texts/index.ts';
import type { FormView, RememberBrowser } from './view.ts';
import { formError, pageActions } from './view.ts';

type Field = {
  name: string;
  label: string;
  value?: string | undefined;
  hint?: string | undefined;
  /** Whether the field has the focus when the page opens. */
  focus?: boolean;
  optional?: boolean;
  /** It cannot be changed. */
  readonly?: boolean | undefined;
  /** Id of an element elsewhere that explains the field. */
  describedBy?: string | undefined;
};

type TextField = Field & {
  type?: 'text' | 'email' | 'tel' | 'password';
  autocomplete: string;
  inputmode?: 'text' | 'email' | 'tel' | 'numeric';
  enterkeyhint?: 'next' | 'go' | 'done' | 'send';
  /** `digits` for one-time codes, `letters` for recovery codes. */
  look?: 'digits' | 'letters';
};

/** A labelled one-line input with its hint and its error, both tied to it for screen readers. */
export function textField(view: FormView, field: TextField): Html {
  return renderField(view, field, renderInput(view, field));
}

/** A password input. The show/hide button appears only where passwordToggleScript runs. */
export function passwordField(
  view: FormView,
  field: Field & { autocomplete: 'current-password' | 'new-password'; enterkeyhint?: 'next' | 'go' },
): Html {
  const texts = textsFor(view.lang).fields;
  const input = renderInput(view, { ...field, type: 'password', value: undefined });
  return renderField(
    view,
    field,
    html`<div class="with-toggle">${input}<button class="toggle" type="button" hidden data-toggle="${field.name}"
 data-hide="${texts.hide}" data-show-label="${texts.showPassword}" data-hide-label="${texts.hidePassword}"
 aria-label="${texts.showPassword}" aria-controls="${field.name}">${texts.show}</button></div>`,
  );
}

/** An input for a one-time code of six digits; phones offer the code from the message. It is never filled in by us. */
export function codeField(view: FormView, label: string): Html {
  return textField(view, {
    name: 'code',
    label,
    autocomplete: 'one-time-code',
    inputmode: 'numeric',
    enterkeyhint: 'go',
    look: 'digits',
    focus: true,
  });
}

/** An input for a phone number in international form. */
export function phoneField(view: FormView, field: { value?: string | undefined; hint: string; focus: boolean }): Html {
  const label = textsFor(view.lang).fields.phone;
  return textField(view, {
    ...field,
    name: 'phone',
    label,
    type: 'tel',
    inputmode: 'tel',
    autocomplete: 'tel',
    enterkeyhint: 'send',
  });
}

/** The checkbox `rememberBrowser`, or nothing where remembering is not offered. */
export function rememberField(view: FormView, remember: RememberBrowser | undefined): Html | undefined {
  if (!remember) return undefined;
  return checkbox({
    name: 'rememberBrowser',
    label: textsFor(view.lang).mfa.rememberBrowser,
    checked: remember.checked,
  });
}

/** A checkbox inside its label; its value is `true`. */
export function checkbox(field: {
  name: string;
  label: string;
  checked?: boolean;
  required?: boolean;
  error?: string | undefined;
}): Html {
  const { name, error } = field;
  return html`<div class="field"><label class="check"><input type="checkbox" id="${name}" name="${name}" value="true"${flag('checked', field.checked)}${flag('required', field.required)}${describe(name, { error })}><span>${field.label}</span></label>${renderError(name, error)}</div>`;
}

/** A button that submits the form with `action=value`. Without a look it is the page's main one. */
export function submitButton(
  text: string,
  options: { value?: string; look?: 'quiet' | 'link'; skipsChecks?: boolean } = {},
): Html {
  const { value = pageActions.submit, look, skipsChecks = look !== undefined } = options;
  const style = look === 'link' ? 'link' : look === 'quiet' ? 'button quiet' : 'button';
  return html`<button class="${style}" type="submit" name="action" value="${value}"${flag('formnovalidate', skipsChecks)}>${text}</button>`;
}

/** A question with its link: “No account? Sign up”. Nothing without a usable address. */
export function linkRow(link: { question?: string; text: string; url: string | undefined }): Html | undefined {
  const url = safeUrl(link.url);
  if (!url) return undefined;
  return html`<p>${link.question ? html`${link.question} ` : ''}<a href="${url}">${link.text}</a></p>`;
}

/** A link that looks like a button. Nothing without a usable address. */
export function buttonLink(text: string, url: string | undefined, look: 'main' | 'quiet' = 'main'): Html | undefined {
  const address = safeUrl(url);
  return address
    ? html`<a class="${look === 'main' ? 'button' : 'button quiet'}" href="${address}">${text}</a>`
    : undefined;
}

/** A message in a box. `good` and neutral ones are announced politely. */
export function alert(text: Interpolation, kind: 'good' | 'neutral' = 'neutral'): Html {
  return html`<div class="alert ${kind}" role="status">${text}</div>`;
}

/** Puts values into the `{name}` places of a text, in bold. */
export function strongText(text: string, values: Readonly<Record<string, string | undefined>>): Html {
  const parts = text
    .split(/\{(\w+)\}/)
    .map((part, index) => (index % 2 === 0 ? part : html`<strong>${values[part]}</strong>`));
  return html`${parts}`;
}

function renderField(view: FormView, field: Field, input: Html): Html {
  const optional = field.optional ? html` <span class="optional">${textsFor(view.lang).fields.optional}</span>` : '';
  return html`<div class="field"><label for="${field.name}">${field.label}${optional}</label>
${input}${field.hint ? html`<span class="hint" id="${field.name}-hint">${field.hint}</span>` : ''}${renderError(field.name, view.errors?.[field.name])}</div>`;
}

function renderInput(view: FormView, field: TextField): Html {
  const { name, type = 'text', look } = field;
  const error = view.errors?.[name];
  const about = { error, hint: field.hint, form: field.focus ? formError(view) : undefined, other: field.describedBy };
  return html`<input class="input${look ? ` ${look}` : ''}" id="${name}" name="${name}" type="${type}" autocomplete="${field.autocomplete}"${pair('inputmode', field.inputmode)}${pair('enterkeyhint', field.enterkeyhint)}${pair('value', field.value)}${type === 'password' || type === 'tel' ? '' : html` autocapitalize="${look === 'letters' ? 'characters' : 'none'}" spellcheck="false"`}${flag('required', !field.optional)}${flag('readonly', field.readonly)}${flag('autofocus', field.focus)}${describe(name, about)}>`;
}

function renderError(name: string, error: string | undefined): Html | undefined {
  return error
    ? html`<span class="error" id="${name}-error" role="alert">${icons.alert}<span>${error}</span></span>`
    : undefined;
}

type About = {
  error?: string | undefined;
  hint?: string | undefined;
  form?: string | undefined;
  other?: string | undefined;
};

function describe(name: string, about: About): Html {
  const ids = [
    about.error && `${name}-error`,
    about.form && 'form-error',
    about.hint && `${name}-hint`,
    about.other,
  ].filter(Boolean);
  return html`${pair('aria-invalid', about.error && 'true')}${pair('aria-describedby', ids.join(' '))}`;
}

function pair(name: string, value: string | undefined): Html | undefined {
  return value ? html` ${name}="${value}"` : undefined;
}

function flag(name: string, on: boolean | undefined): Html | undefined {
  return on ? html` ${name}` : undefined;
}
