import { type Confirmation, type Context, oauthError, type WireError } from '../../kernel/index.ts';
import { isPublic, type StoredClient } from '../../resources/clients/index.ts';
import {
  certificateThumbprint,
  currentNonce,
  isHeldBy,
  PossessionRefused,
  proveKey,
} from '../../resources/proof-of-possession/index.ts';
import type { RefreshToken } from '../../resources/refresh-tokens/index.ts';
import { complianceOf } from '../compliance.ts';
import type { Target } from '../target.ts';
import type { Authorization } from './authorization.ts';
import { unknownRefreshToken } from './refresh-rules.ts';
import type { TokenRequest } from './token-request.ts';

/** The header that gives a client the nonce for its next proof. */
function nonceHeader(ctx: Context): Record<string, string> {
  return { 'dpop-nonce': currentNonce(ctx) };
}

/**
 * The keys that a request of `client`, which is authenticated, proves to have: of its `DPoP` header, where Auth0 wants a nonce from
 * public clients, and the certificate of its connection, which counts for confidential clients alone. Undefined: it proves none.
 *
 * @throws WireError 400 invalid_dpop_proof, use_dpop_nonce (RFC 9449 §5, §8)
 */
export async function proveSender(
  ctx: Context,
  client: StoredClient,
  headers: TokenRequest['headers'],
): Promise<Confirmation | undefined> {
  const { dpop } = headers;
  const jkt = dpop === undefined ? undefined : await proveDpopKey(ctx, dpop, isPublic(client));
  const thumbprint = isPublic(client) ? undefined : certificateThumbprint(ctx);
  if (jkt === undefined && thumbprint === undefined) return undefined;
  return {
    ...(jkt === undefined ? {} : { jkt }),
    ...(thumbprint === undefined ? {} : { 'x5t#S256': thumbprint }),
  };
}

async function proveDpopKey(ctx: Context, header: string, wantsNonce: boolean): Promise<string> {
  try {
    return await proveKey(ctx, header, wantsNonce ? { nonce: 'required' } : {});
  } catch (error) {
    if (!(error instanceof PossessionRefused)) throw error;
    throw oauthError(400, error.error, error.message, wantsNonce ? { headers: nonceHeader(ctx) } : {});
  }
}

/** What goes with the answer to a client that proved `proof` (RFC 9449 §8.2). */
export function senderHeaders(
  ctx: Context,
  client: StoredClient,
  proof: Confirmation | undefined,
): Record<string, string> {
  return proof?.jkt !== undefined && isPublic(client) ? nonceHeader(ctx) : {};
}

/** Refuses a client that must prove possession and does not, before its grant is looked at. WireError 400 invalid_request. */
export function requireSender(client: StoredClient, proof: Confirmation | undefined): void {
  if (client.require_proof_of_possession === true && !proof) throw proofMissing();
}

function proofMissing(): WireError {
  return oauthError(400, 'invalid_request', 'Proof-of-Possession is required');
}

/**
 * Binds what `authorization` leads to, by the rules of client and API together:
 *
 * | audience | proof not sent | proof sent |
 * |---|---|---|
 * | `/userinfo`, MFA API | not bound; refused where the client must | bound |
 * | API without `proof_of_possession` | the same | not bound; refused where the client must |
 * | API that names a mechanism | not bound; refused where client or API must | bound |
 *
 * A public client's refresh token is bound to the key besides (RFC 9449 §5), and comes back only with it.
 *
 * @throws WireError 400 invalid_request; the refusal of an unknown refresh token for one that is bound to another key
 */
export function bindSender<A extends Authorization>(authorization: A, proof: Confirmation | undefined): A {
  const { client, target, refresh_token: token } = authorization;
  if (token) requireHeld(token, proof);
  const isLevelled = complianceOf(client)?.certificateBound === true;
  const isRequired = isLevelled || client.require_proof_of_possession === true || isRequiredBy(target, client);
  const confirmation = bindingFor(target, isLevelled ? certificateIn(proof) : proof, isRequired);
  if (!confirmation && isRequired) throw proofMissing();
  return {
    ...authorization,
    ...(proof ? { proof } : {}),
    ...(confirmation ? { confirmation } : {}),
  };
}

/** A refresh token that is bound to a key comes with a proof of it, whatever it is exchanged for. Throws its refusal. */
export function requireHeld(token: RefreshToken, proof: Confirmation | undefined): void {
  if (!token.confirmation || isHeldBy(token.confirmation, proof)) return;
  throw unknownRefreshToken('the refresh token is bound to another key', token);
}

/** RFC 8705 §3: of what was proved, what a compliance level counts. */
function certificateIn(proof: Confirmation | undefined): Confirmation | undefined {
  const thumbprint = proof?.['x5t#S256'];
  return thumbprint === undefined ? undefined : { 'x5t#S256': thumbprint };
}

/** The one key that a token for `target` is bound to; undefined: to none. */
function bindingFor(
  { kind, resourceServer }: Target,
  proof: Confirmation | undefined,
  isRequired: boolean,
): Confirmation | undefined {
  if (!proof) return undefined;
  const byKey = proof.jkt === undefined ? undefined : { jkt: proof.jkt };
  const byCertificate = certificateIn(proof);
  // Auth0 has no alias for `/mfa/*`: clients call it where they are not asked for their certificate.
  if (kind === 'mfa' && !isRequired) return byKey;
  if (!resourceServer) return byKey ?? byCertificate;
  const mechanism = resourceServer.proof_of_possession?.mechanism;
  if (mechanism === undefined) return undefined;
  return mechanism === 'dpop' ? byKey : byCertificate;
}

/** Does the API let none of this client's tokens be unbound? */
export function isRequiredBy({ resourceServer }: Target, client: StoredClient): boolean {
  const { required, required_for } = resourceServer?.proof_of_possession ?? {};
  return required === true && (required_for !== 'public_clients' || isPublic(client));
}
