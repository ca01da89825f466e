import type { Confirmation, Context } from '../../../kernel/index.ts';
import { hashToken } from '../../../platform/crypto/index.ts';
import type { StoredClient } from '../../../resources/clients/index.ts';
import { isHeldBy } from '../../../resources/proof-of-possession/index.ts';
import { revokeRefreshTokenFamily } from '../../../resources/refresh-tokens/index.ts';
import { type Session, sessionsOf } from '../../../resources/sessions/index.ts';
import { findUser, type User } from '../../../resources/users/index.ts';
import { mayStillAct, targetOfActor } from '../../acting.ts';
import { type AuthorizationCode, authorizationCodesOf } from '../../authorization-code.store.ts';
import { resolveLogin } from '../../legacy-login.ts';
import { GRANT } from '../../vocabulary.ts';
import type { Produced } from '../authorization.ts';
import { grant } from '../grant.ts';
import { type GrantRefusal, invalidGrant, userIsBlocked } from '../grant-refusal.ts';
import { settleOnlineAccess } from '../online-refresh.ts';
import { requireVerifier } from './pkce.ts';

/** RFC 6749 §4.1.3: what a login ended in is exchanged for tokens, once. */
export const authorizationCode = grant({
  type: GRANT.authorizationCode,
  summary: 'RFC 6749 §4.1.3: the code that a login ended in, for tokens.',
  rules: [
    'A code works once, for ten minutes, for its own client; a second use revokes what the first one gave.',
    'PKCE where the login was begun with it, and only there.',
    '`redirect_uri` exactly as the login had it, when it had one.',
    'Of a login of before OpenID Connect a refresh token comes where it named a `device`, and is for `/delegation`.',
    'The key of `dpop_jkt`, where the login was begun with one.',
  ],
  tests: ['src/oauth/token/grants/authorization-code.http.test.ts', 'src/oauth/authorize/login.http.test.ts'],
  params: { code: 'required', redirect_uri: 'optional', code_verifier: 'optional' },
  log: { success: 'seacft', failure: 'feacft' },
  async handle(ctx, { client, params, confirmation }) {
    const code = await requireCode(ctx, client, params.code);
    requireRedirectUri(code, params.redirect_uri);
    requireVerifier(code, params.code_verifier);
    requireKey(code, confirmation);
    const user = await requireUser(ctx, code);
    const session = await findSessionOf(ctx, code);
    // What was handed over ends with its session, and that ends with what it was handed over from.
    if ((code.transferred_from !== undefined || code.actor) && !session)
      throw invalidCode('the session was ended since', code);
    if (code.actor && !(await mayStillAct(ctx, code.actor))) throw invalidCode('who acted is gone or blocked', code);
    const target = targetOfActor(await resolveLogin(ctx, client, code.audience), code.actor);
    return {
      client,
      user,
      target,
      flow: 'authorization_code',
      requested: settleOnlineAccess(ctx, { client, target, scope: code.scope, session, confirmation }),
      session_id: code.session_id,
      ...(code.actor ? { actor: code.actor, success: 'sdeleacft' as const } : {}),
      ...(code.transferred_from === undefined ? {} : { transferred_from: code.transferred_from }),
      auth_time: code.auth_time,
      auth_time_requested: code.auth_time_requested,
      methods: code.methods,
      ...(code.connection === undefined ? {} : { connection: code.connection }),
      ...(code.device === undefined ? {} : { device: code.device }),
      ...(session ? { session_methods: session.methods } : {}),
      ...(code.nonce === undefined ? {} : { nonce: code.nonce }),
      ...(code.acr === undefined ? {} : { acr: code.acr }),
      ...(code.organization_id === undefined ? {} : { organization: { id: code.organization_id } }),
      ...(code.authorization_details ? { authorization_details: code.authorization_details } : {}),
      consume: (produced) => redeem(ctx, code.id, produced),
    };
  },
});

function invalidCode(detail: string, code?: AuthorizationCode): GrantRefusal {
  return invalidGrant('Invalid authorization code', { detail, ...(code ? { log: logOf(code) } : {}) });
}

const logOf = ({ user_id, actor }: AuthorizationCode) => ({
  user_id,
  ...(actor ? { type: 'fdeleacft' as const, details: { actor } } : {}),
});

/** RFC 6749 §4.1.2: what the first use of a code produced is revoked when the code comes again. */
function reusedCode(ctx: Context, code: AuthorizationCode): GrantRefusal {
  const { family_id: familyId, user_id } = code;
  return invalidGrant('Invalid authorization code', {
    detail: 'authorization code reused',
    log: { user_id },
    ...(familyId === undefined ? {} : { consequence: () => revokeRefreshTokenFamily(ctx, familyId) }),
  });
}

async function requireCode(ctx: Context, client: StoredClient, value: string): Promise<AuthorizationCode> {
  const code = await authorizationCodesOf(ctx).get(hashToken(value));
  if (!code) throw invalidCode('no such code');
  if (code.client_id !== client.client_id) throw invalidCode('the code is of another client', code);
  if (code.redeemed_at !== undefined) throw reusedCode(ctx, code);
  if (code.expires_at <= ctx.clock.now()) throw invalidCode('the code has expired', code);
  return code;
}

function requireRedirectUri(code: AuthorizationCode, sent: string | undefined): void {
  const isRight = sent === undefined ? !code.redirect_uri_given : sent === code.redirect_uri;
  if (isRight) return;
  throw invalidGrant(`The redirect URI is wrong. You sent ${sent ?? null}, and we expected ${code.redirect_uri}`, {
    log: logOf(code),
  });
}

/** RFC 9449 §10: a code that was asked for with `dpop_jkt` is worth nothing without that key. */
function requireKey({ dpop_jkt: jkt, user_id }: AuthorizationCode, proof: Confirmation | undefined): void {
  if (jkt === undefined || isHeldBy({ jkt }, proof)) return;
  throw invalidGrant('DPoP proof key thumbprint does not match dpop_jkt', { log: { user_id } });
}

async function requireUser(ctx: Context, code: AuthorizationCode): Promise<User> {
  const user = await findUser(ctx, code.user_id);
  if (!user) throw invalidCode('the user is gone', code);
  if (user.blocked) throw userIsBlocked(user.user_id);
  if (isOutdated(code, user)) throw invalidCode('the password was changed since', code);
  return user;
}

/** A new password ends what was begun with the old one: a code that is in the wrong hands must not outlive it as a refresh token. */
function isOutdated({ created_at }: AuthorizationCode, { last_password_reset }: User): boolean {
  return last_password_reset !== undefined && created_at < Date.parse(last_password_reset);
}

/** The session that the login ended in, unless it went or became somebody else's. */
async function findSessionOf(ctx: Context, { session_id, user_id }: AuthorizationCode): Promise<Session | undefined> {
  const session = await sessionsOf(ctx).get(session_id);
  return session?.user_id === user_id ? session : undefined;
}

async function redeem(ctx: Context, id: string, produced: Produced): Promise<void> {
  const now = ctx.clock.now();
  const redeemed = await authorizationCodesOf(ctx).update(id, (code) => {
    if (code.redeemed_at !== undefined) throw reusedCode(ctx, code);
    return { ...code, ...produced, redeemed_at: now };
  });
  if (!redeemed) throw invalidCode('the code was swept away meanwhile');
}
