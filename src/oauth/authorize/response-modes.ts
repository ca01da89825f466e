import { type Context, html, type Reply, redirect, type SetCookie } from '../../kernel/index.ts';
import { contentSecurityPolicy, renderFormPost } from '../../pages/index.ts';
import { randomToken } from '../../platform/crypto/index.ts';
import { tenantSettings } from '../../resources/tenant-settings/index.ts';
import type { AuthorizationRequest } from '../../transactions/index.ts';
import { type AuthorizeParameters, responseTypes } from './request.ts';

/** The answer's parameters, in the order in which they are shown. */
export type Answer = Readonly<Record<string, string>>;
export type Destination = Pick<AuthorizationRequest, 'redirect_uri' | 'ui_locales'>;

type Deliver = (ctx: Context, to: Destination, answer: Answer) => Promise<Reply>;

/** How an answer gets to the application (OAuth 2.0 Multiple Response Types §2.1, Form Post §2). */
const MODES: Readonly<Record<'query' | 'fragment' | 'form_post', Deliver>> = {
  query: async (_ctx, to, answer) => redirect(withQuery(to.redirect_uri, answer)),
  fragment: async (_ctx, to, answer) => redirect(`${to.redirect_uri}#${encodeAnswer(answer)}`),
  form_post: postForm,
};

export type ResponseMode = keyof typeof MODES;

/** Can we answer in `mode`? */
export function isResponseMode(mode: string): mode is ResponseMode {
  return Object.hasOwn(MODES, mode);
}

/** The mode that a request asks for, or the one that goes with its `response_type`: also where errors of the request itself go. */
export function chooseResponseMode(parameters: AuthorizeParameters): ResponseMode {
  const { response_mode } = parameters;
  if (response_mode !== undefined && isResponseMode(response_mode)) return response_mode;
  return responseTypes(parameters).some((type) => type === 'token' || type === 'id_token') ? 'fragment' : 'query';
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

/** Spaces as `%20`: a `+` is only a space to readers of forms. */
function encodeAnswer(answer: Answer): string {
  return new URLSearchParams(answer).toString().replaceAll('+', '%20');
}

/** A callback keeps the query that it was registered with (RFC 6749 §3.1.2). */
function withQuery(url: string, answer: Answer): string {
  const [address = '', ...fragment] = url.split('#');
  const separator = !address.includes('?') ? '?' : /[?&]$/.test(address) ? '' : '&';
  return [`${address}${separator}${encodeAnswer(answer)}`, ...fragment].join('#');
}

async function postForm(ctx: Context, to: Destination, answer: Answer): Promise<Reply> {
  const settings = await tenantSettings(ctx);
  const nonce = randomToken(ctx.random, 16);
  const page = renderFormPost({
    theme: { companyName: settings.friendly_name ?? ctx.tenant.name },
    lang: to.ui_locales?.[0] ?? settings.enabled_locales[0] ?? 'en',
    nonce,
    redirect_uri: to.redirect_uri,
    parameters: answer,
  });
  const policy = contentSecurityPolicy({ nonce, formAction: [to.redirect_uri] });
  return html(200, page, { 'content-security-policy': policy });
}
