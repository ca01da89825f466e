import { element, type Markup } from '../platform/xml/index.ts';

/** What metadata of either protocol say of the key that signs: `certificate` (PEM), whole. */
export function signingKeyElement(certificate: string): Markup {
  const text = certificate.replace(/-----[^-]+-----|\s/g, '');
  const info = { xmlns: 'http://www.w3.org/2000/09/xmldsig#' };
  const data = element('X509Data', {}, element('X509Certificate', {}, text));
  return element('KeyDescriptor', { use: 'signing' }, element('KeyInfo', info, data));
}
