import { type Context, type Reply, WireError } from '../../../kernel/index.ts';
import type { Cookies, ForeignWish } from '../../../transactions/index.ts';
import { userinfoAudience } from '../../target.ts';
import { answerOrShow } from '../answer-or-show.ts';
import { checkConnection } from '../checks/connection.ts';
import { checkOrganization, organizationRequest } from '../checks/organization.ts';
import { completeForeign, refuseForeign } from '../endings/foreign-ending.ts';
import { assessLogin } from '../login.ts';
import { type Asked, buildRequest } from '../request/request.ts';
import { refusalOf } from '../respond.ts';
import { draftLogin } from './draft-login.ts';

/**
 * A login for an application that speaks another protocol: connection, organization, session, factors and consent are as for
 * `/authorize`. What is wrong with the request goes to the application, in its own protocol.
 */
export async function beginLogin(ctx: Context, wish: ForeignWish, cookies: Cookies): Promise<Reply> {
  const { client, foreign, redirect_uri } = wish;
  const asked = askedOf(wish);
  try {
    await checkOrganization(ctx, asked);
    await checkConnection(ctx, asked);
    const resolved = { audience: userinfoAudience(ctx), response_mode: 'form_post', ...NOT_ASKED } as const;
    const request = buildRequest(asked, { ...resolved, ...(await organizationRequest(ctx, asked)) });
    const draft = { ...(await draftLogin(ctx, client, request, cookies)), foreign };
    const login = await assessLogin(ctx, client, draft, cookies);
    const ends = {
      complete: () => completeForeign(ctx, login, foreign),
      refuse: (refusal: Parameters<typeof refuseForeign>[2]) => refuseForeign(ctx, login, refusal),
    };
    return await answerOrShow(ctx, login, ends, cookies);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    const transaction = { foreign, request: { redirect_uri, prompt: wish.prompt } };
    return refuseForeign(ctx, { client, user: undefined, transaction }, refusalOf(error));
  }
}

const NOT_ASKED = { expected_user: undefined, acr: undefined } as const;

/** The wish in the words of OAuth. Nothing of OAuth is asked for: no code, no token, no scope. */
function askedOf({ client, redirect_uri, prompt, connection, organization, login_hint, max_age }: ForeignWish): Asked {
  return {
    client,
    redirect_uri,
    redirect_uri_given: false,
    signed: false,
    pushed: undefined,
    parameters: {
      response_type: 'none',
      prompt: prompt.join(' '),
      ...(connection === undefined ? {} : { connection }),
      ...(organization === undefined ? {} : { organization }),
      ...(login_hint === undefined ? {} : { login_hint }),
      ...(max_age === undefined ? {} : { max_age: String(max_age) }),
    },
  };
}
