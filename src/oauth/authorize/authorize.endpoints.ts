import { type Context, type Endpoint, endpoint, type Reply, WireError } from '../../kernel/index.ts';
import { findClient } from '../../resources/clients/index.ts';
import type { AuthorizationRequest, Cookies, LoginDraft, Refusal } from '../../transactions/index.ts';
import { resolveAudience } from '../audience.ts';
import { answerOrShow } from './answer-or-show.ts';
import { auditRefusal } from './audit.ts';
import { askedAudience } from './checks/audience.ts';
import { hintedSubject } from './checks/id-token-hint.ts';
import { organizationRequest } from './checks/organization.ts';
import { checksOfBrought } from './checks.ts';
import { completeLogin } from './endings/complete-login.ts';
import { findContinued, leaveContinued } from './entries/continued-login.ts';
import { takeTicket } from './entries/cross-origin-login.ts';
import { blankDraft, draftLogin } from './entries/draft-login.ts';
import { takeOver } from './entries/take-over.ts';
import { findTransferred, type Presented, presentedTransfer, requireNobody } from './entries/transferred-login.ts';
import { assessLogin, type Login } from './login.ts';
import { identifyClient } from './request/identify.ts';
import { namedContext } from './request/named-context.ts';
import {
  type Asked,
  type AuthorizeParameters,
  authorizeParameters,
  buildRequest,
  dropEmpty,
  prompts,
} from './request/request.ts';
import { answerWithRefusal, type Recipient, refusalOf } from './respond.ts';
import { chooseResponseMode } from './response-modes.ts';

/**
 * An authorization request: checked, then answered at once when the browser's session is enough, else led to the first page.
 * What is wrong goes to a page until client and callback are known to belong together, and to the application from then on.
 */
async function authorize(ctx: Context, sent: AuthorizeParameters, cookies: Cookies): Promise<Reply> {
  const continued = await findContinued(ctx, dropEmpty(sent), cookies);
  if (continued) return leaveContinued(continued, dropEmpty(sent).connection);
  const asked = await identify(ctx, dropEmpty(sent));
  const to = recipientOf(asked);
  await requireNobody(ctx, asked, cookies);
  try {
    for (const check of checksOfBrought) await check(ctx, asked);
    const request = await requestFrom(ctx, asked);
    if (asked.parameters.login_ticket !== undefined) return await takeTicket(ctx, asked, request, cookies);
    const presented = presentedTransfer(asked, cookies);
    if (presented) return await takeTransferred(ctx, asked, request, presented, to, cookies);
    const login = await assessLogin(ctx, asked.client, await draftLogin(ctx, asked.client, request, cookies), cookies);
    return await take(ctx, login, to, cookies);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return refuse(ctx, asked, to, refusalOf(error));
  }
}

/** As `identifyClient`; what is told to nobody but the person stands in the tenant's log where it is about one of its clients. */
async function identify(ctx: Context, sent: AuthorizeParameters): Promise<Asked> {
  try {
    return await identifyClient(ctx, sent);
  } catch (error) {
    const client = error instanceof WireError && sent.client_id ? await findClient(ctx, sent.client_id) : undefined;
    if (client) auditRefusal(ctx, { client }, refusalOf(error as WireError).error_description);
    throw error;
  }
}

/** Where the answer to `asked` goes. */
export function recipientOf({ parameters, redirect_uri }: Asked): Recipient {
  const { state } = parameters;
  const prompt = prompts(parameters);
  return {
    redirect_uri,
    response_mode: chooseResponseMode(parameters),
    prompt,
    ...(state === undefined ? {} : { state }),
  };
}

/** The checked request. A default audience is written into it, so that it stays what it was when it is exchanged. */
export async function requestFrom(ctx: Context, asked: Asked): Promise<AuthorizationRequest> {
  const given = await askedAudience(ctx, asked);
  const target = await resolveAudience(ctx, asked.client, given);
  const audience = given ?? (target.kind === 'userinfo' ? undefined : target.identifier);
  const response_mode = chooseResponseMode(asked.parameters);
  const [expected_user, acr] = [await hintedSubject(ctx, asked), await namedContext(ctx, asked)];
  const organization = await organizationRequest(ctx, asked);
  return buildRequest(asked, { audience, response_mode, expected_user, acr, ...organization });
}

function take(ctx: Context, login: Login<LoginDraft>, to: Recipient, cookies: Cookies): Promise<Reply> {
  const ends = {
    complete: () => completeLogin(ctx, login),
    refuse: (refusal: Refusal) => refuse(ctx, login, to, refusal),
  };
  return answerOrShow(ctx, login, ends, cookies);
}

/**
 * The browser brought a session transfer token: the login that it hands over is taken up, or the person logs in. A session of their own
 * does not help then: nobody must end up in an account that they did not choose.
 */
async function takeTransferred(
  ctx: Context,
  asked: Asked,
  request: AuthorizationRequest,
  presented: Presented,
  to: Recipient,
  cookies: Cookies,
): Promise<Reply> {
  const { client } = asked;
  const assess = (draft: LoginDraft) => assessLogin(ctx, client, draft, cookies);
  const found = await findTransferred(ctx, asked, request, presented, cookies);
  const login = await assess(found?.draft ?? blankDraft(request));
  const endsHere = login.step === 'refuse' || (login.step !== 'issue' && request.prompt.includes('none'));
  const isLed = found !== undefined && login.user !== undefined && !endsHere;
  const begun = isLed ? await takeOver(ctx, found.token_id, login, cookies) : undefined;
  const reply = begun ?? (await take(ctx, isLed ? await assess(blankDraft(request)) : login, to, cookies));
  return { ...reply, cookies: [...(reply.cookies ?? []), ...presented.cookies] };
}

/** Tells the application why it gets nothing, and the log. */
export function refuse(
  ctx: Context,
  { client, user, session }: Pick<Login, 'client'> & Partial<Pick<Login, 'user' | 'session'>>,
  to: Recipient,
  refusal: NonNullable<LoginDraft['refusal']>,
): Promise<Reply> {
  const subject = { client, user, actor: session?.actor, request: { prompt: to.prompt } };
  auditRefusal(ctx, subject, refusal.error_description);
  return answerWithRefusal(ctx, { client, to }, refusal);
}

const ABOUT = {
  path: '/authorize',
  tag: 'authentication',
  surface: 'page',
  replies: {
    200: 'The answer as a form that posts itself, or as a message to the window that asked.',
    302: 'To the first page, or to the application.',
  },
} as const;

export const authorizationRequestEndpoints: readonly Endpoint[] = [
  endpoint({
    ...ABOUT,
    method: 'GET',
    name: 'authorize',
    summary: 'Begins a login.',
    query: authorizeParameters,
    handle: (ctx, { query, cookies }) => authorize(ctx, query, cookies),
  }),
  endpoint({
    ...ABOUT,
    method: 'POST',
    name: 'authorizeByForm',
    summary: 'Begins a login; the parameters come in a form.',
    body: authorizeParameters,
    accepts: ['form'],
    handle: (ctx, { body, cookies }) => authorize(ctx, body, cookies),
  }),
];
