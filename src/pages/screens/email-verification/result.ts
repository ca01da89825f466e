import { strongText } from '../../fields.ts';
import { html } from '../../html.ts';
import { icons } from '../../icons.ts';
import { renderCard } from '../../layout.ts';
import { renderOnwards } from '../../onwards.ts';
import { fill, textsFor } from '../../texts/index.ts';
import type { BaseView } from '../../view.ts';

export type EmailVerificationResultView = BaseView & {
  result: 'verified' | 'already-verified' | 'invalid-link';
  email?: string | undefined;
  /** Where to go on; left out where there is no such place. */
  continueUrl?: string | undefined;
};

/** Where the link in a verification email leads. */
export function renderEmailVerificationResult(view: EmailVerificationResultView): string {
  const texts = textsFor(view.lang).emailVerification;
  const name = view.client?.name;
  const text = name ? fill(texts.continue, { clientName: name }) : texts.continueWithoutClient;
  const failed = view.result === 'invalid-link';
  return renderCard(view, {
    ...describeResult(view),
    badge: html`<div class="badge ${failed ? 'bad' : 'good'}">${failed ? icons.cross : icons.done}</div>`,
    body: renderOnwards(view.lang, text, view.continueUrl),
  });
}

function describeResult(view: EmailVerificationResultView) {
  const texts = textsFor(view.lang).emailVerification;
  if (view.result === 'invalid-link') return { title: texts.failedTitle, description: texts.failed };
  if (view.result === 'already-verified') return { title: texts.alreadyTitle, description: texts.already };
  const { email } = view;
  const description = email ? strongText(texts.verified, { email }) : texts.verifiedWithoutEmail;
  return { title: texts.verifiedTitle, description };
}
