import { checkbox, submitButton } from '../../fields.ts';
import { renderCard, renderForm, renderScript } from '../../layout.ts';
import { copyScript } from '../../scripts.ts';
import type { FormView } from '../../view.ts';
import { renderSecret } from './secret.ts';

/** Field: `isCodeCopied`, `true` when the person has ticked that the code is saved. */
export type SavedCodeView = FormView & { recoveryCode: string };

type SavedCodeTexts = { title: string; description: string; code: string; confirm: string; submit: string };

/** Gives a screen that shows a recovery code once and has the person confirm that it is saved. */
export function renderSavedCode(view: SavedCodeView, texts: SavedCodeTexts): string {
  const form = renderForm(view, [
    renderSecret(view.lang, view.recoveryCode, { label: texts.code, isBig: true }),
    checkbox({ name: 'isCodeCopied', label: texts.confirm, required: true, error: view.errors?.isCodeCopied }),
    submitButton(texts.submit),
  ]);
  return renderCard(view, {
    title: texts.title,
    description: texts.description,
    body: [form, renderScript(view, copyScript)],
  });
}
