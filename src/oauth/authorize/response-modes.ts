import { type Context, html, type Reply, redirect, type SetCookie, webUrl } from '../../kernel/index.ts';
import { type BaseView, contentSecurityPolicy, ONWARDS, renderFormPost, renderWebMessage } from '../../pages/index.ts';
import { randomToken } from '../../platform/crypto/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import { mayReceiveMessages } from '../../resources/organizations/index.ts';
import { tenantSettings } from '../../resources/tenant-settings/index.ts';
import type { AuthorizationRequest } from '../../transactions/index.ts';
import type { AuthorizeParameters } from './request/request.ts';
import { tokensOverBrowser } from './request/response-types.ts';

/** The answer's parameters, in the order in which they are shown. */
export type Answer = Readonly<Record<string, string | number>>;
export type Destination = Pick<AuthorizationRequest, 'redirect_uri' | 'ui_locales'> & { readonly client: StoredClient };
export type ResponseMode = AuthorizationRequest['response_mode'];

type Deliver = (ctx: Context, to: Destination, answer: Answer) => Promise<Reply>;

/** How an answer gets to the application (OAuth 2.0 Multiple Response Types §2.1, Form Post §2; `web_message` is Auth0's). */
const MODES: Readonly<Record<ResponseMode, Deliver>> = {
  query: async (_ctx, to, answer) => redirect(withQuery(to.redirect_uri, answer)),
  fragment: async (_ctx, to, answer) => redirect(`${to.redirect_uri}#${encodeAnswer(answer)}`),
  form_post: postForm,
  web_message: postMessage,
};

/** Can we answer in `mode`? */
export function isResponseMode(mode: string): mode is ResponseMode {
  return Object.hasOwn(MODES, mode);
}

/** Tokens never go in a query: servers log it and browsers hand it on (RFC 9700 §4.3.2). */
export function maySend(mode: ResponseMode, asking: { readonly response_type?: string | undefined }): boolean {
  return mode !== 'query' || tokensOverBrowser(asking).length === 0;
}

/** The mode that a request asks for by name; `owp` is how popups of auth0.js ask for messages. */
export function askedMode({ response_mode, owp }: AuthorizeParameters): string | undefined {
  return owp === 'true' ? 'web_message' : response_mode;
}

/** The mode that a request asks for, or the one that goes with its `response_type`: also where errors of the request itself go. */
export function chooseResponseMode(parameters: AuthorizeParameters): ResponseMode {
  const response_mode = askedMode(parameters);
  if (response_mode !== undefined && isResponseMode(response_mode) && maySend(response_mode, parameters))
    return response_mode;
  return maySend('query', parameters) ? 'query' : 'fragment';
}

/** The web origin that answers for this callback may be posted to; undefined where the client allows none. */
export async function messageOrigin(
  ctx: Context,
  client: StoredClient,
  redirect_uri: string,
): Promise<string | undefined> {
  const origin = webUrl(redirect_uri)?.origin;
  return origin !== undefined && (await mayReceiveMessages(ctx, client, origin)) ? origin : undefined;
}

/** Sends `answer` to the application in `mode`, setting `cookies` on the way. */
export async function deliver(
  ctx: Context,
  mode: ResponseMode,
  to: Destination,
  answer: Answer,
  cookies: readonly SetCookie[] = [],
): Promise<Reply> {
  const reply = await MODES[mode](ctx, to, answer);
  return cookies.length > 0 ? { ...reply, cookies: [...(reply.cookies ?? []), ...cookies] } : reply;
}

/** The answer with every value as text. */
function asText(answer: Answer): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, String(value)]));
}

/** Spaces as `%20`: a `+` is only a space to readers of forms. */
function encodeAnswer(answer: Answer): string {
  return new URLSearchParams(asText(answer)).toString().replaceAll('+', '%20');
}

/** A callback keeps the query that it was registered with (RFC 6749 §3.1.2). */
function withQuery(url: string, answer: Answer): string {
  const [address = '', ...fragment] = url.split('#');
  const separator = !address.includes('?') ? '?' : /[?&]$/.test(address) ? '' : '&';
  return [`${address}${separator}${encodeAnswer(answer)}`, ...fragment].join('#');
}

async function postForm(ctx: Context, to: Destination, answer: Answer): Promise<Reply> {
  const view = await describePage(ctx, to);
  const page = renderFormPost({ ...view, redirect_uri: to.redirect_uri, parameters: asText(answer) });
  const policy = contentSecurityPolicy({ nonce: view.nonce, formAction: [to.redirect_uri, ...ONWARDS] });
  return html(200, page, { 'content-security-policy': policy });
}

/** Looked up again although the request was checked: the origin may have been taken off the list while the user logged in. */
async function postMessage(ctx: Context, to: Destination, answer: Answer): Promise<Reply> {
  const view = await describePage(ctx, to);
  const targetOrigin = await messageOrigin(ctx, to.client, to.redirect_uri);
  const page = renderWebMessage({ ...view, targetOrigin, response: answer });
  const policy = contentSecurityPolicy({ nonce: view.nonce, formAction: [], framedBy: targetOrigin });
  return html(200, page, { 'content-security-policy': policy });
}

async function describePage(ctx: Context, to: Destination): Promise<BaseView> {
  const settings = await tenantSettings(ctx);
  return {
    theme: { companyName: settings.friendly_name ?? ctx.tenant.name },
    lang: to.ui_locales?.[0] ?? settings.enabled_locales[0] ?? 'en',
    nonce: randomToken(ctx.random, 16),
  };
}
