import { type Html, html, safeUrl } from '../../html.ts';
import { renderScript } from '../../layout.ts';
import { oneTapScript } from '../../scripts.ts';
import type { FormView } from '../../view.ts';

/** A login that the browser offers by itself: what it needs to ask the provider, and where its answer goes. */
export interface OneTap {
  readonly action: string;
  readonly configUrl: string;
  readonly clientId: string;
  readonly nonce: string;
}

/** Nothing to see: the browser shows what it has, where it can. */
export function renderOneTap(view: FormView, oneTap: OneTap | undefined): (Html | undefined)[] {
  if (!oneTap) return [];
  const { action, configUrl, clientId, nonce } = oneTap;
  const form = html`<form method="post" action="${safeUrl(action)}" hidden data-one-tap data-config-url="${configUrl}"
data-client-id="${clientId}" data-nonce="${nonce}"><input type="hidden" name="state" value="${view.state}">
<input type="hidden" name="credential"></form>`;
  return [form, renderScript(view, oneTapScript)];
}
