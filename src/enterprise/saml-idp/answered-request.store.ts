import { type Context, collection, isFailure, oauthError } from '../../kernel/index.ts';
import { hashToken } from '../../platform/crypto/index.ts';
import { OLDEST } from './authn-request.ts';

/** A request that was answered with an assertion. Kept until it would be too old anyway, so that it works once. */
interface AnsweredRequest {
  /** SHA-256 of client and ID. */
  readonly id: string;
  /** ms */
  readonly expires_at: number;
}

export const answeredRequestsCollection = collection<AnsweredRequest>({
  name: 'answered_saml_requests',
  key: 'id',
  expires: 'expires_at',
});

const keyOf = (clientId: string, requestId: string) => hashToken(`${clientId} ${requestId}`);

const replayed = () => oauthError(400, 'invalid_request', 'The SAML Request was answered before');

/** WireError (page, 400) when this request was answered before. Uses nothing up. */
export async function requireUnanswered(ctx: Context, clientId: string, requestId: string): Promise<void> {
  if (await ctx.store.collection(answeredRequestsCollection).get(keyOf(clientId, requestId))) throw replayed();
}

/** Notes that a request is answered: of all that try, one may. WireError as above for the others. */
export async function noteAnswered(ctx: Context, clientId: string, requestId: string): Promise<void> {
  const expires_at = ctx.clock.now() + 2 * OLDEST;
  try {
    await ctx.store.collection(answeredRequestsCollection).insert({ id: keyOf(clientId, requestId), expires_at });
  } catch (error) {
    throw isFailure(error, 'duplicate') ? replayed() : error;
  }
}
