/** Names of algorithms, as Auth0's settings have them, and their identifiers in a document (XML Signature 1.1 §6, RFC 6931 §2). */

export type SignatureName = 'rsa-sha1' | 'rsa-sha256' | 'rsa-sha512';
export type DigestName = 'sha1' | 'sha256' | 'sha512';

export interface SignatureAlgorithm {
  readonly name: SignatureName;
  /** As `node:crypto` calls it. */
  readonly hash: DigestName;
  readonly uri: string;
}

export const SIGNATURES: Readonly<Record<SignatureName, SignatureAlgorithm>> = {
  'rsa-sha1': { name: 'rsa-sha1', hash: 'sha1', uri: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1' },
  'rsa-sha256': { name: 'rsa-sha256', hash: 'sha256', uri: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256' },
  'rsa-sha512': { name: 'rsa-sha512', hash: 'sha512', uri: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512' },
};

export const DIGESTS: Readonly<Record<DigestName, string>> = {
  sha1: 'http://www.w3.org/2000/09/xmldsig#sha1',
  sha256: 'http://www.w3.org/2001/04/xmlenc#sha256',
  sha512: 'http://www.w3.org/2001/04/xmlenc#sha512',
};

export const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';
/** Canonical XML 1.0, which .NET's services use for the list of what is signed. */
export const INCLUSIVE = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';
export const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';

/** The algorithm that a message names by its identifier; undefined for `none`, HMACs and all else that is no RSA signature. */
export function signatureAlgorithmOf(uri: string | undefined): SignatureAlgorithm | undefined {
  return Object.values(SIGNATURES).find((algorithm) => algorithm.uri === uri);
}

/** The identifier of each. */
export const SIGNATURE_URI: Readonly<Record<SignatureName, string>> = {
  'rsa-sha1': SIGNATURES['rsa-sha1'].uri,
  'rsa-sha256': SIGNATURES['rsa-sha256'].uri,
  'rsa-sha512': SIGNATURES['rsa-sha512'].uri,
};
