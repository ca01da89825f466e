import { type Html, html } from '../../html.ts';
import { renderScript } from '../../layout.ts';
import { detectPasskeysScript } from '../../scripts.ts';
import type { BaseView } from '../../view.ts';

/** Hidden fields of a login's form that `renderDetection` fills in: what the browser can do with passkeys. */
export function detectionFields(): Html {
  return html`<input type="hidden" name="webauthn-available" value=""><input type="hidden" name="webauthn-platform-available" value="">`;
}

/** The script that fills them in; it stands after the forms. */
export function renderDetection(view: BaseView): Html {
  return renderScript(view, detectPasskeysScript);
}
