import { type Context, fail, oauthError, type WireError } from '../../../kernel/index.ts';
import { isSecondFactorRequired } from '../../../mfa/index.ts';
import { UpstreamTrouble } from '../../../platform/upstream/index.ts';
import type { StoredClient } from '../../../resources/clients/index.ts';
import {
  type Connection,
  federatedRules,
  findConnectionByName,
  isEnabledFor,
  isFederated,
} from '../../../resources/connections/index.ts';
import {
  type FederatedTokenset,
  findTokenset,
  noteTokensetUse,
  openTokenset,
} from '../../../resources/federated-tokensets/index.ts';
import { findRefreshToken, isRotating } from '../../../resources/refresh-tokens/index.ts';
import { identityKey, type User } from '../../../resources/users/index.ts';
import { freshTokenset } from '../../../strategies/index.ts';
import { GRANT, TOKEN_TYPE } from '../../vocabulary.ts';
import type { ForeignAnswer } from '../authorization.ts';
import { type GrantRequest, grant } from '../grant.ts';
import { GrantRefusal } from '../grant-refusal.ts';
import { requireUsable, requireUserOf, unknownRefreshToken } from '../refresh-rules.ts';
import { requireHeld } from '../sender-constraint.ts';
import { requireMember } from '../settle-organization.ts';
import { clientOf, requireSubject, verifyOwnAccessToken } from './own-access-token.ts';
import { type PrivilegedSubject, readPrivilegedSubject } from './token-vault/privileged-worker.ts';

const PARAMS = {
  subject_token: 'required',
  subject_token_type: 'required',
  requested_token_type: 'required',
  connection: 'required',
  login_hint: 'optional',
} as const;

/** Auth0's token vault: what an identity provider gave out for its APIs, for a token of the same user here. */
export const tokenVault = grant({
  type: GRANT.tokenVault,
  summary:
    'Token Vault: a refresh token, or an access token for the API that the client stands for, for the access token that an identity provider gave out.',
  rules: [
    'The connection keeps tokens in the vault (`federated_connections_access_tokens` or `connected_accounts`), and is enabled.',
    'An access token of the provider that has ended is renewed, once for all who ask.',
    'For a login to an organization as long as the user belongs to it.',
    'A client with `token_vault_privileged_access` names the user itself, in a JWT (`token-vault-req+jwt`), from its addresses, for its connections and scopes. It works once.',
    'Not for clients whose refresh tokens rotate. An access token needs a client of type `resource_server`.',
  ],
  tests: ['test/federated/token-vault.http.test.ts', 'test/federated/privileged-worker.http.test.ts'],
  params: PARAMS,
  log: { success: 'seta', failure: 'feta' },
  async handle(ctx, request): Promise<ForeignAnswer> {
    const { client, params } = request;
    requireRequestedType(params);
    const subject = await subjectOf(ctx, request);
    if (subject.organization !== undefined) await requireMember(ctx, subject.user, subject.organization);
    const connection = await requireVault(ctx, params.connection, [client.client_id, ...subject.clients]);
    const { worker } = subject;
    const known = await requireTokenset(ctx, subject.user, connection, params);
    worker?.requireCovered(known);
    const tokenset = await requireFresh(ctx, connection, known);
    // Providers may give other scopes with a renewal.
    worker?.requireCovered(tokenset);
    return {
      client,
      user: subject.user,
      connection: connection.name,
      ...(worker ? { details: { audit_context: worker.audit_context }, organization_id: worker.organization } : {}),
      body: bodyOf(ctx, tokenset, params.requested_token_type),
      async consume() {
        await worker?.consume();
        await noteTokensetUse(ctx, tokenset);
      },
    };
  },
});

type Request = GrantRequest<typeof PARAMS>;

interface Subject {
  readonly user: User;
  /** Clients besides the one that asks whose right to the connection counts: the one that the user logged in to. */
  readonly clients: readonly string[];
  /** ID of the organization that they logged in to, or that the request is made in. */
  readonly organization: string | undefined;
  /** Where the client itself says who it is. */
  readonly worker?: PrivilegedSubject;
}

/** Auth0: what a worker gets has a name of its own. */
function requireRequestedType({ subject_token_type, requested_token_type }: Request['params']): void {
  const isWorker = subject_token_type === TOKEN_TYPE.jwt;
  if (requested_token_type === (isWorker ? TOKEN_TYPE.vaultAccessToken : TOKEN_TYPE.federatedAccessToken)) return;
  throw oauthError(400, 'invalid_request', `Unsupported requested_token_type: ${requested_token_type}`);
}

async function subjectOf(ctx: Context, { client, params, scope, confirmation }: Request): Promise<Subject> {
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
  confirmation: Request['confirmation'],
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

async function requireVault(ctx: Context, name: string, clients: readonly string[]): Promise<Connection> {
  const connection = await findConnectionByName(ctx, name);
  if (!connection) throw oauthError(400, 'invalid_request', 'the connection was not found');
  if (!clients.some((id) => isEnabledFor(connection, id)))
    throw oauthError(400, 'invalid_request', 'the connection was disabled');
  if (!isFederated(connection) || !federatedRules(connection).vault)
    throw oauthError(400, 'invalid_request', 'Token Vault is not enabled for the provided connection');
  return connection;
}

/** Auth0: the identity of the user in this connection; `login_hint` is its id at the provider. */
async function requireTokenset(
  ctx: Context,
  user: User,
  connection: Connection,
  { login_hint }: { readonly login_hint?: string | undefined },
): Promise<FederatedTokenset> {
  for (const identity of user.identities.filter((one) => one.connection === connection.name)) {
    const id = identity.user_id.replace(`${connection.name}|`, '');
    const tokenset =
      login_hint === undefined || login_hint === id ? await findTokenset(ctx, identityKey(identity)) : undefined;
    if (tokenset?.user_id === user.user_id) return tokenset;
  }
  throw notFound(user);
}

async function requireFresh(
  ctx: Context,
  connection: Connection,
  tokenset: FederatedTokenset,
): Promise<FederatedTokenset> {
  try {
    const fresh = await freshTokenset(ctx, connection, tokenset);
    if (fresh) return fresh;
  } catch (error) {
    if (!(error instanceof UpstreamTrouble)) throw error;
    throw renewalFailed(tokenset, error);
  }
  throw notFound(tokenset);
}

const notFound = ({ user_id }: { readonly user_id: string }) =>
  new GrantRefusal(
    401,
    'federated_connection_refresh_token_not_found',
    'Federated connection Refresh Token not found.',
    { log: { user_id } },
  );

function renewalFailed({ user_id }: FederatedTokenset, { message, kind }: UpstreamTrouble): WireError {
  if (kind === 'unreachable') fail('temporarily_unavailable', {}, message);
  const code = 'federated_connection_refresh_token_flow_failed';
  const description = `Federated connection Refresh Token flow failed: ${message}`;
  return new GrantRefusal(401, code, description, { log: { user_id } });
}

function bodyOf(ctx: Context, tokenset: FederatedTokenset, issued_token_type: string): ForeignAnswer['body'] {
  const { scope, expires_at } = tokenset;
  return {
    access_token: openTokenset(ctx, tokenset).access_token,
    ...(scope === undefined ? {} : { scope }),
    ...(expires_at === undefined ? {} : { expires_in: Math.floor((expires_at - ctx.clock.now()) / 1000) }),
    issued_token_type,
    token_type: 'Bearer',
  };
}
