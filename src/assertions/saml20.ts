import { type Context, isoTime } from '../kernel/index.ts';
import { element, encryptElement, type Markup, signEnveloped } from '../platform/xml/index.ts';
import { type AssertionTerms, newMessageId } from './assertion.ts';
import { type Claim, type ClaimValue, claimText } from './claim.ts';

export const SAML20 = 'urn:oasis:names:tc:SAML:2.0:assertion';
const BEARER = 'urn:oasis:names:tc:SAML:2.0:cm:bearer';
const FORMATS = 'urn:oasis:names:tc:SAML:2.0:attrname-format:';

/** A SAML 2.0 assertion of what `terms` say, valid from now; as `EncryptedAssertion` where it is for one reader's eyes. */
export async function writeSaml20(ctx: Context, terms: AssertionTerms): Promise<Markup> {
  const plain = assertion(ctx, terms);
  const signed = terms.signature ? await signEnveloped(plain, terms.signature, { id: 'ID', after: 'Issuer' }) : plain;
  if (!terms.encryption) return signed;
  return element('saml:EncryptedAssertion', { 'xmlns:saml': SAML20 }, await encryptElement(signed, terms.encryption));
}

function assertion(ctx: Context, terms: AssertionTerms): Markup {
  const now = ctx.clock.now();
  const end = isoTime(now + terms.lifetime * 1000);
  return element(
    'saml:Assertion',
    { 'xmlns:saml': SAML20, Version: '2.0', ID: newMessageId(ctx), IssueInstant: isoTime(now) },
    element('saml:Issuer', {}, terms.issuer),
    subject(terms, end),
    conditions(terms, isoTime(now), end),
    authnStatement(terms),
    attributeStatement(terms),
  );
}

function subject({ subject: { value, format }, recipient, inResponseTo }: AssertionTerms, end: string): Markup {
  const data = { NotOnOrAfter: end, Recipient: recipient, InResponseTo: inResponseTo };
  return element(
    'saml:Subject',
    {},
    element('saml:NameID', { Format: format }, value),
    element('saml:SubjectConfirmation', { Method: BEARER }, element('saml:SubjectConfirmationData', data)),
  );
}

function conditions({ audience }: AssertionTerms, begin: string, end: string): Markup {
  const restriction = audience === undefined ? undefined : element('saml:Audience', {}, audience);
  return element(
    'saml:Conditions',
    { NotBefore: begin, NotOnOrAfter: end },
    restriction && element('saml:AudienceRestriction', {}, restriction),
  );
}

function authnStatement({ authenticatedAt, sessionIndex, authnContext }: AssertionTerms): Markup {
  return element(
    'saml:AuthnStatement',
    { AuthnInstant: isoTime(authenticatedAt), SessionIndex: sessionIndex },
    element('saml:AuthnContext', {}, element('saml:AuthnContextClassRef', {}, authnContext)),
  );
}

/** SAML core §2.7.3: there is none without attributes. */
function attributeStatement({ claims, ...naming }: AssertionTerms): Markup | undefined {
  if (claims.length === 0) return undefined;
  const schema = {
    'xmlns:xs': 'http://www.w3.org/2001/XMLSchema',
    'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
  };
  return element(
    'saml:AttributeStatement',
    schema,
    claims.map((claim) => attribute(claim, naming)),
  );
}

function attribute(
  { name, values }: Claim,
  { typedAttributes = true, includeAttributeNameFormat = true }: Omit<AssertionTerms, 'claims'>,
): Markup {
  return element(
    'saml:Attribute',
    { Name: name, NameFormat: includeAttributeNameFormat ? nameFormat(name) : undefined },
    values.map((value) =>
      element('saml:AttributeValue', { 'xsi:type': typedAttributes ? typeOf(value) : 'xs:anyType' }, claimText(value)),
    ),
  );
}

/** SAML core §8.2: a URI, an XML name, or anything else. */
function nameFormat(name: string): string {
  if (/^[a-z][a-z0-9+.-]*:\S+$/i.test(name) && URL.canParse(name)) return `${FORMATS}uri`;
  return /^[\p{L}_:][\p{L}\p{N}_:.\u00b7-]*$/u.test(name) ? `${FORMATS}basic` : `${FORMATS}unspecified`;
}

function typeOf(value: ClaimValue): string {
  if (typeof value === 'string') return 'xs:string';
  if (typeof value === 'boolean') return 'xs:boolean';
  return typeof value === 'number' ? 'xs:double' : 'xs:anyType';
}
