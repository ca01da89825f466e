import { rememberField, submitButton, textField } from '../../fields.ts';
import { html } from '../../html.ts';
import { renderCard, renderForm } from '../../layout.ts';
import { textsFor } from '../../texts/index.ts';
import type { ChallengeView } from './code-form.ts';
import { tryAnotherButton } from './code-form.ts';

/** Field: `code`, the recovery code as typed: letters of either case, perhaps with spaces. */
export type MfaRecoveryCodeChallengeView = ChallengeView;

/** Asks for the recovery code. */
export function renderMfaRecoveryCodeChallenge(view: MfaRecoveryCodeChallengeView): string {
  const texts = textsFor(view.lang).mfaRecoveryCodeChallenge;
  const form = renderForm(view, [
    textField(view, {
      name: 'code',
      label: texts.code,
      autocomplete: 'off',
      enterkeyhint: 'go',
      look: 'letters',
      focus: true,
    }),
    rememberField(view, view.rememberBrowser),
    submitButton(texts.submit),
    html`<div class="links">${tryAnotherButton(view)}</div>`,
  ]);
  return renderCard(view, { title: texts.title, description: texts.description, body: form });
}
