import type { Context } from '../../../../kernel/index.ts';
import {
  decodeJwt,
  type JwtMembers,
  JwtRefused,
  type VerificationAlgorithm,
  verifyJwt,
} from '../../../../platform/crypto/index.ts';
import { UpstreamTrouble } from '../../../../platform/upstream/index.ts';
import type { StoredClient } from '../../../../resources/clients/index.ts';
import { type Connection, listConnectionsForClient } from '../../../../resources/connections/index.ts';
import { providerOf, remoteKeys } from '../../../../strategies/index.ts';
import { GrantRefusal } from '../../grant-refusal.ts';

/** Identity Assertion JWT Authorization Grant §4.1: what tells such an assertion from the issuer's other tokens. */
const TYP = 'oauth-id-jag+jwt';
const SKEW_S = 10;

/** An assertion that an enterprise's own provider made for `client`, about somebody whom it knows. */
export interface IdentityAssertion {
  readonly connection: Connection;
  /** Who it is, at the provider. */
  readonly subject: string;
  readonly resource: string | undefined;
  /** Undefined: it says nothing of scopes. */
  readonly scope: string | undefined;
}

type Issuer = { readonly connection: Connection; readonly jwks_uri: string; readonly algorithms: readonly string[] };

/**
 * Checks an identity assertion (ID-JAG): its kind, its issuer, which must be the provider of a connection that the client may use and that
 * has Cross App Access on, its signature, that it is for this server and for this client, and not expired.
 *
 * @throws GrantRefusal 400 invalid_grant, 401 for a signature that does not fit; Failure temporarily_unavailable
 */
export async function verifyIdentityAssertion(
  ctx: Context,
  client: StoredClient,
  assertion: string,
): Promise<IdentityAssertion> {
  const decoded = decodeJwt(assertion);
  if (!decoded || String(decoded.header.typ).replace(/^application\//, '') !== TYP)
    throw refused('not an ID-JAG', { isForeign: true });
  const issuer = await trustedIssuer(ctx, client, decoded.payload.iss);
  const claims = await verify(ctx, issuer, assertion, decoded.header.kid);
  return read(client, issuer.connection, claims);
}

function refused(detail: string, { status = 400, isForeign = false } = {}): GrantRefusal {
  return new GrantRefusal(status, 'invalid_grant', 'Assertion is invalid or has expired', {
    detail,
    ...(isForeign ? { log: { type: 'jwt_bearer_exchange_failed' } } : {}),
  });
}

/** Auth0: one connection with Cross App Access for each issuer. Where there are two, nobody can say whose users are meant. */
async function trustedIssuer(ctx: Context, client: StoredClient, iss: unknown): Promise<Issuer> {
  const usable = await listConnectionsForClient(ctx, client.client_id);
  const enabled = usable.filter((connection) => connection.cross_app_access_resource_app?.status === 'enabled');
  const known = await Promise.all(enabled.map((connection) => issuerOf(ctx, connection, iss)));
  const [found, ...others] = known.filter((one) => one !== undefined);
  if (!found || others.length > 0) throw refused('not of an issuer that is trusted');
  return found;
}

async function issuerOf(ctx: Context, connection: Connection, iss: unknown): Promise<Issuer | undefined> {
  try {
    const { issuer, jwks_uri, algorithms } = await providerOf(ctx, connection);
    return issuer === iss && jwks_uri !== undefined ? { connection, jwks_uri, algorithms } : undefined;
  } catch (error) {
    // A connection that cannot be asked vouches for nobody.
    if (error instanceof UpstreamTrouble) return undefined;
    throw error;
  }
}

async function verify(ctx: Context, issuer: Issuer, assertion: string, kid: unknown): Promise<JwtMembers> {
  const keys = await remoteKeys(ctx, issuer.jwks_uri, kid);
  try {
    const { payload } = await verifyJwt(assertion, {
      keys,
      algorithms: issuer.algorithms as readonly VerificationAlgorithm[],
      audience: [ctx.issuer, ctx.canonicalIssuer],
      nowMs: ctx.clock.now(),
      clockToleranceSec: SKEW_S,
      typ: TYP,
    });
    return payload;
  } catch (error) {
    if (error instanceof JwtRefused) throw refused(error.message, { status: error.reason === 'signature' ? 401 : 400 });
    throw error;
  }
}

/** RFC 7523 §3, and the draft's §4.3: an assertion is made for one client and one server. */
function read(client: StoredClient, connection: Connection, claims: JwtMembers): IdentityAssertion {
  const { aud, sub, exp, client_id, resource, scope } = claims;
  if (typeof exp !== 'number') throw refused('it never expires');
  if (Array.isArray(aud) && aud.length !== 1) throw refused('it is for others, too');
  if (client_id !== client.client_id) throw refused('it was made for another client');
  if (typeof sub !== 'string' || sub === '') throw refused('it is about nobody');
  if (resource !== undefined && typeof resource !== 'string') throw refused('resource is not one text');
  if (scope !== undefined && typeof scope !== 'string') throw refused('scope is not a text');
  return { connection, subject: sub, resource, scope };
}
