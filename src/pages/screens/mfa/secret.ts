import type { Html } from '../../html.ts';
import { html } from '../../html.ts';
import { textsFor } from '../../texts/index.ts';

/**
 * Gives a block with a secret in groups of four, for reading and typing. The gaps are drawn and not written, so a copy
 * of the block has no spaces in it. The copy button appears only where copyScript runs.
 */
export function renderSecret(lang: string, secret: string, options: { label: string; isBig?: boolean }): Html {
  const { copy, copied } = textsFor(lang).fields;
  const groups = Array.from(secret.match(/.{1,4}/gsu) ?? [], (group) => html`<span>${group}</span>`);
  return html`<div class="field"><div class="secret${options.isBig ? ' big' : ''}" role="group" aria-label="${options.label}">${groups}</div>
<button class="button quiet" type="button" hidden data-copy="${secret}" data-copied="${copied}">${copy}</button></div>`;
}
