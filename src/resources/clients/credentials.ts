import { X509Certificate } from 'node:crypto';
import { type Context, isoTime, managementError, prefixedId } from '../../kernel/index.ts';
import { importPublicKey, jwkThumbprint, PublicKeyRefused } from '../../platform/crypto/index.ts';
import { type ClientCredential, clientCredentialsOf } from './credential.store.ts';

/** A credential as it is sent. */
export interface CredentialBody {
  readonly credential_type: ClientCredential['credential_type'];
  readonly name?: string;
  readonly pem?: string;
  readonly alg?: string;
  readonly kid?: string;
  readonly subject_dn?: string;
  readonly parse_expiry_from_cert?: boolean;
  readonly expires_at?: string;
}

/** Auth0: a client has at most two credentials, so that one can replace the other. */
const MOST_CREDENTIALS = 2;
const SHORTEST_RSA_KEY = 2048;

const refuse = (reason: string) => managementError(400, `Payload validation error: '${reason}'.`, 'invalid_body');

function readCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw refuse('The certificate cannot be read');
  }
}

const isCertificate = (pem: string) => pem.includes('-----BEGIN CERTIFICATE-----');

function readKey(body: CredentialBody): Partial<ClientCredential> {
  const pem = requirePem(body);
  const key = readPublicKey(pem);
  if (key.asymmetricKeyType !== 'rsa') throw refuse('The public key must be an RSA key');
  if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < SHORTEST_RSA_KEY) {
    throw refuse(`The public key must have at least ${SHORTEST_RSA_KEY} bits`);
  }
  const kid = body.kid ?? jwkThumbprint(key.export({ format: 'jwk' }));
  const expiry = body.parse_expiry_from_cert && isCertificate(pem) ? readCertificate(pem).validTo : body.expires_at;
  return { kid, alg: body.alg ?? 'RS256', pem, ...(expiry ? { expires_at: isoTime(Date.parse(expiry)) } : {}) };
}

function readPublicKey(pem: string) {
  try {
    return importPublicKey(pem);
  } catch (error) {
    if (error instanceof PublicKeyRefused) throw refuse('The public key cannot be read');
    throw error;
  }
}

function requirePem({ pem }: CredentialBody): string {
  if (!pem) throw refuse('Missing required property: pem');
  return pem;
}

function readSubject(body: CredentialBody): Partial<ClientCredential> {
  if (body.pem && body.subject_dn) throw refuse('pem and subject_dn are mutually exclusive');
  if (body.subject_dn) return { subject_dn: body.subject_dn };
  return { subject_dn: readCertificate(requirePem(body)).subject };
}

function readThumbprint(body: CredentialBody): Partial<ClientCredential> {
  const pem = requirePem(body);
  const certificate = readCertificate(pem);
  const thumbprint = Buffer.from(certificate.fingerprint256.replaceAll(':', ''), 'hex').toString('base64url');
  return { thumbprint_sha256: thumbprint, pem, expires_at: isoTime(Date.parse(certificate.validTo)) };
}

const READERS = { public_key: readKey, cert_subject_dn: readSubject, x509_cert: readThumbprint } as const;

/** The stored form of `body`. WireError 400 when a key or certificate cannot be read. */
export function makeCredential(ctx: Context, clientId: string, body: CredentialBody): ClientCredential {
  const now = isoTime(ctx.clock);
  return {
    id: prefixedId(ctx.random, 'cred_', 22),
    client_id: clientId,
    credential_type: body.credential_type,
    ...(body.name === undefined ? {} : { name: body.name }),
    ...READERS[body.credential_type](body),
    created_at: now,
    updated_at: now,
  };
}

/**
 * Gives a client credentials. WireError 400 when one cannot be read, or the client would have more than two; then none is added.
 */
export async function addCredentials(
  ctx: Context,
  clientId: string,
  bodies: readonly CredentialBody[],
): Promise<ClientCredential[]> {
  const made = bodies.map((body) => makeCredential(ctx, clientId, body));
  const collection = clientCredentialsOf(ctx);
  return ctx.store.transaction(async () => {
    if ((await collection.count({ client_id: clientId })) + made.length > MOST_CREDENTIALS) {
      throw managementError(400, `A client can have at most ${MOST_CREDENTIALS} credentials.`, 'invalid_body');
    }
    for (const credential of made) await collection.insert(credential);
    return made;
  });
}

/** A client's credentials in the order in which they were made. */
export function listCredentials(ctx: Context, clientId: string): Promise<ClientCredential[]> {
  return clientCredentialsOf(ctx).list({ where: { client_id: clientId }, orderBy: 'created_at' });
}

/** A credential as the wire shows it: without the key itself. */
export function presentCredential({ client_id: _client, pem: _pem, ...shown }: ClientCredential): object {
  return shown;
}

/** Removes all credentials of a client that is deleted. */
export async function forgetCredentialsOf(ctx: Context, clientId: string): Promise<void> {
  await clientCredentialsOf(ctx).deleteWhere({ client_id: clientId });
}
