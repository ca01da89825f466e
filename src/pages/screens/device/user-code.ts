import { submitButton, textField } from '../../fields.ts';
import { renderCard, renderForm } from '../../layout.ts';
import { textsFor } from '../../texts/index.ts';
import type { FormView } from '../../view.ts';

/** Field: `user_code`, as typed: letters of either case, with or without hyphens. */
export type DeviceUserCodeView = FormView & { userCode?: string | undefined };

/** Asks for the code that a device shows. */
export function renderDeviceUserCode(view: DeviceUserCodeView): string {
  const texts = textsFor(view.lang).deviceUserCode;
  const form = renderForm(view, [
    textField(view, {
      name: 'user_code',
      label: texts.code,
      value: view.userCode,
      autocomplete: 'off',
      enterkeyhint: 'go',
      look: 'letters',
      focus: true,
    }),
    submitButton(texts.submit),
  ]);
  return renderCard(view, { title: texts.title, description: texts.description, body: form });
}
