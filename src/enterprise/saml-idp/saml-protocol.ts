import { newMessageId } from '../../assertions/index.ts';
import type { ForeignProtocol, Refusal } from '../../transactions/index.ts';
import { noteAnswered } from './answered-request.store.ts';
import { type Outcome, sendByPost } from './outgoing.ts';
import { STATUS } from './saml.ts';
import { requireSamlClient } from './saml-client.ts';
import { samlSessionKey, samlSessionsOf } from './saml-session.store.ts';
import { sendRefusal, writeResponse } from './send-response.ts';

/** How logins end that an application asked for by SAML: with an assertion about the user, or with a status that says why there is none. */
export const samlProtocol: ForeignProtocol = {
  async complete(ctx, finished) {
    const { client, foreign, session, redirect_uri: to, cookies, consume } = finished;
    const saml = await requireSamlClient(ctx, client.client_id);
    const id = samlSessionKey(session.id, client.client_id);
    const known = await samlSessionsOf(ctx).get(id);
    const said = await writeResponse(ctx, saml, finished, known?.session_index ?? newMessageId(ctx));
    const { subject, sessionIndex: session_index, response: message } = said;
    const { value: name_id, format: name_id_format } = subject;
    const about = { session_id: session.id, client_id: client.client_id, session_index, name_id, name_id_format };
    await ctx.store.transaction(async () => {
      await consume();
      if (foreign.id) await noteAnswered(ctx, client.client_id, foreign.id);
      await samlSessionsOf(ctx).put({ id, ...about });
    });
    return sendByPost(ctx, { parameter: 'SAMLResponse', message, to, relayState: foreign.relay_state, cookies });
  },
  async refuse(ctx, { client, foreign, redirect_uri: to, refusal }) {
    const saml = await requireSamlClient(ctx, client.client_id);
    const answer = { to, relayState: foreign.relay_state, inResponseTo: foreign.id };
    return sendRefusal(ctx, saml, answer, outcomeOf(refusal));
  },
};

/** What was refused because a page would have been needed (SAML core §3.2.2.2). */
const NEEDS_A_PAGE = ['login_required', 'interaction_required', 'consent_required'];

function outcomeOf({ error, error_description: message }: Refusal): Outcome {
  const subcode = NEEDS_A_PAGE.includes(error) ? STATUS.noPassive : STATUS.authnFailed;
  return { code: STATUS.responder, subcode, message };
}
