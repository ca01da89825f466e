import { type Context, isFailure, oauthError, readAddressList, type WireError } from '../../../../kernel/index.ts';
import { decodeJwt, hashToken, type JwtMembers } from '../../../../platform/crypto/index.ts';
import type { StoredClient } from '../../../../resources/clients/index.ts';
import type { FederatedTokenset } from '../../../../resources/federated-tokensets/index.ts';
import type { User } from '../../../../resources/users/index.ts';
import { CLIENT_SKEW_S, isSignedWithKeyOf } from '../../../client-keys.ts';
import { splitScope } from '../../../vocabulary.ts';
import { usedAssertionsCollection } from '../../client-authentication/used-assertion.store.ts';
import { requireSubject } from '../own-access-token.ts';

const TYPE = 'token-vault-req+jwt';
const LONGEST_TOKEN = 4096;
/** Seconds. Auth0: older ones are refused whatever their `exp`. */
const LONGEST_AGE = 60;
const LONGEST_ID = 64;
const LONGEST_REASON = 256;

/** What a worker asks for, without a user who is there. */
export interface WorkerRequest {
  readonly subject_token: string;
  readonly connection: string;
  /** Words of `scope`; undefined when there was none. */
  readonly scope: readonly string[] | undefined;
}

/** A user whose tokens a worker may have, as far as they go no further than it may. */
export interface PrivilegedSubject {
  readonly user: User;
  /** Throws WireError 403 when the token is good for more than what was asked for and may be had. */
  readonly requireCovered: (tokenset: FederatedTokenset) => void;
  /** Uses the request up. Throws WireError 401 when somebody was faster. */
  readonly consume: () => Promise<void>;
  /** Why, for the log. */
  readonly audit_context: string;
  /** ID of the organization that the request is made in. */
  readonly organization: string | undefined;
}

/**
 * Auth0's privileged worker: a first-party client names the user itself, in a JWT that it signed with a key for this purpose, from an
 * address and for a connection that it was pinned to. Nobody logs in and no factor is asked for: whoever may do this was told so.
 *
 * @throws WireError 403 when the client may not, 401 when the token is not what it should be
 */
export async function readPrivilegedSubject(
  ctx: Context,
  client: StoredClient,
  request: WorkerRequest,
): Promise<PrivilegedSubject> {
  const { credentials, scopes } = requirePrivilege(ctx, client, request);
  const claims = requireClaims(ctx, client, request.subject_token);
  if (!(await isSignedWithKeyOf(ctx, client, request.subject_token, { credentials })))
    throw invalidToken('the signature cannot be verified');
  const user = await requireSubject(ctx, claims.payload);
  return {
    user,
    organization: claims.organization,
    audit_context: claims.audit_context,
    requireCovered: (tokenset) => requireCovered(tokenset, scopes),
    consume: () => spend(ctx, client, claims),
  };
}

/** What the client was given, if it may ask from here and for this. */
function requirePrivilege(ctx: Context, client: StoredClient, { connection, scope }: WorkerRequest) {
  const { credentials = [], ip_allowlist = [], grants = [] } = client.token_vault_privileged_access ?? {};
  if (credentials.length === 0 || client.is_first_party === false || !client.oidc_conformant)
    throw forbidden('The client has no privileged access to the Token Vault.');
  if (!readAddressList(ip_allowlist)(ctx.caller.ip))
    throw forbidden('The client may not use its privileged access from this address.');
  const given = grants.filter((grant) => grant.connection === connection).flatMap((grant) => grant.scopes ?? []);
  const scopes = scope === undefined ? given : scope.filter((one) => given.includes(one));
  if (scopes.length === 0) throw forbidden('The client has no privileged access to the connection or its scopes.');
  return { credentials, scopes };
}

interface Claims {
  readonly payload: JwtMembers;
  readonly jti: string;
  readonly iat: number;
  readonly audit_context: string;
  readonly organization: string | undefined;
}

function requireClaims(ctx: Context, { client_id }: StoredClient, token: string): Claims {
  const decoded = token.length > LONGEST_TOKEN ? undefined : decodeJwt(token);
  if (!decoded) throw invalidToken('not a JWT');
  const { header, payload } = decoded;
  const { iss, aud, jti, audit_context, org_id: organization } = payload;
  if (header.typ !== TYPE) throw invalidToken(`typ must be ${TYPE}`);
  if (iss !== client_id) throw invalidToken('iss must be the client_id');
  if (aud !== ctx.issuer && aud !== ctx.canonicalIssuer) throw invalidToken(`aud must be ${ctx.issuer}`);
  if (!isText(jti, LONGEST_ID)) throw invalidToken(`jti must be a text of at most ${LONGEST_ID} characters`);
  if (!isText(audit_context, LONGEST_REASON))
    throw invalidToken(`audit_context must be a text of at most ${LONGEST_REASON} characters`);
  if (organization !== undefined && !isText(organization, LONGEST_ID))
    throw invalidToken('org_id must be the id of an organization');
  return { payload, jti, audit_context, organization, iat: requireTimes(ctx, payload) };
}

function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value !== '' && value.length <= longest;
}

/** When it was made, in seconds. */
function requireTimes(ctx: Context, { iat, exp, nbf }: JwtMembers): number {
  const now = ctx.clock.now() / 1000;
  if (typeof iat !== 'number' || iat - CLIENT_SKEW_S > now)
    throw invalidToken('iat must be a time that is not to come');
  if (now - iat > LONGEST_AGE) throw invalidToken(`it is older than ${LONGEST_AGE} seconds`);
  if (exp !== undefined && (typeof exp !== 'number' || exp + CLIENT_SKEW_S <= now))
    throw invalidToken('it has expired');
  if (nbf !== undefined && (typeof nbf !== 'number' || nbf - CLIENT_SKEW_S > now)) throw invalidToken('nbf is to come');
  return iat;
}

/** Auth0: rather nothing than more than was asked for. What a token is good for is what its provider said; one that said nothing might be good for all. */
function requireCovered({ scope }: FederatedTokenset, scopes: readonly string[]): void {
  const isCovered = scope !== undefined && splitScope(scope).every((one) => scopes.includes(one));
  if (!isCovered) throw forbidden('The token of the connection cannot be restricted to the scopes that may be had.');
}

async function spend(ctx: Context, { client_id }: StoredClient, { jti, iat }: Claims): Promise<void> {
  const id = hashToken(JSON.stringify([TYPE, client_id, jti]));
  try {
    const expires_at = (iat + LONGEST_AGE + CLIENT_SKEW_S + 1) * 1000;
    await ctx.store.collection(usedAssertionsCollection).insert({ id, expires_at });
  } catch (error) {
    if (isFailure(error, 'duplicate')) throw invalidToken('jti was used before');
    throw error;
  }
}

function forbidden(description: string): WireError {
  return oauthError(403, 'access_denied', description);
}

function invalidToken(detail: string): WireError {
  return oauthError(401, 'invalid_request', `Invalid subject_token: ${detail}`);
}
