import { type Context, type Reply, redirect } from '../../kernel/index.ts';
import { requireRelyingParty } from './relying-party.ts';
import type { SignInParameters } from './sign-in.ts';

/**
 * Ends the browser's session as every logout does: `wreply` is where it leads, if it is among the client's `allowed_logout_urls`. What else
 * is to be told of the end, and of what kind the refusal is, is `/v2/logout`'s.
 *
 * @throws WireError (page, 400) for an unknown client or a realm that is not its own
 */
export async function signOut(ctx: Context, parameters: SignInParameters): Promise<Reply> {
  const { client_id, wtrealm, wreply } = parameters;
  const query = new URLSearchParams();
  if (client_id || wtrealm) {
    const { client } = await requireRelyingParty(ctx, client_id || undefined, wtrealm || undefined);
    query.set('client_id', client.client_id);
  }
  if (wreply) query.set('returnTo', wreply);
  const text = query.toString();
  return redirect(`${ctx.issuer}v2/logout${text ? `?${text}` : ''}`);
}
