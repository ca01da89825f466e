import { strongText } from '../../fields.ts';
import { html } from '../../html.ts';
import { icons } from '../../icons.ts';
import { renderCard } from '../../layout.ts';
import { textsFor } from '../../texts/index.ts';
import type { BaseView, MfaMethod } from '../../view.ts';

export type MfaEnrollmentDoneView = BaseView & {
  result: 'enrolled' | 'already-enrolled' | 'invalid-ticket';
  method?: MfaMethod | undefined;
};

/** The end of an enrolment that began with a ticket, or why there was none. */
export function renderMfaEnrollmentDone(view: MfaEnrollmentDoneView): string {
  const failed = view.result === 'invalid-ticket';
  return renderCard(view, {
    ...describeResult(view),
    badge: html`<div class="badge ${failed ? 'bad' : 'good'}">${failed ? icons.cross : icons.done}</div>`,
  });
}

function describeResult(view: MfaEnrollmentDoneView) {
  const { mfaEnrollmentDone: texts, mfa } = textsFor(view.lang);
  if (view.result === 'invalid-ticket') return { title: texts.invalidTitle, description: texts.invalid };
  if (view.result === 'already-enrolled') return { title: texts.alreadyTitle, description: texts.already };
  if (!view.method) return { title: texts.title, description: texts.descriptionWithoutMethod };
  return { title: texts.title, description: strongText(texts.description, { method: mfa.methods[view.method] }) };
}
