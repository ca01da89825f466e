import { claimsOf, type NameIdentifier, nameIdentifierOf, writeSaml20 } from '../../assertions/index.ts';
import { type Context, oauthError, type Reply, type SetCookie } from '../../kernel/index.ts';
import type { Markup } from '../../platform/xml/index.ts';
import { federatedIdentitiesOf, identityTokens, type User } from '../../resources/users/index.ts';
import type { FinishedLogin } from '../../transactions/index.ts';
import { encryptionFor } from '../encryption.ts';
import { trueContext } from './authn-context.ts';
import { type Outcome, sendByPost, signMessage, statusElement, writeMessage } from './outgoing.ts';
import { STATUS } from './saml.ts';
import { issuerFor, type SamlClient, signatureFor } from './saml-client.ts';

/** Where an answer goes, and to what. */
export interface Answer {
  readonly to: string;
  readonly relayState: string | undefined;
  /** ID of the request; undefined for a login that began here. */
  readonly inResponseTo: string | undefined;
  readonly cookies?: readonly SetCookie[];
}

const LIFETIME = 3600;

/** The assertion for a login, and what is to be said at its logout. */
export interface Said {
  readonly subject: NameIdentifier;
  readonly sessionIndex: string;
  readonly response: Markup;
}

/** The response that says who has logged in, signed. WireError when nothing of the user can name them. */
export async function writeResponse(
  ctx: Context,
  saml: SamlClient,
  login: Pick<FinishedLogin, 'user' | 'session' | 'foreign' | 'redirect_uri'>,
  sessionIndex: string,
): Promise<Said> {
  const { settings, client } = saml;
  const { user, session, foreign, redirect_uri: to } = login;
  if (saml.byEmail && user.email_verified !== true)
    throw oauthError(403, 'access_denied', 'The email of the user is not verified');
  const access_token = settings.mapIdentities === true ? await providerToken(ctx, user) : undefined;
  const claims = claimsOf({ user, client_id: client.client_id, access_token }, settings);
  const subject = nameIdentifierOf(claims, settings);
  if ('problem' in subject) throw oauthError(400, 'invalid_request', subject.problem);
  const signature = settings.signResponse ? undefined : await signatureFor(ctx, saml);
  const assertion = await writeSaml20(ctx, {
    issuer: issuerFor(ctx, saml),
    audience: settings.audience ?? audienceOf(saml, foreign.issuer) ?? to,
    recipient: settings.recipient ?? to,
    inResponseTo: foreign.id,
    subject,
    claims,
    sessionIndex,
    lifetime: settings.lifetimeInSeconds ?? LIFETIME,
    authenticatedAt: Date.parse(session.authenticated_at),
    authnContext: settings.authnContextClassRef ?? trueContext(ctx, session, foreign.contexts),
    typedAttributes: settings.typedAttributes,
    includeAttributeNameFormat: settings.includeAttributeNameFormat,
    signature,
    encryption: encryptionFor(saml.client),
  });
  const envelope = { destination: settings.destination ?? to, inResponseTo: foreign.id };
  const status = statusElement({ code: STATUS.success });
  const response = writeMessage(ctx, saml, 'Response', envelope, status, assertion);
  return { subject, sessionIndex, response: signature ? response : await signMessage(ctx, saml, response) };
}

/**
 * Auth0: the audience is whoever the request names as its issuer. A third-party application could name another application there, and log
 * in to it with the assertion: for those, and where nothing is named, the caller takes the address that the response goes to.
 */
function audienceOf({ client }: SamlClient, issuer: string | undefined): string | undefined {
  return client.is_first_party === false ? undefined : issuer;
}

/** What the provider of the primary identity gave out at the last login. */
async function providerToken(ctx: Context, { user_id, identities }: User): Promise<string | undefined> {
  const [primary] = identities;
  if (!primary) return undefined;
  const found = await federatedIdentitiesOf(ctx).find({ user_id, connection: primary.connection });
  return found && identityTokens(ctx, found).access_token;
}

/** Tells the application that it gets nothing, and why. Always signed, so that nobody else can tell it. */
export async function sendRefusal(ctx: Context, saml: SamlClient, answer: Answer, outcome: Outcome): Promise<Reply> {
  const envelope = { destination: saml.settings.destination ?? answer.to, inResponseTo: answer.inResponseTo };
  const message = await signMessage(ctx, saml, writeMessage(ctx, saml, 'Response', envelope, statusElement(outcome)));
  return sendByPost(ctx, { parameter: 'SAMLResponse', message, ...answer });
}
