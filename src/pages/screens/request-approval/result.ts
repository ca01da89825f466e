import { html } from '../../html.ts';
import { icons } from '../../icons.ts';
import { renderCard } from '../../layout.ts';
import { textsFor } from '../../texts/index.ts';
import type { BaseView } from '../../view.ts';

export type RequestApprovalResultView = BaseView & { result: 'approved' | 'denied' | 'expired' };

/** Says what became of a request that came by a mailed link. */
export function renderRequestApprovalResult(view: RequestApprovalResultView): string {
  const texts = textsFor(view.lang).requestApprovalResult;
  const isGood = view.result === 'approved';
  return renderCard(view, {
    title: texts[`${view.result}Title`],
    badge: html`<div class="badge ${isGood ? 'good' : 'bad'}">${isGood ? icons.done : icons.cross}</div>`,
    description: texts[view.result],
  });
}
