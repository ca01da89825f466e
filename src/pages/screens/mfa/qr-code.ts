import type { Html } from '../../html.ts';
import { html, raw, safeUrl } from '../../html.ts';

/** A QR code as this program drew it (trusted SVG), and the address in it. */
export type QrCode = {
  svg: string;
  /** `otpauth:` address; on a phone that cannot scan its own screen it is offered as a link. */
  uri?: string | undefined;
};

/** Gives the drawing with its description and the link. Throws a TypeError for anything but an SVG drawing. */
export function renderQrCode(code: QrCode, texts: { qr: string; openApp: string }): Html {
  const svg = code.svg.trim();
  if (!/^<svg[\s>]/.test(svg) || !svg.endsWith('</svg>')) throw new TypeError('A QR code is an SVG drawing.');
  const uri = safeUrl(code.uri, ['otpauth:']);
  return html`<div class="qr" role="img" aria-label="${texts.qr}">${raw(svg)}</div>
${uri && html`<p class="on-phone"><a href="${uri}">${texts.openApp}</a></p>`}`;
}
