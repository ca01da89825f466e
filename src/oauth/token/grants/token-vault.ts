import { type Context, fail, oauthError, type WireError } from '../../../kernel/index.ts';
import { UpstreamTrouble } from '../../../platform/upstream/index.ts';
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
import { identityKey, type User } from '../../../resources/users/index.ts';
import { freshTokenset } from '../../../strategies/index.ts';
import { GRANT, splitScope, TOKEN_TYPE } from '../../vocabulary.ts';
import type { ForeignAnswer } from '../authorization.ts';
import { grant } from '../grant.ts';
import { GrantRefusal } from '../grant-refusal.ts';
import { requireMember } from '../settle-organization.ts';
import { subjectOf, VAULT_PARAMS, type VaultRequest } from './token-vault/subject.ts';

/** Auth0's token vault: what an identity provider gave out for its APIs, for a token of the same user here. */
export const tokenVault = grant({
  type: GRANT.tokenVault,
  summary:
    'Token Vault: a refresh token, or an access token for the API that the client stands for, for the access token that an identity provider gave out.',
  rules: [
    'The connection keeps tokens in the vault (`federated_connections_access_tokens` or `connected_accounts`), and is enabled.',
    'An access token of the provider that has ended is renewed, once for all who ask.',
    'A `scope` that the provider did not grant is refused; the token is good for all that it granted.',
    'For a login to an organization as long as the user belongs to it.',
    'A client with `token_vault_privileged_access` names the user itself, in a JWT (`token-vault-req+jwt`), from its addresses, for its connections and scopes. It works once.',
    'Not for clients whose refresh tokens rotate. An access token needs a client of type `resource_server`.',
  ],
  tests: ['test/federated/token-vault.http.test.ts', 'test/federated/privileged-worker.http.test.ts'],
  params: VAULT_PARAMS,
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
    if (!worker) requireGranted(tokenset, request.scope);
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

/** Auth0: what a worker gets has a name of its own. */
function requireRequestedType({ subject_token_type, requested_token_type }: VaultRequest['params']): void {
  const isWorker = subject_token_type === TOKEN_TYPE.jwt;
  if (requested_token_type === (isWorker ? TOKEN_TYPE.vaultAccessToken : TOKEN_TYPE.federatedAccessToken)) return;
  throw oauthError(400, 'invalid_request', `Unsupported requested_token_type: ${requested_token_type}`);
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

/**
 * What the provider gave out cannot be widened here, and the application must learn of it now, not at the provider's API. RFC 8693 §2.2.2.
 * What a provider did not say is left to it.
 */
function requireGranted({ scope }: FederatedTokenset, asked: readonly string[] = []): void {
  const granted = scope === undefined ? asked : splitScope(scope);
  const missing = asked.filter((one) => !granted.includes(one));
  if (missing.length > 0)
    throw oauthError(400, 'invalid_scope', `The connection was not granted the scopes: ${missing.join(' ')}`);
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
