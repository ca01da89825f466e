import { type Context, oauthError } from '../../../kernel/index.ts';
import { decodeJwt } from '../../../platform/crypto/index.ts';
import { renewKeys, type StoredClient } from '../../../resources/clients/index.ts';
import { isSignedWithKeyOf } from '../../client-keys.ts';
import { complianceOf } from '../../compliance.ts';
import { JWT_BEARER_ASSERTION } from '../../vocabulary.ts';
import { type AssertionClaims, readAssertion, spendAssertion } from './assertion.ts';
import { textIn } from './carrier.ts';
import { hasMethod, namedCredentials } from './credentials.ts';
import type { ClientAuthenticationMethod } from './method.ts';

const NAME = 'private_key_jwt';

/** RFC 7523 §2.2: an assertion that the client signed with a key whose public half it is registered with. It works once. */
export const privateKeyJwt: ClientAuthenticationMethod = {
  name: NAME,
  explicit: true,
  isRegisteredFor: (client) => hasMethod(client, NAME),
  isIn: (_ctx, carrier) => textIn(carrier, 'client_assertion') !== undefined,
  read(ctx, carrier) {
    requireAssertionType(textIn(carrier, 'client_assertion_type'));
    const assertion = textIn(carrier, 'client_assertion') ?? '';
    const claims = readAssertion(ctx, assertion);
    // RFC 7521 §4.2: a client_id beside the assertion must be its subject.
    const isOwn = (textIn(carrier, 'client_id') ?? claims.client_id) === claims.client_id;
    return {
      client_id: claims.client_id,
      verify: async (client) => isOwn && client !== undefined && (await isClients(ctx, client, { assertion, claims })),
      spend: () => spendAssertion(ctx, claims),
    };
  },
};

function requireAssertionType(type: string | undefined): void {
  if (type === undefined) throw oauthError(400, 'invalid_request', 'Missing required parameter: client_assertion_type');
  if (type !== JWT_BEARER_ASSERTION) throw oauthError(400, 'invalid_request', 'Unsupported client_assertion_type');
}

/** Signed with a key of the client's, and as its compliance level wants it. */
async function isClients(
  ctx: Context,
  client: StoredClient,
  { assertion, claims }: { assertion: string; claims: AssertionClaims },
): Promise<boolean> {
  const rules = complianceOf(client);
  // FAPI 2.0 §5.3.2.1: one made for the token endpoint, or for several, could have been meant for somebody else.
  const isForUs = claims.aud === ctx.issuer || claims.aud === ctx.canonicalIssuer;
  if (rules?.strictAssertionAudience && !isForUs) return false;
  const isSignedBy = (known: StoredClient) => {
    const credentials = namedCredentials(known, NAME);
    return isSignedWithKeyOf(ctx, known, assertion, { credentials, algorithms: rules?.algorithms });
  };
  if (await isSignedBy(client)) return true;
  const renewed = await renewKeys(ctx, client, decodeJwt(assertion)?.header.kid);
  return renewed !== undefined && isSignedBy(renewed);
}
