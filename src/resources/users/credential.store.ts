import { type Collection, type Context, collection } from '../../kernel/index.ts';

/**
 * How a user of a database connection is recognised there: identifiers unique within the connection, and the password.
 * Kept apart from the user, so that nothing that reads users can leak a hash.
 */
export interface PasswordCredential {
  /** `${connection name}|${identity user_id}` */
  readonly id: string;
  readonly connection: string;
  /** `auth0|…`: the user this belongs to (the primary one once accounts are linked). */
  readonly user_id: string;
  /** Lower-case. */
  readonly email?: string;
  /** Lower-case. */
  readonly username?: string;
  /** E.164 */
  readonly phone_number?: string;
  /** PHC (argon2id) or bcrypt; absent for users without a password. */
  readonly password_hash?: string;
  /** Earlier hashes, newest first, as long as the connection's password history wants them. */
  readonly earlier_hashes?: readonly { readonly hash: string; readonly replaced_at: string }[];
  readonly password_set_at?: string;
  /** The address was proved by somebody who may be another than the one who set this up. Gone with the next password. */
  readonly unclaimed?: true;
}

export const passwordCredentialsCollection = collection<PasswordCredential>({
  name: 'password_credentials',
  key: 'id',
  index: { connection: 'text', user_id: 'text', email: 'text', username: 'text', phone_number: 'text' },
  unique: [
    ['connection', 'email'],
    ['connection', 'username'],
    ['connection', 'phone_number'],
  ],
});

export function passwordCredentialsOf(ctx: Context): Collection<PasswordCredential> {
  return ctx.store.collection(passwordCredentialsCollection);
}

/** The credential in `connection` whose e-mail, username or phone number is `identifier` (any case), or undefined. */
export async function findPasswordCredential(
  ctx: Context,
  connection: string,
  identifier: string,
): Promise<PasswordCredential | undefined> {
  const credentials = passwordCredentialsOf(ctx);
  const wanted = identifier.trim().toLowerCase();
  if (wanted === '') return undefined;
  if (wanted.includes('@')) {
    const byEmail = await credentials.find({ connection, email: wanted });
    if (byEmail) return byEmail;
  }
  return (
    (await credentials.find({ connection, username: wanted })) ??
    (await credentials.find({ connection, phone_number: wanted }))
  );
}
