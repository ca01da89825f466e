import { submitButton, textField } from '../../fields.ts';
import { html } from '../../html.ts';
import { renderCard, renderForm } from '../../layout.ts';
import { textsFor } from '../../texts/index.ts';
import type { FormView } from '../../view.ts';
import { tryAnotherButton } from './code-form.ts';

/** Field: `email`. */
export type MfaEmailEnrollmentView = FormView & { email?: string | undefined; canTryAnother?: boolean | undefined };

/** Asks for the email address that codes will be sent to. */
export function renderMfaEmailEnrollment(view: MfaEmailEnrollmentView): string {
  const { mfaEmailEnrollment: texts, fields } = textsFor(view.lang);
  const form = renderForm(view, [
    textField(view, {
      name: 'email',
      label: fields.email,
      value: view.email,
      type: 'email',
      autocomplete: 'email',
      inputmode: 'email',
      enterkeyhint: 'send',
      focus: true,
    }),
    submitButton(texts.submit),
    html`<div class="links">${tryAnotherButton(view)}</div>`,
  ]);
  return renderCard(view, { title: texts.title, description: texts.description, body: form });
}
