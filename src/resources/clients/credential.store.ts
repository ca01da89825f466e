import { type Collection, type Context, collection } from '../../kernel/index.ts';

/** A key that a client proves itself with (`private_key_jwt`, mTLS). */
export interface ClientCredential {
  /** `cred_` + 22 */
  readonly id: string;
  readonly client_id: string;
  readonly name?: string;
  readonly credential_type: 'public_key' | 'x509_cert' | 'cert_subject_dn';
  readonly kid?: string;
  readonly alg?: string;
  /** PEM (SPKI or certificate) as given. */
  readonly pem?: string;
  readonly subject_dn?: string;
  readonly thumbprint_sha256?: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly expires_at?: string;
}

export const clientCredentialsCollection = collection<ClientCredential>({
  name: 'client_credentials',
  key: 'id',
  index: { client_id: 'text', created_at: 'text' },
  cached: true,
});

export function clientCredentialsOf(ctx: Context): Collection<ClientCredential> {
  return ctx.store.collection(clientCredentialsCollection);
}
