import { html } from '../../html.ts';
import { renderCard, renderScript } from '../../layout.ts';
import { webMessageScript } from '../../scripts.ts';
import { textsFor } from '../../texts/index.ts';
import type { BaseView } from '../../view.ts';

export type WebMessageView = BaseView & {
  /** The web origin that may read the answer. Without it the page holds no answer and posts nothing. */
  targetOrigin?: string | undefined;
  /** The answer's parameters. */
  response: Readonly<Record<string, string | number>>;
};

/** Posts an answer to the window of the application, and to no other (Auth0's response mode `web_message`). */
export function renderWebMessage(view: WebMessageView): string {
  const texts = textsFor(view.lang).webMessage;
  const { targetOrigin, response } = view;
  const body = targetOrigin
    ? html`<div id="answer" data-target-origin="${targetOrigin}" data-response="${JSON.stringify(response)}" hidden></div>
${renderScript(view, webMessageScript)}`
    : '';
  return renderCard(view, { title: texts.title, description: texts.description, body });
}
