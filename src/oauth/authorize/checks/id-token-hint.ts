import { type Context, oauthError } from '../../../kernel/index.ts';
import { readIdTokenHint } from '../../id-token-hint.ts';
import type { Asked } from '../request/request.ts';

/** `id_token_hint` is an ID token that this client was once given. */
export async function checkIdTokenHint(ctx: Context, asked: Asked): Promise<void> {
  await hintedSubject(ctx, asked);
}

/** The user whom `id_token_hint` names, if it is there. WireError 400 invalid_request when it is not the client's or not ours. */
export async function hintedSubject(ctx: Context, { client, parameters }: Asked): Promise<string | undefined> {
  if (parameters.id_token_hint === undefined) return undefined;
  const hint = await readIdTokenHint(ctx, parameters.id_token_hint);
  if (hint.client.client_id !== client.client_id) throw oauthError(400, 'invalid_request', 'Invalid id_token_hint');
  return hint.subject;
}
