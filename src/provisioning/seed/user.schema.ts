import { shapes } from '../../kernel/index.ts';

const { choice, flag, list, openRecord, record, text } = shapes;

const encoded = (description: string, encodings: readonly string[]) =>
  record({ value: text(description), encoding: choice(encodings, 'How the value is written.') }, description);

/** All that Auth0's import knows of a hash; which of it can be verified is decided where it is read. */
const customPasswordHash = record(
  {
    algorithm: text('How the password was hashed.'),
    hash: record(
      {
        value: text('The hash.'),
        encoding: choice(['hex', 'base64', 'utf8'], 'How the hash is written.'),
        digest: text('Digest inside an HMAC.'),
        key: encoded('Key of an HMAC.', ['hex', 'base64', 'utf8']),
      },
      'The hash and how to read it.',
      { required: ['value'] },
    ),
    salt: record(
      {
        value: text('The salt.'),
        encoding: choice(['hex', 'base64', 'utf8'], 'How the salt is written.'),
        position: choice(['prefix', 'suffix'], 'Where the salt stands.'),
      },
      'A salt beside the hash.',
      { required: ['value'] },
    ),
    password: record(
      { encoding: choice(['ascii', 'utf8', 'utf16le', 'ucs2', 'latin1', 'binary'], 'Encoding of the password.') },
      'How the password was read before it was hashed.',
    ),
  },
  'A password that was hashed elsewhere.',
  { required: ['algorithm', 'hash'] },
);

const factor = record(
  {
    totp: record({ secret: text('Base32 secret.', { pattern: '^[A-Z2-7]+$' }) }, 'An authenticator app.', {
      required: ['secret'],
    }),
    phone: record({ value: text('Number with its country code.') }, 'A phone.', { required: ['value'] }),
    email: record({ value: text('Address.', { format: 'email' }) }, 'An address.', { required: ['value'] }),
  },
  'A second factor.',
  { minProperties: 1, maxProperties: 1 },
);

/** One user: the format of Auth0's user import, and `connection` and `password`, which are ours. */
export const seedUser = shapes.body<SeedUser>({
  connection: text('Name of a database connection.', { minLength: 1 }),
  email: text('Address.', { format: 'email' }),
  email_verified: flag('Whether the address was verified.'),
  phone_number: text('Number with its country code.', { pattern: '^\\+[0-9]{1,15}$' }),
  phone_verified: flag('Whether the number was verified.'),
  user_id: text('Id, with or without the provider.', { minLength: 1, maxLength: 255 }),
  username: text('Name to sign in with.', { minLength: 1, maxLength: 128 }),
  given_name: text('Given name.', { minLength: 1, maxLength: 150 }),
  family_name: text('Family name.', { minLength: 1, maxLength: 150 }),
  name: text('Full name.', { minLength: 1, maxLength: 300 }),
  nickname: text('Nickname.', { minLength: 1, maxLength: 300 }),
  picture: text('URL of a picture.', { format: 'uri' }),
  blocked: flag('Whether the user is kept out.'),
  password: text('Password in clear.', { minLength: 1 }),
  password_hash: text('bcrypt hash.', { pattern: '^\\$2[ab]\\$' }),
  custom_password_hash: customPasswordHash,
  app_metadata: openRecord({}, 'What applications know of the user.'),
  user_metadata: openRecord({}, 'What the user may change.'),
  mfa_factors: list(factor, 'Second factors.', { minItems: 1, maxItems: 10 }),
});

export interface CustomPasswordHash {
  readonly algorithm: string;
  readonly hash: { readonly value: string; readonly encoding?: string };
  readonly salt?: object;
  readonly password?: { readonly encoding?: string };
}

export interface SeedFactor {
  readonly totp?: { readonly secret: string };
  readonly phone?: { readonly value: string };
  readonly email?: { readonly value: string };
}

export interface SeedUser {
  readonly connection?: string;
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly phone_number?: string;
  readonly phone_verified?: boolean;
  readonly user_id?: string;
  readonly username?: string;
  readonly given_name?: string;
  readonly family_name?: string;
  readonly name?: string;
  readonly nickname?: string;
  readonly picture?: string;
  readonly blocked?: boolean;
  readonly password?: string;
  readonly password_hash?: string;
  readonly custom_password_hash?: CustomPasswordHash;
  readonly app_metadata?: Record<string, unknown>;
  readonly user_metadata?: Record<string, unknown>;
  readonly mfa_factors?: readonly SeedFactor[];
}
