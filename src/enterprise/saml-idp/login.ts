import type { Context, Reply } from '../../kernel/index.ts';
import type { BeginLogin, Cookies } from '../../transactions/index.ts';
import { answerAddress } from '../answer-address.ts';
import { requireUnanswered } from './answered-request.store.ts';
import { type AuthnRequest, readAuthnRequest } from './authn-request.ts';
import { type Brought, readMessage } from './incoming.ts';
import { recordingRefusal } from './recording-refusal.ts';
import { BINDING, STATUS } from './saml.ts';
import { requireSamlClient, type SamlClient } from './saml-client.ts';
import { sendRefusal } from './send-response.ts';

/** What `/samlp/{client_id}` takes beside the message. */
export interface LoginParameters extends Brought {
  readonly connection?: string | undefined;
  readonly organization?: string | undefined;
  readonly login_hint?: string | undefined;
}

/**
 * A login that an application asks for by SAML; without a message, one that begins here and that it did not ask for. What is wrong
 * goes to a page until it is known where the application takes its answers, and there from then on.
 */
export async function logInBySaml(
  ctx: Context,
  clientId: string,
  parameters: LoginParameters,
  cookies: Cookies,
  beginLogin: BeginLogin,
): Promise<Reply> {
  const saml = await requireSamlClient(ctx, clientId);
  const { request, to } = await recordingRefusal(ctx, saml, 'f', () => readRequest(ctx, saml, parameters));
  const problem = request && problemOf(request);
  const answer = { to, relayState: parameters.RelayState, inResponseTo: request?.id };
  if (problem) return sendRefusal(ctx, saml, answer, problem);
  const wish = {
    client: saml.client,
    redirect_uri: to,
    prompt: request?.isPassive ? ['none'] : request?.forceAuthn ? ['login'] : [],
    foreign: {
      protocol: 'samlp' as const,
      id: request?.id,
      issuer: request?.issuer,
      relay_state: parameters.RelayState,
      contexts: request?.contexts,
    },
    connection: parameters.connection || undefined,
    organization: parameters.organization || undefined,
    login_hint: parameters.login_hint || request?.subject,
  };
  return beginLogin(ctx, wish, cookies);
}

/** What is asked for, if anything is, and where the answer goes. */
async function readRequest(
  ctx: Context,
  saml: SamlClient,
  brought: Brought,
): Promise<{ readonly request: AuthnRequest | undefined; readonly to: string }> {
  if (!brought.SAMLRequest) return { request: undefined, to: answerAddress(saml.client, undefined) };
  const request = readAuthnRequest(ctx, saml, await readMessage(saml, 'AuthnRequest', brought));
  await requireUnanswered(ctx, saml.client.client_id, request.id);
  return { request, to: answerAddress(saml.client, request.acs) };
}

/** What SAML has a status of its own for. `ForceAuthn` cannot be had without a page (SAML core §3.4.1). */
function problemOf({ isPassive, forceAuthn, nameIdFormat, binding }: AuthnRequest) {
  if (isPassive && forceAuthn) return { code: STATUS.responder, subcode: STATUS.noPassive, message: 'Login required' };
  if (nameIdFormat === 'urn:oasis:names:tc:SAML:2.0:nameid-format:encrypted')
    return { code: STATUS.requester, subcode: STATUS.invalidNameIdPolicy, message: 'Names are not encrypted' };
  if (binding && binding !== BINDING.post)
    return { code: STATUS.requester, message: 'Responses are sent by HTTP-POST only' };
  return undefined;
}
