import { type Context, oauthError } from '../../../../kernel/index.ts';
import { isSecondFactorRequired } from '../../../../mfa/index.ts';
import type { StoredClient } from '../../../../resources/clients/index.ts';
import { findRefreshToken, isRotating } from '../../../../resources/refresh-tokens/index.ts';
import type { User } from '../../../../resources/users/index.ts';
import { TOKEN_TYPE } from '../../../vocabulary.ts';
import type { GrantRequest } from '../../grant.ts';
import { requireUsable, requireUserOf, unknownRefreshToken } from '../../refresh-rules.ts';
import { requireHeld } from '../../sender-constraint.ts';
import { clientOf, requireSubject, verifyOwnAccessToken } from '../own-access-token.ts';
import { type PrivilegedSubject, readPrivilegedSubject } from './privileged-worker.ts';

export const VAULT_PARAMS = {
  subject_token: 'required',
  subject_token_type: 'required',
  requested_token_type: 'required',
  connection: 'required',
  login_hint: 'optional',
} as const;

export type VaultRequest = GrantRequest<typeof VAULT_PARAMS>;

/** Whose tokens are asked for, and who says so. */
export interface Subject {
  readonly user: User;
  /** Clients besides the one that asks whose right to the connection counts: the one that the user logged in to. */
  readonly clients: readonly string[];
  /** ID of the organization that they logged in to, or that the request is made in. */
  readonly organization: string | undefined;
  /** Where the client itself says who it is. */
  readonly worker?: PrivilegedSubject;
}

/** The user behind the subject token. Throws the refusals of its kind. */
export async function subjectOf(ctx: Context, { client, params, scope, confirmation }: VaultRequest): Promise<Subject> {
  const { subject_token, subject_token_type } = params;
  if (subject_token_type === TOKEN_TYPE.refreshToken) {
    const { user, organization } = await userOfRefreshToken(ctx, client, subject_token, confirmation);
    return { user, clients: [], organization };
  }
  if (subject_token_type === TOKEN_TYPE.jwt) {
    const worker = await readPrivilegedSubject(ctx, client, { ...params, scope });
    return { user: worker.user, clients: [], organization: worker.organization, worker };
  }
  if (subject_token_type !== TOKEN_TYPE.accessToken)
    throw oauthError(400, 'invalid_request', `Unsupported subject_token_type: ${subject_token_type}`);
  if (client.app_type !== 'resource_server' || client.resource_server_identifier === undefined)
    throw oauthError(403, 'unauthorized_client', 'Only a client that stands for an API can exchange access tokens.');
  const claims = await verifyOwnAccessToken(ctx, client, subject_token);
  const issuedTo = clientOf(claims);
  const clients = issuedTo === undefined ? [] : [issuedTo];
  const organization = typeof claims.org_id === 'string' ? claims.org_id : undefined;
  return { user: await requireSubject(ctx, claims), clients, organization };
}

/** Auth0: not together with rotation. The token is looked at and not used up; what a login must prove, it must prove here too. */
async function userOfRefreshToken(
  ctx: Context,
  client: StoredClient,
  value: string,
  confirmation: VaultRequest['confirmation'],
): Promise<Pick<Subject, 'user' | 'organization'>> {
  if (isRotating(client))
    throw oauthError(400, 'invalid_request', 'Token Vault cannot be used with refresh token rotation.');
  const token = await requireUsable(ctx, client, await findRefreshToken(ctx, value));
  if (token.device !== undefined) throw unknownRefreshToken('the refresh token is for /delegation', token);
  requireHeld(token, confirmation);
  const user = await requireUserOf(ctx, token);
  if (await isSecondFactorRequired(ctx, { user, client, methods: token.methods ?? [] }))
    throw oauthError(
      403,
      'access_denied',
      'Token Vault cannot be used before the second factor that the policy asks for.',
    );
  return { user, organization: token.organization?.id };
}
