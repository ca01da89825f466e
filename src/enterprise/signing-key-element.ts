import { element, type Markup } from '../platform/xml/index.ts';

/** The signing key in the metadata of either protocol, as its whole certificate (PEM). */
export function signingKeyElement(certificate: string): Markup {
  const text = certificate.replace(/-----[^-]+-----|\s/g, '');
  const info = { xmlns: 'http://www.w3.org/2000/09/xmldsig#' };
  const data = element('X509Data', {}, element('X509Certificate', {}, text));
  return element('KeyDescriptor', { use: 'signing' }, element('KeyInfo', info, data));
}
