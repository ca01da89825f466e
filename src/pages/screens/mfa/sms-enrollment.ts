import { phoneField, submitButton } from '../../fields.ts';
import type { Html } from '../../html.ts';
import { html } from '../../html.ts';
import { renderCard, renderForm } from '../../layout.ts';
import { textsFor } from '../../texts/index.ts';
import type { FormView } from '../../view.ts';
import { tryAnotherButton } from './code-form.ts';

export type PhoneChannel = 'sms' | 'voice';

/** Fields: `phone`, and `channel` (`sms` or `voice`) where there is a choice; with one channel it is sent hidden. */
export type MfaSmsEnrollmentView = FormView & {
  phone?: string | undefined;
  channels: readonly PhoneChannel[];
  /** Chosen before; the first one unless told otherwise. */
  channel?: PhoneChannel | undefined;
  canTryAnother?: boolean | undefined;
};

/** Asks for the phone that codes will be sent to, and how. */
export function renderMfaSmsEnrollment(view: MfaSmsEnrollmentView): string {
  const texts = textsFor(view.lang).mfaSmsEnrollment;
  const form = renderForm(view, [
    phoneField(view, { value: view.phone, hint: texts.hint, focus: true }),
    renderChannels(view),
    submitButton(texts.submit),
    html`<div class="links">${tryAnotherButton(view)}</div>`,
  ]);
  const onlyVoice = view.channels.length === 1 && view.channels[0] === 'voice';
  return renderCard(view, {
    title: texts.title,
    description: onlyVoice ? texts.descriptionVoice : texts.description,
    body: form,
  });
}

function renderChannels(view: MfaSmsEnrollmentView): Html {
  const texts = textsFor(view.lang).mfaSmsEnrollment;
  const [first, ...rest] = view.channels;
  if (rest.length === 0) return html`<input type="hidden" name="channel" value="${first}">`;
  const chosen = view.channel ?? first;
  const choices = view.channels.map(
    (channel) =>
      html`<label class="check"><input type="radio" name="channel" value="${channel}"${channel === chosen ? html` checked` : ''}><span>${texts[channel]}</span></label>`,
  );
  return html`<fieldset><legend>${texts.channel}</legend><div class="choices">${choices}</div></fieldset>`;
}
