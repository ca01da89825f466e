/**
 * The one door to XML: elements that escape what is put in them, a parser that reads no document type and no entity, signatures in a
 * document (written, and verified so that only what was signed is ever seen) and beside it, and encryption. The libraries are loaded
 * when the first document needs them. It does not know what any document means. Nothing else may import @xmldom/xmldom, xml-crypto
 * or xml-encryption.
 */
export { SIGNATURE_URI, type SignatureAlgorithm, signatureAlgorithmOf } from './algorithms.ts';
export * from './detached-signature.ts';
export { element, type Markup, markup } from './element.ts';
export { type EncryptionTarget, encryptElement } from './encrypt.ts';
export { childrenOf, firstChildOf, InvalidXml, parseXml, type XmlElement } from './parse.ts';
export { type DigestName, type EnvelopedSignature, type SignatureName, signEnveloped } from './sign.ts';
export { type Verification, verifyEnveloped } from './verify.ts';
