import { isoTime } from '../../kernel/index.ts';
import { type Certificate, readCertificate } from '../../platform/crypto/index.ts';
import type { ClientCredential } from './credential.store.ts';
import { type CredentialBody, refuse, requirePem } from './credential-body.ts';

/** A line per part, as certificates are read: an attribute's name or number, and its value. */
const SUBJECT_LINE = /^([A-Za-z][A-Za-z0-9-]*|\d+(\.\d+)+)=\S/;

function requireCertificate(body: CredentialBody): Certificate {
  const certificate = readCertificate(requirePem(body));
  if (!certificate) throw refuse('The certificate cannot be read');
  return certificate;
}

/** The subject that certificates of a trusted authority must have: as it was sent, or that of a certificate. WireError 400. */
export function readSubject(body: CredentialBody): Partial<ClientCredential> {
  if (body.pem && body.subject_dn) throw refuse('pem and subject_dn are mutually exclusive');
  const subject = body.subject_dn ?? requireCertificate(body).subject;
  const isReadable = subject.split('\n').every((line) => SUBJECT_LINE.test(line));
  if (!isReadable) throw refuse('The subject_dn must have one attribute=value a line');
  return { subject_dn: subject };
}

/** The one certificate that a client has: known by its thumbprint, for as long as it is valid. WireError 400. */
export function readThumbprint(body: CredentialBody): Partial<ClientCredential> {
  const { thumbprint, validTo } = requireCertificate(body);
  return { thumbprint_sha256: thumbprint, pem: requirePem(body), expires_at: isoTime(validTo) };
}
