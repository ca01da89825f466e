import type { AuthorizationDetail } from '../../../kernel/index.ts';
import type { Html } from '../../html.ts';
import { html, safeUrl } from '../../html.ts';
import { renderCard } from '../../layout.ts';
import { fill, textsFor } from '../../texts/index.ts';
import type { BaseView } from '../../view.ts';
import { renderDetails } from '../consent/details.ts';
import type { OutboxMessage } from './messages.ts';
import { renderMessages, renderTime } from './messages.ts';

/** A push notification. `id` is sent back as the field `id`, with `action=approve` or `action=reject`. */
export type OutboxPush = {
  id: string;
  to: string;
  created_at: string;
  status: 'pending' | 'approved' | 'rejected' | 'expired';
  /** What an application asks for; left out for logins and enrolments. */
  asked?:
    | {
        binding_message: string;
        audience: string;
        scope: readonly string[];
        authorization_details?: readonly AuthorizationDetail[];
      }
    | undefined;
};

/** Times are ISO 8601 texts. Forms post to the addresses given; none of this exists in production. */
export type OutboxView = BaseView & {
  /** Newest first. */
  messages: readonly OutboxMessage[];
  pushes: readonly OutboxPush[];
  /** `offset` says in words how far the clock was moved; left out where it was not. */
  clock: { now: string; offset?: string | undefined };
  /** What a developer wants to know: URLs, client ids, demo logins. A value that is a web address becomes a link. */
  facts: readonly { label: string; value: string }[];
  /**
   * `self`: the page itself. `clock`: `action=advance` with `advance_seconds`, or `action=reset`.
   * `push`: see OutboxPush. `messages`: `action=clear`.
   */
  actions: { self: string; clock: string; push: string; messages: string };
};

/** The page for people at `/_dev`. */
export function renderOutbox(view: OutboxView): string {
  const texts = textsFor(view.lang).outbox;
  return renderCard(view, {
    title: texts.title,
    description: texts.description,
    wide: true,
    body: html`<div class="columns"><div>${renderPushes(view)}${renderMessages(view, view.actions)}</div>
<div class="side">${renderClock(view)}${renderFacts(view)}</div></div>`,
  });
}

function renderPushes(view: OutboxView): Html | undefined {
  if (view.pushes.length === 0) return undefined;
  const texts = textsFor(view.lang).outbox;
  const items = view.pushes.map((push) => {
    const buttons = html`<form method="post" action="${safeUrl(view.actions.push)}"><input type="hidden" name="id" value="${push.id}">
<button class="button small" type="submit" name="action" value="approve">${texts.approve}</button>
<button class="button quiet small" type="submit" name="action" value="reject">${texts.reject}</button></form>`;
    const state = push.status === 'pending' ? buttons : html`<span class="tag">${texts[push.status]}</span>`;
    const wish = renderWish(view.lang, push);
    return html`<li class="message"><div class="row"><strong>${push.to}</strong>${renderTime(push.created_at)}${state}</div>${wish}</li>`;
  });
  return html`<h2>${texts.pushes}</h2><ul class="messages">${items}</ul>`;
}

function renderWish(lang: string, { asked }: OutboxPush): Html | undefined {
  if (!asked) return undefined;
  const { binding_message, audience, scope, authorization_details } = asked;
  return html`<p>${binding_message}<br><span class="hint">${audience}: ${scope.join(' ')}</span></p>
${renderDetails(lang, authorization_details)}`;
}

function renderClock(view: OutboxView): Html {
  const texts = textsFor(view.lang).outbox;
  const { now, offset } = view.clock;
  const action = safeUrl(view.actions.clock);
  const steps = ([30, 600, 86400] as const).map(
    (
      seconds,
    ) => html`<form method="post" action="${action}"><input type="hidden" name="advance_seconds" value="${seconds}">
<button class="button quiet small" type="submit" name="action" value="advance">${texts[`advance${seconds}`]}</button></form>`,
  );
  const reset = html`<form method="post" action="${action}"><button class="button quiet small" type="submit" name="action" value="reset">${texts.resetClock}</button></form>`;
  return html`<h2>${texts.clock}</h2>
<p>${texts.now} <strong>${renderTime(now)}</strong><br><span class="hint">${offset ? fill(texts.offset, { offset }) : texts.noOffset}</span></p>
<div class="row">${steps}${offset && reset}</div>`;
}

function renderFacts(view: OutboxView): Html | undefined {
  if (view.facts.length === 0) return undefined;
  const items = view.facts.map(({ label, value }) => {
    const url = safeUrl(value);
    return html`<dt>${label}</dt><dd>${url ? html`<a href="${url}">${value}</a>` : value}</dd>`;
  });
  return html`<h2>${textsFor(view.lang).outbox.facts}</h2><dl>${items}</dl>`;
}
