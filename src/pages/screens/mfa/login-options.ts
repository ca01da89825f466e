import { submitButton } from '../../fields.ts';
import { html } from '../../html.ts';
import { renderCard, renderForm } from '../../layout.ts';
import { textsFor } from '../../texts/index.ts';
import type { FormView } from '../../view.ts';
import { pageActions } from '../../view.ts';
import type { MethodOption } from './method-list.ts';
import { renderMethodList } from './method-list.ts';

/** `action` is the `value` of the chosen option, or `back`. */
export type MfaLoginOptionsView = FormView & { options: readonly MethodOption[]; canGoBack?: boolean | undefined };

/** Asks which of the person's second factors to use. */
export function renderMfaLoginOptions(view: MfaLoginOptionsView): string {
  const { mfaLoginOptions: texts, fields } = textsFor(view.lang);
  const back = submitButton(fields.back, { value: pageActions.back, look: 'link' });
  const form = renderForm(view, [
    renderMethodList(view.lang, view.options),
    view.canGoBack && html`<div class="links">${back}</div>`,
  ]);
  return renderCard(view, { title: texts.title, description: texts.description, body: form });
}
