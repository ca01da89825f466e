import { claimsOf, nameIdentifierOf, writeSaml11, writeSaml20 } from '../../assertions/index.ts';
import { type Context, isoTime, oauthError } from '../../kernel/index.ts';
import { element, type Markup } from '../../platform/xml/index.ts';
import { currentCertifiedKey } from '../../resources/keys/index.ts';
import type { FinishedLogin } from '../../transactions/index.ts';
import { encryptionFor } from '../encryption.ts';
import { isSharePoint } from '../presets/index.ts';
import { authenticationMethod } from './authentication.ts';
import type { RelyingParty } from './relying-party.ts';
import { TOKEN_TYPE, type TokenVersion } from './token-type.ts';

const TRUST = 'http://schemas.xmlsoap.org/ws/2005/02/trust';
const UTILITY = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';
const POLICY = 'http://schemas.xmlsoap.org/ws/2004/09/policy';
const ADDRESSING = 'http://www.w3.org/2005/08/addressing';
/** Auth0's library: eight hours. */
const LIFETIME = 28_800;

/** The `RequestSecurityTokenResponse` that says who has logged in. WireError where nothing of the user can name them. */
export async function writeTokenResponse(
  ctx: Context,
  party: RelyingParty,
  login: Pick<FinishedLogin, 'user' | 'session' | 'foreign' | 'redirect_uri'>,
): Promise<Markup> {
  const { settings, realm } = party;
  const version: TokenVersion = login.foreign.version === '2.0' ? '2.0' : '1.1';
  const lifetime = settings.lifetimeInSeconds ?? LIFETIME;
  const now = ctx.clock.now();
  const valid = element(
    't:Lifetime',
    {},
    element('wsu:Created', { 'xmlns:wsu': UTILITY }, isoTime(now)),
    element('wsu:Expires', { 'xmlns:wsu': UTILITY }, isoTime(now + lifetime * 1000)),
  );
  const address = element('EndpointReference', { xmlns: ADDRESSING }, element('Address', {}, realm));
  return element(
    't:RequestSecurityTokenResponse',
    { Context: login.foreign.context, 'xmlns:t': TRUST },
    valid,
    element('wsp:AppliesTo', { 'xmlns:wsp': POLICY }, address),
    element('t:RequestedSecurityToken', {}, await writeToken(ctx, party, login, { version, lifetime })),
    element('t:TokenType', {}, TOKEN_TYPE[version]),
    element('t:RequestType', {}, `${TRUST}/Issue`),
    element('t:KeyType', {}, 'http://schemas.xmlsoap.org/ws/2005/05/identity/NoProofKey'),
  );
}

async function writeToken(
  ctx: Context,
  { client, settings, realm }: RelyingParty,
  { user, session, foreign, redirect_uri }: Parameters<typeof writeTokenResponse>[2],
  { version, lifetime }: { readonly version: TokenVersion; readonly lifetime: number },
): Promise<Markup> {
  if (isSharePoint(client) && user.email_verified !== true)
    throw oauthError(403, 'access_denied', 'The email of the user is not verified');
  const claims = claimsOf({ user, client_id: client.client_id }, settings);
  const subject = nameIdentifierOf(claims, settings);
  if ('problem' in subject) throw oauthError(400, 'invalid_request', subject.problem);
  const { signatureAlgorithm = 'rsa-sha256', digestAlgorithm = 'sha256' } = settings;
  const terms = {
    issuer: `urn:${new URL(ctx.issuer).host}`,
    audience: realm,
    subject,
    claims,
    lifetime,
    recipient: redirect_uri,
    authenticatedAt: Date.parse(session.authenticated_at),
    authnContext: authenticationMethod(session, foreign.authentication),
    signature: { ...(await currentCertifiedKey(ctx)), signatureAlgorithm, digestAlgorithm },
    encryption: encryptionFor(client),
  };
  return version === '2.0' ? writeSaml20(ctx, terms) : writeSaml11(ctx, terms);
}
