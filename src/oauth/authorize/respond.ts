import { type Context, oauthError, type Reply, type SetCookie, type WireError } from '../../kernel/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import type { AuthorizationRequest, Refusal } from '../../transactions/index.ts';
import { type Answer, deliver, isResponseMode } from './response-modes.ts';

/** Where an answer goes and how. */
export type Recipient = Pick<AuthorizationRequest, 'redirect_uri' | 'ui_locales' | 'state' | 'prompt'> & {
  readonly response_mode: string;
};

/** Tells the application that it gets a code. */
export function answerWithCode(
  ctx: Context,
  to: Recipient,
  code: string,
  cookies: readonly SetCookie[],
): Promise<Reply> {
  return answer(ctx, to, { code }, cookies);
}

/**
 * Tells the application that it gets none, and why. Clients whose `redirection_policy` is `open_redirect_protection` are not
 * redirected to (RFC 9700 §4.11): the person reads it on a page.
 *
 * @throws WireError for the page
 */
export function answerWithRefusal(
  ctx: Context,
  { client, to, cookies = [] }: { client: StoredClient; to: Recipient; cookies?: readonly SetCookie[] },
  { error, error_description }: Refusal,
): Promise<Reply> {
  if (client.redirection_policy === 'open_redirect_protection')
    throw oauthError(403, error, error_description, { extra: { client_id: client.client_id } });
  return answer(ctx, to, { error, error_description: printable(error_description) }, cookies);
}

/** What of a WireError of the OAuth dialect the application is told. */
export function refusalOf(error: WireError): Refusal {
  return { error: String(error.body.error), error_description: String(error.body.error_description ?? '') };
}

function answer(ctx: Context, to: Recipient, parameters: Answer, cookies: readonly SetCookie[]): Promise<Reply> {
  const mode = isResponseMode(to.response_mode) ? to.response_mode : 'query';
  return deliver(ctx, mode, to, to.state === undefined ? parameters : { ...parameters, state: to.state }, cookies);
}

/** RFC 6749 §4.1.2.1 allows printable ASCII only; what was asked for may be quoted in the text. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}
