import type { Context } from '../../../kernel/index.ts';
import { hashToken, randomToken } from '../../../platform/crypto/index.ts';
import type { Session } from '../../../resources/sessions/index.ts';
import type { AuthorizationCode } from '../../authorization-code.store.ts';
import { CODE_LIFETIME, complianceOf } from '../../compliance.ts';
import type { Login } from '../login.ts';
import { loginTime } from '../login-time.ts';

/** A code for what `login` leads to, and what is to be stored of it. */
export function draftCode(ctx: Context, login: Login, session: Session): { code: string; row: AuthorizationCode } {
  const code = randomToken(ctx.random);
  return { code, row: describe(ctx, login, session, code) };
}

function describe(ctx: Context, login: Login, session: Session, code: string): AuthorizationCode {
  const { transaction, scope, client, organization, target } = login;
  const { request } = transaction;
  const { audience, nonce, code_challenge, code_challenge_method, authorization_details, dpop_jkt, acr } = request;
  const device = target.legacy && request.device;
  const created_at = ctx.clock.now();
  return {
    id: hashToken(code),
    client_id: request.client_id,
    redirect_uri: request.redirect_uri,
    redirect_uri_given: request.redirect_uri_given,
    user_id: session.user_id,
    scope,
    requested_scope: request.scope,
    ...(audience === undefined ? {} : { audience }),
    ...(nonce === undefined ? {} : { nonce }),
    ...(code_challenge === undefined ? {} : { code_challenge }),
    ...(code_challenge_method === undefined ? {} : { code_challenge_method }),
    ...(authorization_details ? { authorization_details } : {}),
    ...(dpop_jkt === undefined ? {} : { dpop_jkt }),
    ...(acr === undefined ? {} : { acr }),
    ...(session.connection === undefined ? {} : { connection: session.connection }),
    ...(organization.organization ? { organization_id: organization.organization.id } : {}),
    ...(device === undefined ? {} : { device }),
    session_id: session.id,
    ...(session.actor ? { actor: session.actor } : {}),
    ...(session.transferred_from === undefined ? {} : { transferred_from: session.transferred_from }),
    ...loginTime(request, session),
    methods: transaction.methods,
    created_at,
    expires_at: created_at + (complianceOf(client)?.codeLifetime ?? CODE_LIFETIME),
  };
}
