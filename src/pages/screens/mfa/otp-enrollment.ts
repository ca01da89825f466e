import { codeField, submitButton } from '../../fields.ts';
import { html } from '../../html.ts';
import { renderCard, renderForm, renderScript } from '../../layout.ts';
import { copyScript } from '../../scripts.ts';
import { textsFor } from '../../texts/index.ts';
import type { FormView } from '../../view.ts';
import { tryAnotherButton } from './code-form.ts';
import type { QrCode } from './qr-code.ts';
import { renderQrCode } from './qr-code.ts';
import { renderSecret } from './secret.ts';

/** Field: `code`. */
export type MfaOtpEnrollmentView = FormView & {
  qr: QrCode;
  /** The secret in base32, for typing. */
  secret: string;
  canTryAnother?: boolean | undefined;
};

/** Sets up an authenticator app: scan or type, then confirm with the first code. */
export function renderMfaOtpEnrollment(view: MfaOtpEnrollmentView): string {
  const texts = textsFor(view.lang).mfaOtpEnrollment;
  const form = renderForm(view, [
    html`<ol class="steps">
<li><p>${texts.scan}</p>${renderQrCode(view.qr, texts)}
<details><summary>${texts.manual}</summary>${renderSecret(view.lang, view.secret, { label: texts.manual })}</details></li>
<li>${codeField(view, texts.code)}</li>
</ol>`,
    submitButton(texts.submit),
    html`<div class="links">${tryAnotherButton(view)}</div>`,
  ]);
  return renderCard(view, { title: texts.title, body: [form, renderScript(view, copyScript)] });
}
