/**
 * Assertions: what is said of a user (`claims-of.ts`, `name-identifier.ts`), written in SAML 2.0 and SAML 1.1, signed, encrypted. Both
 * the enterprise protocols and the add-ons of `/delegation` write them; to whom they go, and why, is theirs to say.
 */
export { type AssertionTerms, newMessageId } from './assertion.ts';
export { CLAIM, type Claim, type ClaimValue } from './claim.ts';
export { type ClaimSettings, type ClaimSubject, claimsOf } from './claims-of.ts';
export { type NameIdentifier, nameIdentifierOf, UNSPECIFIED_NAME } from './name-identifier.ts';
export { SAML11, writeSaml11 } from './saml11.ts';
export { SAML20, writeSaml20 } from './saml20.ts';
