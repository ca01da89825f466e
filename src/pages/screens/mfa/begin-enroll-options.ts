import { submitButton } from '../../fields.ts';
import { html } from '../../html.ts';
import { renderCard, renderForm } from '../../layout.ts';
import { textsFor } from '../../texts/index.ts';
import type { FormView, MfaMethod } from '../../view.ts';
import { pageActions } from '../../view.ts';
import { renderMethodList } from './method-list.ts';

/** `action` is the chosen method, or `skip` where that is allowed. */
export type MfaBeginEnrollOptionsView = FormView & {
  methods: readonly Exclude<MfaMethod, 'recovery-code'>[];
  canSkip?: boolean | undefined;
};

/** Asks which second factor to set up. */
export function renderMfaBeginEnrollOptions(view: MfaBeginEnrollOptionsView): string {
  const texts = textsFor(view.lang).mfaBeginEnrollOptions;
  const later = submitButton(texts.later, { value: pageActions.skip, look: 'link' });
  const form = renderForm(view, [
    renderMethodList(
      view.lang,
      view.methods.map((method) => ({ method, value: method })),
    ),
    view.canSkip && html`<div class="links">${later}</div>`,
  ]);
  return renderCard(view, { title: texts.title, description: texts.description, body: form });
}
