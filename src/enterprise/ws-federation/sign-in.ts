import { type Context, oauthError, type Reply } from '../../kernel/index.ts';
import type { BeginLogin, Cookies } from '../../transactions/index.ts';
import { answerAddress } from '../answer-address.ts';
import { requireAuthentication } from './authentication.ts';
import { requireRelyingParty } from './relying-party.ts';
import { requestedVersion } from './token-type.ts';

/** What a browser brings (WS-Federation §13.2.2); `client_id` of the path. */
export interface SignInParameters {
  readonly client_id?: string | undefined;
  readonly wtrealm?: string | undefined;
  readonly wreply?: string | undefined;
  readonly wctx?: string | undefined;
  readonly whr?: string | undefined;
  readonly wfresh?: string | undefined;
  readonly wauth?: string | undefined;
  readonly wreq?: string | undefined;
}

/** A login that an application asks for by WS-Federation. Its protocol has no word for a refusal: all of them go to a page. */
export async function signIn(
  ctx: Context,
  parameters: SignInParameters,
  cookies: Cookies,
  beginLogin: BeginLogin,
): Promise<Reply> {
  const { client_id, wtrealm, wreply, wctx, whr, wfresh, wauth, wreq } = parameters;
  const { client, realm } = await requireRelyingParty(ctx, client_id || undefined, wtrealm || undefined);
  const redirect_uri = answerAddress(client, wreply || undefined);
  requireAuthentication(wauth || undefined);
  const max_age = secondsOf(wfresh || undefined);
  const wish = {
    client,
    redirect_uri,
    prompt: max_age === 0 ? ['login'] : [],
    ...(max_age ? { max_age } : {}),
    connection: whr ? whr.replace(/^urn:/, '') : undefined,
    foreign: {
      protocol: 'wsfed' as const,
      realm,
      context: wctx,
      authentication: wauth || undefined,
      version: await requestedVersion(wreq),
    },
  };
  return beginLogin(ctx, wish, cookies);
}

/** How old a login may be: `wfresh` counts minutes. WireError (page, 400) for what is no number. */
function secondsOf(wfresh: string | undefined): number | undefined {
  if (wfresh === undefined) return undefined;
  if (/^\d{1,6}$/.test(wfresh)) return Number(wfresh) * 60;
  throw oauthError(400, 'invalid_request', 'The wfresh is no number of minutes');
}
