import { type Context, oauthError, type Reply, type SetCookie, type WireError } from '../../kernel/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import { tenantSettings } from '../../resources/tenant-settings/index.ts';
import type { AuthorizationRequest, Refusal } from '../../transactions/index.ts';
import { complianceOf } from '../compliance.ts';
import { standardCode } from '../standard-error.ts';
import { type Answer, deliver } from './response-modes.ts';

/** Where an answer goes and how. */
export type Recipient = Pick<
  AuthorizationRequest,
  'redirect_uri' | 'ui_locales' | 'state' | 'prompt' | 'response_mode'
>;

interface Addressed {
  readonly client: StoredClient;
  readonly to: Recipient;
  readonly cookies?: readonly SetCookie[];
}

/** Hands the application what its request ended in. `state` goes along, and `iss` where it is wanted (RFC 9207). */
export async function answerApplication(
  ctx: Context,
  { client, to, cookies = [] }: Addressed,
  parameters: Answer,
): Promise<Reply> {
  const answer = {
    ...parameters,
    ...(to.state === undefined ? {} : { state: to.state }),
    ...((await isIssuerNamed(ctx, client)) ? { iss: ctx.issuer } : {}),
  };
  return deliver(ctx, to.response_mode, { ...to, client }, answer, cookies);
}

async function isIssuerNamed(ctx: Context, client: StoredClient): Promise<boolean> {
  const { authorization_response_iss_parameter_supported: isOn } = await tenantSettings(ctx);
  return isOn === true || complianceOf(client)?.issInResponse === true;
}

/**
 * Tells the application that it gets nothing, and why. Clients whose `redirection_policy` is `open_redirect_protection` are not
 * redirected to (RFC 9700 §4.11): the person reads it on a page. A message to a window redirects nobody.
 *
 * @throws WireError for the page
 */
export function answerWithRefusal(
  ctx: Context,
  addressed: Addressed,
  { error: refused, error_description }: Refusal,
): Promise<Reply> {
  const { client, to } = addressed;
  const error = standardCode(client, refused);
  if (client.redirection_policy === 'open_redirect_protection' && to.response_mode !== 'web_message')
    throw oauthError(403, error, error_description, { extra: { client_id: client.client_id } });
  return answerApplication(ctx, addressed, { error, error_description: printable(error_description) });
}

/** What of a WireError of the OAuth dialect the application is told. */
export function refusalOf(error: WireError): Refusal {
  return { error: String(error.body.error), error_description: String(error.body.error_description ?? '') };
}

/** RFC 6749 §4.1.2.1 allows printable ASCII only; what was asked for may be quoted in the text. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}
