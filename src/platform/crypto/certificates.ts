import { createPrivateKey, generateKeyPair, X509Certificate } from 'node:crypto';
import { promisify } from 'node:util';
import { createCertificate, extension, toPem } from './x509.ts';

const generateKeys = promisify(generateKeyPair);

const DAY_MS = 24 * 3600 * 1000;
const AUTHORITY_DAYS = 3652;
const SERVER_DAYS = 365;
/** Clients whose clock is a little behind must not find the certificate to be from the future. */
const BACKDATED_MS = 3600 * 1000;
const ALWAYS_NAMED = ['localhost', '127.0.0.1', '::1'];

/** A certificate authority for one developer's machine: both parts PEM, plain data that may be kept in a file. */
export interface DevelopmentAuthority {
  readonly certPem: string;
  /** PKCS#8; whoever has it can impersonate any site to those who trust the authority */
  readonly privateKeyPem: string;
}

/** What node:https takes as `cert` (with the authority's behind it) and `key`. */
export interface ServerCertificate {
  readonly certPem: string;
  readonly privateKeyPem: string;
}

/**
 * Makes an authority (ECDSA P-256, ten years). Clients trust it through
 * NODE_EXTRA_CA_CERTS or their system's trust store.
 *
 * @param request.now milliseconds
 */
export async function createDevelopmentAuthority(request: { now: number }): Promise<DevelopmentAuthority> {
  const { publicKey, privateKey } = await generateKeys('ec', { namedCurve: 'P-256' });
  // Trust stores tell authorities apart by name: two machines' must differ.
  const name = `Countersign development ${new Date(request.now).toISOString().slice(0, 19)}Z`;
  const certificate = createCertificate({
    subject: name,
    publicKey,
    issuer: { name, privateKey, publicKey },
    notBefore: request.now - BACKDATED_MS,
    notAfter: request.now + AUTHORITY_DAYS * DAY_MS,
    extensions: [
      extension.basicConstraints(true),
      extension.keyUsage('keyCertSign', 'crlSign'),
      extension.subjectKeyIdentifier(publicKey),
    ],
  });
  return { certPem: `${toPem('CERTIFICATE', certificate)}\n`, privateKeyPem: exportKey(privateKey) };
}

/**
 * Issues a server certificate (ECDSA P-256, one year) for `hosts`, and always for localhost, 127.0.0.1 and ::1. Wildcards
 * (`*.auth.example.test`) are allowed, but browsers take none directly under a top-level name: name each `x.localhost`.
 *
 * @param request.now milliseconds
 * @throws TypeError when one of `hosts` is neither a host name nor an IP address, or the authority is not of our making
 */
export async function issueServerCertificate(
  authority: DevelopmentAuthority,
  request: { hosts: readonly string[]; now: number },
): Promise<ServerCertificate> {
  const authorityCertificate = new X509Certificate(authority.certPem);
  const hosts = [...new Set([...request.hosts, ...ALWAYS_NAMED])];
  const subjectAlternativeNames = extension.subjectAlternativeNames(hosts);
  const { publicKey, privateKey } = await generateKeys('ec', { namedCurve: 'P-256' });
  const certificate = createCertificate({
    subject: hosts[0] ?? 'localhost',
    publicKey,
    issuer: {
      name: requireCommonName(authorityCertificate),
      privateKey: createPrivateKey(authority.privateKeyPem),
      publicKey: authorityCertificate.publicKey,
    },
    notBefore: request.now - BACKDATED_MS,
    notAfter: request.now + SERVER_DAYS * DAY_MS,
    extensions: [
      extension.basicConstraints(false),
      extension.keyUsage('digitalSignature'),
      extension.serverAuthentication(),
      subjectAlternativeNames,
      extension.subjectKeyIdentifier(publicKey),
      extension.authorityKeyIdentifier(authorityCertificate.publicKey),
    ],
  });
  return {
    certPem: `${toPem('CERTIFICATE', certificate)}\n${authority.certPem}`,
    privateKeyPem: exportKey(privateKey),
  };
}

/** The issuer's name is written anew from its text, which is exact only for a lone, plain common name like ours. */
function requireCommonName(authority: X509Certificate): string {
  const name = /^CN=([^\n\\]+)$/.exec(authority.subject)?.[1];
  if (!name) throw new TypeError('Not an authority made by createDevelopmentAuthority.');
  return name;
}

function exportKey(key: ReturnType<typeof createPrivateKey>): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}
