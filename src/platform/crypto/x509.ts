import { createHash, type KeyObject, sign } from 'node:crypto';
import { isIP, isIPv4 } from 'node:net';
import { domainToASCII } from 'node:url';
import * as der from './der.ts';

/** RFC 5280 appendix A: ub-common-name */
const LONGEST_COMMON_NAME = 64;

/** RFC 5280 §4.2.1.3: bits 0, 5 and 6, counted from the left. */
const KEY_USAGE = { digitalSignature: 0x80, keyCertSign: 0x04, crlSign: 0x02 };

/** What stands in a certificate (RFC 5280 §4.1). Times in milliseconds. */
export interface CertificateRequest {
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly issuer: { readonly name: string; readonly privateKey: KeyObject; readonly publicKey: KeyObject };
  readonly notBefore: number;
  readonly notAfter: number;
  readonly extensions: readonly Buffer[];
}

/** A version 3 certificate in DER, signed with SHA-256. RSA and P-256 keys. */
export function createCertificate(request: CertificateRequest): Buffer {
  const { issuer, publicKey } = request;
  const algorithm = signatureAlgorithm(issuer.privateKey);
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const body = der.sequence(
    der.explicit(0, der.integer(Buffer.from([2]))),
    der.integer(serialNumber(spki)),
    algorithm,
    commonName(issuer.name),
    der.sequence(der.time(request.notBefore), der.time(request.notAfter)),
    commonName(request.subject),
    spki,
    der.explicit(3, der.sequence(...request.extensions)),
  );
  return der.sequence(body, algorithm, der.bitString(sign('sha256', body, issuer.privateKey)));
}

/** A certificates-only PKCS#7 message (RFC 2315 §9.1: no content, no signers) around one certificate, in DER. */
export function wrapInPkcs7(certificate: Uint8Array): Buffer {
  const signedData = der.sequence(
    der.integer(Buffer.from([1])),
    der.set(),
    der.sequence(der.oid('1.2.840.113549.1.7.1')),
    der.explicit(0, certificate),
    der.set(),
  );
  return der.sequence(der.oid('1.2.840.113549.1.7.2'), der.explicit(0, signedData));
}

/** PEM with 64 characters a line and no newline at the end. */
export function toPem(label: string, bytes: Uint8Array, newline: '\n' | '\r\n' = '\n'): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`].join(newline);
}

/** The extensions that we write (RFC 5280 §4.2.1), each as one element of the extension list. */
export const extension = {
  basicConstraints: (isAuthority: boolean): Buffer =>
    encodeExtension('2.5.29.19', true, isAuthority ? der.sequence(der.boolean(true)) : der.sequence()),

  keyUsage: (...uses: (keyof typeof KEY_USAGE)[]): Buffer => {
    const bits = uses.reduce((all, use) => all | KEY_USAGE[use], 0);
    // A named bit list ends with its last bit that is set (X.690 §11.2.2).
    return encodeExtension('2.5.29.15', true, der.bitString(Buffer.from([bits]), 31 - Math.clz32(bits & -bits)));
  },

  serverAuthentication: (): Buffer => encodeExtension('2.5.29.37', false, der.sequence(der.oid('1.3.6.1.5.5.7.3.1'))),

  subjectKeyIdentifier: (publicKey: KeyObject): Buffer =>
    encodeExtension('2.5.29.14', false, der.octetString(keyIdentifier(publicKey))),

  authorityKeyIdentifier: (publicKey: KeyObject): Buffer =>
    encodeExtension('2.5.29.35', false, der.sequence(der.element(0x80, keyIdentifier(publicKey)))),

  /** @param hosts host names (a leading `*.` allowed) and IP addresses; throws TypeError on anything else */
  subjectAlternativeNames: (hosts: readonly string[]): Buffer =>
    encodeExtension('2.5.29.17', false, der.sequence(...hosts.map(generalName))),
};

function encodeExtension(id: string, critical: boolean, value: Buffer): Buffer {
  const flag = critical ? [der.boolean(true)] : [];
  return der.sequence(der.oid(id), ...flag, der.octetString(value));
}

function signatureAlgorithm(key: KeyObject): Buffer {
  if (key.asymmetricKeyType === 'ec') return der.sequence(der.oid('1.2.840.10045.4.3.2'));
  return der.sequence(der.oid('1.2.840.113549.1.1.11'), der.nothing());
}

function commonName(name: string): Buffer {
  const value = der.utf8String([...name].slice(0, LONGEST_COMMON_NAME).join(''));
  return der.sequence(der.set(der.sequence(der.oid('2.5.4.3'), value)));
}

/**
 * Every certificate here gets a key of its own, so the hash of the key is as unique as a random serial number would be
 * (RFC 5280 §4.1.2.2: positive, 20 octets at most).
 */
function serialNumber(spki: Buffer): Buffer {
  const serial = createHash('sha256').update(spki).digest().subarray(0, 16);
  serial[0] = (serial[0]! & 0x7f) | 0x40;
  return serial;
}

/** RFC 7093 §2, method 4 in 160 bits. */
function keyIdentifier(publicKey: KeyObject): Buffer {
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(spki).digest().subarray(0, 20);
}

function generalName(host: string): Buffer {
  if (isIP(host)) return der.element(0x87, ipBytes(host));
  const ascii = domainToASCII(host);
  if (!/^(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(ascii)) throw new TypeError(`Not a host name: ${host}`);
  return der.element(0x82, Buffer.from(ascii));
}

function ipBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  // The URL parser writes an IPv6 address in its canonical form, dotted tail included.
  const [head = '', tail = ''] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const before = head.split(':').filter(Boolean);
  const after = tail.split(':').filter(Boolean);
  const groups = [...before, ...Array(8 - before.length - after.length).fill('0'), ...after];
  return Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex');
}
