import type { KeyObject } from 'node:crypto';
import { DIGESTS, type DigestName, ENVELOPED, EXCLUSIVE, SIGNATURES, type SignatureName } from './algorithms.ts';
import { type Markup, markup } from './element.ts';
import { idAttributeOf } from './id-attribute.ts';

export type { DigestName, SignatureName };

/** With what a document is signed. */
export interface EnvelopedSignature {
  readonly privateKey: KeyObject;
  /** PEM: goes along, so that whoever trusts it recognizes it. */
  readonly certificate: string;
  readonly signatureAlgorithm: SignatureName;
  readonly digestAlgorithm: DigestName;
}

/**
 * Puts a signature over the whole of `document` into it.
 *
 * @param place.id the attribute of the root element that names it
 * @param place.after the child of the root element that the signature follows; without one it is the last child
 */
export async function signEnveloped(
  document: Markup,
  { privateKey, certificate, signatureAlgorithm, digestAlgorithm }: EnvelopedSignature,
  place: { readonly id: string; readonly after?: string },
): Promise<Markup> {
  const { SignedXml } = await import('xml-crypto');
  const signature = new SignedXml({
    privateKey,
    publicCert: certificate,
    signatureAlgorithm: SIGNATURES[signatureAlgorithm].uri,
    canonicalizationAlgorithm: EXCLUSIVE,
    ...idAttributeOf(place.id),
  });
  signature.addReference({
    xpath: '/*',
    transforms: [ENVELOPED, EXCLUSIVE],
    digestAlgorithm: DIGESTS[digestAlgorithm],
  });
  const location = place.after
    ? ({ reference: `/*/*[local-name(.)='${place.after}']`, action: 'after' } as const)
    : ({ reference: '/*', action: 'append' } as const);
  signature.computeSignature(String(document), { location });
  return markup(signature.getSignedXml());
}
