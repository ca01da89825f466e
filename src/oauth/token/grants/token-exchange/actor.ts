import { type Context, oauthError } from '../../../../kernel/index.ts';
import { type JwtMembers, JwtRefused } from '../../../../platform/crypto/index.ts';
import type { StoredClient } from '../../../../resources/clients/index.ts';
import { findTokenExchangeProfile, isReservedTokenType } from '../../../../resources/token-exchange-profiles/index.ts';
import { findUser, type User } from '../../../../resources/users/index.ts';
import { verifyIdToken } from '../../../id-token.ts';
import { TOKEN_TYPE } from '../../../vocabulary.ts';
import { countWrongToken } from '../../wrong-tokens.ts';
import { type CheckedToken, checkForeignToken, invalidToken } from './subject-token.ts';
import { userOfToken } from './user-of-token.ts';

export interface ActorTokens {
  readonly actor_token: string | undefined;
  readonly actor_token_type: string | undefined;
}

/** Who acts for the user: RFC 8693 §4.1. */
export interface Actor {
  readonly act: Readonly<Record<string, unknown>>;
  readonly consume: () => Promise<void>;
}

/** Throws WireError 400 when one of the two parameters is there and the other is not (RFC 8693 §2.1). */
export function requireActorPair({ actor_token, actor_token_type }: ActorTokens): void {
  if ((actor_token === undefined) === (actor_token_type === undefined)) return;
  throw oauthError(400, 'invalid_request', 'actor_token and actor_token_type must be sent together');
}

/**
 * The actor that the request names, if any. An ID token of ours must be one that `client` itself was given; any other token is checked by
 * the profile of its type. The issuer of the subject token decides who may act: its `may_act` (RFC 8693 §4.4) must name the actor.
 *
 * @throws WireError 400 invalid_request for a token that is no good, 403 access_denied for somebody who may not act
 */
export async function readActor(
  ctx: Context,
  client: StoredClient,
  { actor_token: token, actor_token_type: type }: ActorTokens,
  subject: CheckedToken,
  ip: string,
): Promise<Actor | undefined> {
  if (token === undefined || type === undefined) return undefined;
  const known =
    type === TOKEN_TYPE.idToken
      ? { user: await userOfIdToken(ctx, client, token, ip), consume: async () => {} }
      : await userOfForeignToken(ctx, client, token, type, ip);
  if (!mayAct(ctx, subject.claims, known.user)) {
    throw oauthError(403, 'access_denied', 'The actor may not act for this user');
  }
  return { act: { sub: known.user.user_id }, consume: known.consume };
}

async function userOfIdToken(ctx: Context, client: StoredClient, token: string, ip: string): Promise<User> {
  try {
    const { sub, act } = await verifyIdToken(ctx, token, client, ctx.clock.now());
    if (act !== undefined) throw new JwtRefused('malformed', 'somebody else acts for its user');
    const user = typeof sub === 'string' ? await findUser(ctx, sub) : undefined;
    if (user && !user.blocked) return user;
    throw new JwtRefused('malformed', 'its user is gone or blocked');
  } catch (error) {
    if (!(error instanceof JwtRefused)) throw error;
    await countWrongToken(ctx, 'pre-custom-token-exchange', ip);
    throw invalidToken('actor_token', error.message);
  }
}

async function userOfForeignToken(ctx: Context, client: StoredClient, token: string, type: string, ip: string) {
  const profile = isReservedTokenType(type) ? undefined : await findTokenExchangeProfile(ctx, type);
  if (!profile) throw oauthError(400, 'invalid_request', 'Invalid actor_token_type');
  const checked = await checkForeignToken(ctx, profile, token, { ip, name: 'actor_token' });
  // Somebody who acts for others must be known before: nobody is made known for it.
  const verifier = { ...profile.subject_token_verifier, creation_behavior: 'none' } as const;
  const { user } = await userOfToken(ctx, client, verifier, checked);
  return { user, consume: checked.consume };
}

function mayAct(ctx: Context, { may_act }: JwtMembers, actor: User): boolean {
  if (typeof may_act !== 'object' || may_act === null) return false;
  const { sub, iss } = may_act as { sub?: unknown; iss?: unknown };
  return sub === actor.user_id && (iss === undefined || iss === ctx.issuer || iss === ctx.canonicalIssuer);
}
