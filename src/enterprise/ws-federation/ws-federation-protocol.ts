import { oauthError } from '../../kernel/index.ts';
import type { ForeignProtocol } from '../../transactions/index.ts';
import { postForm } from '../post-form.ts';
import { templatePage } from './form-template.ts';
import { requireRelyingParty } from './relying-party.ts';
import { writeTokenResponse } from './security-token.ts';

/** How logins end that an application asked for by WS-Federation: with a token that a form takes there, or on a page. */
export const wsFederationProtocol: ForeignProtocol = {
  async complete(ctx, finished) {
    const { client, foreign, redirect_uri: callback, cookies, consume } = finished;
    const party = { ...(await requireRelyingParty(ctx, client.client_id, undefined)), realm: foreign.realm ?? '' };
    const wresult = String(await writeTokenResponse(ctx, party, finished));
    await ctx.store.transaction(consume);
    const template = party.client.form_template;
    if (typeof template === 'string' && template !== '')
      return templatePage(template, { callback, wresult, wctx: foreign.context ?? '' }, cookies);
    return postForm(ctx, callback, { wa: 'wsignin1.0', wresult, wctx: foreign.context }, cookies);
  },
  /** There is no answer that says no (WS-Federation §13.1): whoever is not logged in is told so here. */
  async refuse(_ctx, { client, refusal }) {
    const { error, error_description } = refusal;
    throw oauthError(error === 'access_denied' ? 403 : 400, error, error_description, {
      extra: { client_id: client.client_id },
    });
  },
};
