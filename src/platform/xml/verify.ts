import { createPublicKey, type KeyObject } from 'node:crypto';
import { DIGESTS, ENVELOPED, EXCLUSIVE, INCLUSIVE, signatureAlgorithmOf } from './algorithms.ts';
import { idAttributeOf } from './id-attribute.ts';
import { childrenOf, firstChildOf, parseDom, parseXml, type XmlElement } from './parse.ts';

const DSIG = 'http://www.w3.org/2000/09/xmldsig#';
const CANONICAL = [EXCLUSIVE, `${EXCLUSIVE}WithComments`];
const TRANSFORMS = [ENVELOPED, ...CANONICAL];

/** Whose signature counts. */
export interface Verification {
  /** PEM of a certificate or public key. What the document itself brings along is never trusted. */
  readonly certificate: string;
  /** SHA-1 is refused unless the other side is known to be able to do no better. */
  readonly allowSha1: boolean;
  /** The attribute of the root element that names it. */
  readonly id: string;
}

/**
 * The document `text` if all of it is signed by `certificate`, else undefined. What comes back was read anew from the bytes that the
 * signature covers: nothing that somebody put around, before or after them can be seen through it (XML Signature wrapping). The
 * signature must stand in the root element, and refer to it, once, as SAML demands (SAML core §5.4.2).
 *
 * @throws InvalidXml when `text` cannot be read
 */
export async function verifyEnveloped(text: string, verification: Verification): Promise<XmlElement | undefined> {
  const root = await parseXml(text);
  const key = readKey(verification.certificate);
  if (!key || !isSoundlySigned(root, verification)) return undefined;
  const signed = await signedBytes(text, key, verification);
  return signed === undefined ? undefined : readSigned(signed, root, verification);
}

async function readSigned(signed: string, root: XmlElement, { id }: Verification): Promise<XmlElement | undefined> {
  const read = await parseXml(signed);
  const isRoot =
    read.name === root.name && read.namespace === root.namespace && read.attributes[id] === root.attributes[id];
  return isRoot ? read : undefined;
}

/** The canonical form of what the one signature in `text` covers, where it holds. */
async function signedBytes(text: string, key: KeyObject, { id }: Verification): Promise<string | undefined> {
  const { SignedXml } = await import('xml-crypto');
  const verifier = new SignedXml({ publicCert: key, ...idAttributeOf(id), getCertFromKeyInfo: () => null });
  const [signature] = verifier.findSignatures((await parseDom(text)) as never);
  if (!signature) return undefined;
  try {
    verifier.loadSignature(signature);
    return verifier.checkSignature(text) ? verifier.getSignedReferences()[0] : undefined;
  } catch {
    return undefined;
  }
}

/** Is there one signature, a child of the root, over the root and nothing else, with algorithms that bind? */
function isSoundlySigned(root: XmlElement, { id, allowSha1 }: Verification): boolean {
  const [signature, ...others] = signaturesIn(root);
  if (!signature || others.length > 0 || !root.children.includes(signature)) return false;
  const [info, ...moreInfo] = childrenOf(signature, DSIG, 'SignedInfo');
  const [reference, ...moreReferences] = childrenOf(info, DSIG, 'Reference');
  if (!reference || moreInfo.length > 0 || moreReferences.length > 0) return false;
  const name = root.attributes[id];
  if (!name || reference.attributes.URI !== `#${name}` || namesOf(root, id).filter((one) => one === name).length !== 1)
    return false;
  return isBinding(info, reference, allowSha1);
}

function isBinding(info: XmlElement | undefined, reference: XmlElement, allowSha1: boolean): boolean {
  const canonicalization = algorithm(info, 'CanonicalizationMethod');
  const signature = signatureAlgorithmOf(algorithm(info, 'SignatureMethod'));
  const digest = algorithm(reference, 'DigestMethod');
  const transforms = childrenOf(firstChildOf(reference, DSIG, 'Transforms'), DSIG, 'Transform');
  const hasSha1 = signature?.hash === 'sha1' || digest === DIGESTS.sha1;
  return (
    canonicalization !== undefined &&
    [...CANONICAL, INCLUSIVE].includes(canonicalization) &&
    signature !== undefined &&
    digest !== undefined &&
    Object.values(DIGESTS).includes(digest) &&
    (allowSha1 || !hasSha1) &&
    transforms.length <= 2 &&
    transforms.every(({ attributes }) => TRANSFORMS.includes(attributes.Algorithm ?? '')) &&
    transforms.some(({ attributes }) => attributes.Algorithm === ENVELOPED)
  );
}

const algorithm = (parent: XmlElement | undefined, name: string): string | undefined =>
  firstChildOf(parent, DSIG, name)?.attributes.Algorithm;

function signaturesIn(parent: XmlElement): readonly XmlElement[] {
  return parent.children.flatMap((child) => [
    ...(child.name === 'Signature' && child.namespace === DSIG ? [child] : []),
    ...signaturesIn(child),
  ]);
}

/** Every value of an attribute that could name an element, however it is spelt. */
function namesOf(parent: XmlElement, id: string): readonly string[] {
  const own = Object.entries(parent.attributes).flatMap(([name, value]) =>
    name === id || name.toLowerCase() === 'id' ? [value] : [],
  );
  return [...own, ...parent.children.flatMap((child) => namesOf(child, id))];
}

function readKey(pem: string): KeyObject | undefined {
  try {
    return createPublicKey(pem);
  } catch {
    return undefined;
  }
}
