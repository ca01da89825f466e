import type { Html } from '../../html.ts';
import { html, safeUrl } from '../../html.ts';
import { textsFor } from '../../texts/index.ts';
import type { BaseView } from '../../view.ts';

/** A message as the outbox keeps it. */
export type OutboxMessage = {
  id: string;
  channel: 'email' | 'sms' | 'voice' | 'push';
  to: string;
  subject?: string | undefined;
  text: string;
  /** The one-time code in it, shown large. */
  code?: string | undefined;
  /** The link in it. */
  link?: string | undefined;
  created_at: string;
};

/** Gives the list of messages, with the buttons to refresh and to empty it. */
export function renderMessages(
  view: BaseView & { messages: readonly OutboxMessage[] },
  actions: { self: string; messages: string },
): Html {
  const texts = textsFor(view.lang).outbox;
  const clear = html`<form method="post" action="${safeUrl(actions.messages)}"><button class="button quiet small" type="submit" name="action" value="clear">${texts.clear}</button></form>`;
  const list = html`<ul class="messages">${view.messages.map((message) => renderMessage(view.lang, message))}</ul>`;
  const isEmpty = view.messages.length === 0;
  return html`<div class="row heading"><h2>${texts.messages}</h2><a class="button quiet small" href="${safeUrl(actions.self)}">${texts.refresh}</a>${!isEmpty && clear}</div>
${isEmpty ? html`<p class="hint">${texts.noMessages}</p>` : list}`;
}

function renderMessage(lang: string, message: OutboxMessage): Html {
  const texts = textsFor(lang).outbox;
  const link = safeUrl(message.link);
  return html`<li class="message" id="message-${message.id}" data-channel="${message.channel}">
<div class="row"><span class="tag">${texts.channels[message.channel]}</span><strong>${message.to}</strong>${renderTime(message.created_at)}</div>
${message.subject && html`<p>${message.subject}</p>`}
${message.code && html`<p class="code">${message.code}</p>`}
${link && html`<p><a href="${link}">${texts.open}</a></p>`}
<details><summary>${texts.text}</summary><pre>${message.text}</pre></details></li>`;
}

/** Gives a time in ISO 8601 as people read it, to the second. */
export function renderTime(time: string): Html {
  const shown = time.replace(/^(\S+)T(\d\d:\d\d:\d\d)(\.\d+)?Z$/, '$1 $2 UTC');
  return html`<time datetime="${time}">${shown}</time>`;
}
