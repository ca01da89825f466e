import { type Context, type Endpoint, endpoint, type Random } from '../../kernel/index.ts';
import { hashPassword } from '../../platform/crypto/index.ts';
import { compileEndpoint } from '../../platform/http/index.ts';
import { type Connection, findConnectionByName } from '../../resources/connections/index.ts';
import { tenantSettings } from '../../resources/tenant-settings/index.ts';
import { createDatabaseUser } from '../../resources/users/index.ts';
import { DEFAULT_CONNECTION } from '../tenant.ts';
import { entriesOf, isMembers } from './file.ts';
import { readPasswordHash } from './password-hash.ts';
import type { Section, Seeding } from './section.ts';
import { atPlace, SeedError } from './seed-error.ts';
import { type SeedFactor, type SeedUser, seedUser } from './user.schema.ts';

const METHODS = '/api/v2/users/:id/authentication-methods';

/** Auth0: names that an import may not put into `app_metadata`, because the server has its own of them. */
const RESERVED = new Set([
  '__tenant',
  '_id',
  'blocked',
  'clientID',
  'created_at',
  'email_verified',
  'email',
  'globalClientID',
  'global_client_id',
  'identities',
  'lastIP',
  'lastLogin',
  'loginsCount',
  'metadata',
  'multifactor_last_modified',
  'multifactor',
  'updated_at',
  'user_id',
]);

/** An endpoint that is never mounted: it lends the user schema the validation and the words of the Management API. */
const importing: Endpoint = endpoint({
  method: 'POST',
  path: '/users',
  name: 'seedUser',
  summary: '',
  tag: 'seed',
  surface: 'management',
  body: seedUser,
  replies: {},
  handle: () => Promise.reject(new Error('not mounted')),
});
const validate = compileEndpoint(importing);

async function requireDatabase(ctx: Context, name: string | undefined): Promise<Connection> {
  const wanted = name ?? (await tenantSettings(ctx)).default_directory ?? DEFAULT_CONNECTION;
  const connection = await findConnectionByName(ctx, wanted);
  if (connection?.strategy !== 'auth0')
    throw new SeedError(`connection ${wanted} is no database connection of this tenant`);
  return connection;
}

/** A factor of the import as the Management API takes it: confirmed, as the person proved it elsewhere. */
function methodOf({ totp, phone, email }: SeedFactor): object {
  if (totp) return { type: 'totp', totp_secret: totp.secret };
  if (phone) return { type: 'phone', phone_number: phone.value };
  return { type: 'email', email: email?.value };
}

async function addFactors({ operations }: Seeding, userId: string, factors: readonly SeedFactor[]): Promise<void> {
  const path = METHODS.replace(':id', encodeURIComponent(userId));
  for (const [position, factor] of factors.entries()) {
    await atPlace(`mfa_factors[${position}]`, () => operations.call('POST', path, methodOf(factor)));
  }
}

/** Hashes the clear passwords among the users of a seed, by position: slow, so it is done before the transaction. */
export async function hashPasswords(value: unknown, random: Random): Promise<(string | undefined)[]> {
  const entries = Array.isArray(value) ? value : [];
  const passwords = entries.map((entry: unknown) => (isMembers(entry) ? entry.password : undefined));
  return Promise.all(passwords.map((one) => (typeof one === 'string' ? hashPassword(one, random) : undefined)));
}

async function addUser(seeding: Seeding, entry: unknown, hashed: string | undefined): Promise<void> {
  const { ctx } = seeding;
  const user = validate({ params: {}, query: {}, body: entry }).body as SeedUser;
  const { connection: name, password_hash: _hash, custom_password_hash: _custom, mfa_factors, ...members } = user;
  const reserved = Object.keys(user.app_metadata ?? {}).filter((member) => RESERVED.has(member));
  if (reserved.length > 0) throw new SeedError(`app_metadata may not have ${reserved.join(', ')}`);
  const password_hash = readPasswordHash(user) ?? hashed;
  const connection = await requireDatabase(ctx, name);
  const made = await createDatabaseUser(ctx, { connection, ...members, ...(password_hash ? { password_hash } : {}) });
  await addFactors(seeding, made.user_id, mfa_factors ?? []);
}

export const users: Section = {
  key: 'users',
  needs: [['POST', METHODS]],
  async apply(seeding, value) {
    for (const [position, { at, entry }] of entriesOf('users', value).entries()) {
      await atPlace(at, () => addUser(seeding, entry, seeding.hashes[position]));
    }
  },
};
