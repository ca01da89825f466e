import { type Context, isoTime, prefixedId } from '../../kernel/index.ts';
import { type ClientCredential, clientCredentialsOf } from './credential.store.ts';
import type { CredentialBody } from './credential-body.ts';
import { readSubject, readThumbprint } from './credential-certificate.ts';
import { readKey } from './credential-key.ts';

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
