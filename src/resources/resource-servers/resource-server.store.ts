import { type Collection, type Context, collection } from '../../kernel/index.ts';

/** The key of an API that alone may read its access tokens. */
export interface TokenEncryption {
  readonly format: 'compact-nested-jwe';
  readonly encryption_key: {
    readonly name?: string;
    readonly alg: 'RSA-OAEP-256' | 'RSA-OAEP-384' | 'RSA-OAEP-512';
    readonly kid?: string;
    readonly pem: string;
  };
}

/** An API that tokens are issued for. */
export interface ResourceServer {
  readonly id: string;
  readonly identifier: string;
  readonly name?: string;
  readonly is_system?: boolean;
  readonly scopes?: readonly { readonly value: string; readonly description?: string }[];
  readonly signing_alg: 'RS256' | 'HS256' | 'RS512' | 'PS256';
  /** HS256 only, sealed. */
  readonly signing_secret_sealed?: string;
  readonly allow_offline_access: boolean;
  readonly allow_online_access?: boolean;
  readonly allow_online_access_with_ephemeral_sessions?: boolean;
  readonly skip_consent_for_verifiable_first_party_clients: boolean;
  readonly token_lifetime: number;
  readonly token_lifetime_for_web: number;
  readonly enforce_policies?: boolean;
  readonly token_dialect?: 'access_token' | 'access_token_authz' | 'rfc9068_profile' | 'rfc9068_profile_authz';
  readonly proof_of_possession?: {
    readonly mechanism: 'mtls' | 'dpop';
    readonly required: boolean;
    /** Default: all of them. */
    readonly required_for?: 'public_clients' | 'all_clients';
  };
  readonly subject_type_authorization: {
    readonly user: { readonly policy: 'allow_all' | 'deny_all' | 'require_client_grant' };
    readonly client: { readonly policy: 'deny_all' | 'require_client_grant' };
  };
  /** RFC 9396: the types of details that may be asked for. */
  readonly authorization_details?: readonly { readonly type: string }[] | null;
  /** Access tokens are encrypted to this key. */
  readonly token_encryption?: TokenEncryption | null;
  readonly [other: string]: unknown;
}

export const resourceServersCollection = collection<ResourceServer>({
  name: 'resource_servers',
  key: 'id',
  index: { identifier: 'text', name: 'text' },
  unique: [['identifier']],
  cached: true,
});

export function resourceServersOf(ctx: Context): Collection<ResourceServer> {
  return ctx.store.collection(resourceServersCollection);
}

/** The API whose identifier (audience) is `identifier`, or undefined. From memory. */
export function findResourceServer(ctx: Context, identifier: string): Promise<ResourceServer | undefined> {
  return resourceServersOf(ctx).find({ identifier });
}

const secretContext = (ctx: Context, id: string) => `${ctx.tenant.id}:resource_servers:${id}:signing_secret`;

/** Stored form of an HS256 signing secret. */
export function sealSigningSecret(ctx: Context, id: string, secret: string): string {
  return ctx.sealer.seal(secret, secretContext(ctx, id));
}

/** The HS256 signing secret in clear. */
export function revealSigningSecret(ctx: Context, server: ResourceServer): string | undefined {
  return server.signing_secret_sealed && ctx.sealer.open(server.signing_secret_sealed, secretContext(ctx, server.id));
}
