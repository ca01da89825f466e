import { type Context, isoTime } from '../kernel/index.ts';
import { element, encryptElement, type Markup, signEnveloped } from '../platform/xml/index.ts';
import { type AssertionTerms, newMessageId } from './assertion.ts';
import { type Claim, claimText } from './claim.ts';

export const SAML11 = 'urn:oasis:names:tc:SAML:1.0:assertion';
const BEARER = 'urn:oasis:names:tc:SAML:1.0:cm:bearer';

/** A SAML 1.1 assertion of what `terms` say, valid from now; as `EncryptedData` where it is for one reader's eyes. */
export async function writeSaml11(ctx: Context, terms: AssertionTerms): Promise<Markup> {
  const plain = assertion(ctx, terms);
  const signed = terms.signature ? await signEnveloped(plain, terms.signature, { id: 'AssertionID' }) : plain;
  return terms.encryption ? encryptElement(signed, terms.encryption) : signed;
}

function assertion(ctx: Context, terms: AssertionTerms): Markup {
  const now = ctx.clock.now();
  const head = {
    'xmlns:saml': SAML11,
    MajorVersion: '1',
    MinorVersion: '1',
    AssertionID: newMessageId(ctx),
    Issuer: terms.issuer,
    IssueInstant: isoTime(now),
  };
  const validity = { NotBefore: isoTime(now), NotOnOrAfter: isoTime(now + terms.lifetime * 1000) };
  return element(
    'saml:Assertion',
    head,
    element('saml:Conditions', validity, audience(terms)),
    attributeStatement(terms),
    element(
      'saml:AuthenticationStatement',
      { AuthenticationMethod: terms.authnContext, AuthenticationInstant: isoTime(terms.authenticatedAt) },
      subject(terms),
    ),
  );
}

function audience(terms: AssertionTerms): Markup | undefined {
  if (terms.audience === undefined) return undefined;
  return element('saml:AudienceRestrictionCondition', {}, element('saml:Audience', {}, terms.audience));
}

function subject({ subject: { value, format } }: AssertionTerms): Markup {
  return element(
    'saml:Subject',
    {},
    element('saml:NameIdentifier', { Format: format }, value),
    element('saml:SubjectConfirmation', {}, element('saml:ConfirmationMethod', {}, BEARER)),
  );
}

/** SAML 1.1 core §2.4.4: there is none without attributes. */
function attributeStatement(terms: AssertionTerms): Markup | undefined {
  if (terms.claims.length === 0) return undefined;
  return element('saml:AttributeStatement', {}, subject(terms), terms.claims.map(attribute));
}

/** SAML 1.1 has no URIs as names: the last part of one is the name, what is in front its namespace. */
function attribute({ name, values }: Claim): Markup {
  const cut = name.lastIndexOf('/');
  return element(
    'saml:Attribute',
    { AttributeName: name.slice(cut + 1), AttributeNamespace: cut === -1 ? '' : name.slice(0, cut) },
    values.map((value) => element('saml:AttributeValue', {}, claimText(value))),
  );
}
