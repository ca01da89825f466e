/** A key that a client signs its requests or its assertions with. */
import { generateKeyPairSync } from 'node:crypto';
import { type Context, prefixedId } from '../src/kernel/index.ts';
import { importSigner, signJwt } from '../src/platform/crypto/index.ts';
import { clientCredentialsOf, clientsOf } from '../src/resources/clients/index.ts';

type Algorithm = 'RS256' | 'RS384' | 'RS512' | 'PS256';
type Claims = Readonly<Record<string, unknown>>;

export interface ClientKey {
  /** The credential's id. */
  readonly id: string;
  readonly privateKeyPem: string;
  readonly publicKeyPem: string;
  sign(claims: Claims, header?: { typ?: string | null; alg?: Algorithm; kid?: string }): Promise<string>;
}

/** Gives a client a new key, and has it used for signed requests, for client authentication, or for both. */
export async function addClientKey(
  ctx: Context,
  client_id: string,
  uses: readonly ('request' | 'assertion')[],
  alg: Algorithm = 'RS256',
): Promise<ClientKey> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const id = prefixedId(ctx.random, 'cred_', 22);
  const now = new Date(ctx.clock.now()).toISOString();
  await clientCredentialsOf(ctx).insert({
    id,
    client_id,
    credential_type: 'public_key',
    kid: id,
    alg,
    pem: publicKeyPem,
    created_at: now,
    updated_at: now,
  });
  const credentials = [{ id }];
  await clientsOf(ctx).update(client_id, (client) => ({
    ...client,
    ...(uses.includes('request') ? { signed_request_object: { ...client.signed_request_object, credentials } } : {}),
    ...(uses.includes('assertion')
      ? { token_endpoint_auth_method: null, client_authentication_methods: { private_key_jwt: { credentials } } }
      : {}),
  }));
  return {
    id,
    privateKeyPem,
    publicKeyPem,
    sign: (claims, header = {}) =>
      signJwt(importSigner(privateKeyPem, header.kid ?? id, header.alg ?? alg), claims, {
        typ: header.typ === undefined ? 'oauth-authz-req+jwt' : header.typ,
      }),
  };
}
