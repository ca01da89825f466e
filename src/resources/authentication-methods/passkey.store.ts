import { type Collection, type Context, collection } from '../../kernel/index.ts';

/** A passkey: the key pair of an authenticator with which its user logs in, in place of a password. */
export interface Passkey {
  /** `dev_` + 16; shown as `passkey|dev_…` */
  readonly id: string;
  readonly user_id: string;
  /** The identity that it belongs to, with its provider. */
  readonly identity_user_id: string;
  readonly connection: string;
  /** base64url */
  readonly credential_id: string;
  /** COSE key, base64url. */
  readonly public_key: string;
  /** How often it was used, as its authenticator counts; 0 where it does not. */
  readonly sign_count: number;
  readonly credential_device_type: 'single_device' | 'multi_device';
  readonly credential_backed_up: boolean;
  readonly aaguid: string;
  /** The host that it was made for. */
  readonly relying_party_identifier: string;
  /** What the authenticator knows its user by: random, base64url. */
  readonly user_handle: string;
  readonly user_agent: string;
  readonly name?: string;
  readonly created_at: string;
  readonly last_auth_at?: string;
}

export const passkeysCollection = collection<Passkey>({
  name: 'passkeys',
  key: 'id',
  index: { user_id: 'text', credential_id: 'text', created_at: 'text' },
  unique: [['credential_id']],
});

export function passkeysOf(ctx: Context): Collection<Passkey> {
  return ctx.store.collection(passkeysCollection);
}

/** The passkeys of `userId`, oldest first. */
export function listPasskeys(ctx: Context, userId: string): Promise<Passkey[]> {
  return passkeysOf(ctx).list({ where: { user_id: userId }, orderBy: 'created_at' });
}

/** Removes all passkeys of `userId`. Answers how many. */
export function forgetPasskeysOf(ctx: Context, userId: string): Promise<number> {
  return passkeysOf(ctx).deleteWhere({ user_id: userId });
}

/** How the Management API shows a passkey. */
export function presentPasskey(passkey: Passkey): Readonly<Record<string, unknown>> {
  const { id, name, credential_id: key_id, public_key, aaguid, user_agent, relying_party_identifier } = passkey;
  const { credential_device_type, credential_backed_up, identity_user_id, created_at, last_auth_at } = passkey;
  return {
    id: `passkey|${id}`,
    type: 'passkey',
    confirmed: true,
    ...(name ? { name } : {}),
    key_id,
    public_key,
    credential_device_type,
    credential_backed_up,
    identity_user_id,
    user_agent,
    aaguid,
    relying_party_identifier,
    created_at,
    enrolled_at: created_at,
    ...(last_auth_at ? { last_auth_at } : {}),
  };
}
