import {
  type Context,
  endpoint,
  optionalText,
  type Reply,
  type RequestParts,
  redirect,
  Type,
} from '../../kernel/index.ts';
import { hashToken } from '../../platform/crypto/index.ts';
import { findClient } from '../../resources/clients/index.ts';
import { findUser } from '../../resources/users/index.ts';
import { beginDecision } from '../deferred/begin-decision.ts';
import { deferredAuthorizationsOf } from '../deferred/deferred.store.ts';
import { isUndecided } from '../deferred/deferred.ts';
import { VERIFY } from './ask-user.ts';
import { backchannelResultPath } from './result-page.endpoint.ts';

type Cookies = RequestParts<never, never, never>['cookies'];

/** Leads from the mailed link to the page that shows what is asked for. The link proves nothing: the user has to log in. */
async function verify(ctx: Context, token: string, cookies: Cookies): Promise<Reply> {
  const found = await deferredAuthorizationsOf(ctx).find({ link_hash: hashToken(token) });
  const deferred = found && isUndecided(found, ctx.clock.now()) ? found : undefined;
  const client = deferred && (await findClient(ctx, deferred.client_id));
  const user = deferred?.user_id === undefined ? undefined : await findUser(ctx, deferred.user_id);
  if (!deferred || !client || !user) return redirect(backchannelResultPath('expired'));
  const { id, binding_message = '' } = deferred;
  const decision = { kind: 'ciba', id, user_id: user.user_id, binding_message } as const;
  const end = backchannelResultPath('approved');
  return beginDecision(ctx, { client, deferred, decision, end, login_hint: user.email }, cookies);
}

export const backchannelVerifyEndpoint = endpoint({
  method: 'GET',
  path: VERIFY,
  name: 'openBackchannelLink',
  summary: 'The link of a mail that asks for approval.',
  tag: 'backchannel authentication',
  surface: 'page',
  query: Type.Object({ consent: optionalText('What the link carries.') }),
  replies: { 302: 'To the login page, to what is asked for, or to the page that says that it is too late.' },
  handle: (ctx, { query, cookies }) => verify(ctx, query.consent ?? '', cookies),
});
