import { html } from '../../html.ts';
import { icons } from '../../icons.ts';
import { renderCard } from '../../layout.ts';
import { textsFor } from '../../texts/index.ts';
import type { BaseView } from '../../view.ts';

export type DeviceResultView = BaseView & { result: 'connected' | 'denied' | 'expired' };

/** Says what became of a device, where the browser has done its part. */
export function renderDeviceResult(view: DeviceResultView): string {
  const texts = textsFor(view.lang).deviceResult;
  const isGood = view.result === 'connected';
  return renderCard(view, {
    title: texts[`${view.result}Title`],
    badge: html`<div class="badge ${isGood ? 'good' : 'bad'}">${isGood ? icons.done : icons.cross}</div>`,
    description: texts[view.result],
  });
}
