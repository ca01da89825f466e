import { strongText, submitButton } from '../../fields.ts';
import { html } from '../../html.ts';
import { renderCard, renderForm, renderScript } from '../../layout.ts';
import { askAgainScript } from '../../scripts.ts';
import { textsFor } from '../../texts/index.ts';
import type { FormView } from '../../view.ts';
import { tryAnotherButton } from './code-form.ts';
import type { QrCode } from './qr-code.ts';
import { renderQrCode } from './qr-code.ts';

/** `action=default` asks whether the app has enrolled; sent every `askAgainSeconds` by itself where scripts run. */
export type MfaPushEnrollmentView = FormView & {
  qr: QrCode;
  /** Name of the app to install. */
  appName?: string | undefined;
  canTryAnother?: boolean | undefined;
  askAgainSeconds?: number | undefined;
};

/** Sets up push notifications: scan with the app, which then answers for itself. */
export function renderMfaPushEnrollment(view: MfaPushEnrollmentView): string {
  const texts = textsFor(view.lang).mfaPushEnrollment;
  const form = renderForm(
    view,
    [
      html`<ol class="steps">
<li><p>${strongText(texts.install, { appName: view.appName ?? texts.appName })}</p></li>
<li><p>${texts.scan}</p>${renderQrCode(view.qr, texts)}</li>
</ol>`,
      html`<p class="waiting" role="status">${texts.waiting}</p>`,
      submitButton(texts.submit),
      html`<div class="links">${tryAnotherButton(view)}</div>`,
    ],
    { askAgain: view.askAgainSeconds },
  );
  return renderCard(view, {
    title: texts.title,
    body: [form, view.askAgainSeconds && renderScript(view, askAgainScript)],
  });
}
