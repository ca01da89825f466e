import { oneOf, optionalText, shapes, Type } from '../../kernel/index.ts';

const { answer, body, flag, integer, list, openRecord, record, text } = shapes;

/** What a new user may be given on `/api/v2/users`. */
export interface UserBody {
  readonly connection: string;
  readonly email?: string;
  readonly phone_number?: string;
  readonly username?: string;
  readonly password?: string;
  readonly user_id?: string;
  readonly email_verified?: boolean;
  readonly phone_verified?: boolean;
  readonly verify_email?: boolean;
  readonly blocked?: boolean;
  readonly given_name?: string;
  readonly family_name?: string;
  readonly name?: string;
  readonly nickname?: string;
  readonly picture?: string;
  readonly user_metadata?: Record<string, unknown>;
  readonly app_metadata?: Record<string, unknown>;
}

type Nullable =
  | 'email'
  | 'phone_number'
  | 'username'
  | 'password'
  | 'given_name'
  | 'family_name'
  | 'name'
  | 'nickname'
  | 'picture';

/** A change of a user; null unsets a member. */
export type UserChange = { readonly [K in Nullable]?: string | null } & {
  readonly blocked?: boolean;
  readonly email_verified?: boolean;
  readonly phone_verified?: boolean;
  readonly verify_email?: boolean;
  readonly user_metadata?: Record<string, unknown>;
  readonly app_metadata?: Record<string, unknown>;
  readonly connection?: string;
  readonly client_id?: string;
};

const PHONE = { pattern: '^\\+[0-9]{1,15}$' };

function profile(nullable: boolean) {
  const rules = nullable ? { nullable } : {};
  return {
    email: text("The user's email.", { format: 'email', ...rules }),
    phone_number: text("The user's phone number (following the E.164 recommendation).", { ...PHONE, ...rules }),
    username: text("The user's username. Only valid if the connection requires a username.", {
      minLength: 1,
      maxLength: 128,
      ...rules,
    }),
    password: text('A password for this user. Only valid for database connections.', { minLength: 1, ...rules }),
    given_name: text("The user's given name(s).", { minLength: 1, maxLength: 150, ...rules }),
    family_name: text("The user's family name(s).", { minLength: 1, maxLength: 150, ...rules }),
    name: text("The user's full name.", { minLength: 1, maxLength: 300, ...rules }),
    nickname: text("The user's nickname.", { minLength: 1, maxLength: 300, ...rules }),
    picture: text("A URI pointing to the user's picture.", { format: 'strict-uri', ...rules }),
    user_metadata: openRecord({}, 'What the user may change about themselves.'),
    app_metadata: openRecord({}, 'What the application decides about the user.'),
    blocked: flag('Whether an administrator blocked the user.'),
    email_verified: flag('Whether this email address is verified (true) or unverified (false).'),
    phone_verified: flag('Whether this phone number has been verified (true) or not (false).'),
    verify_email: flag('Whether a verification mail is sent, whatever email_verified says.'),
  };
}

export const createBody = body<UserBody>(
  {
    ...profile(false),
    user_id: text("The external user's id provided by the identity provider.", { maxLength: 255, pattern: '^\\S*$' }),
    connection: text('Name of the connection this user should be created in.', { minLength: 1 }),
  },
  { required: ['connection'] },
);

export const updateBody = body<UserChange>({
  ...profile(true),
  connection: text('Name of the connection to target for this user update.', { minLength: 1 }),
  client_id: text('Auth0 client ID. Only valid when updating email address.', { minLength: 1 }),
});

export const FIELDS = [
  ...['phone_number', 'email', 'email_verified', 'picture', 'username', 'user_id', 'name', 'nickname', 'created_at'],
  ...['identities', 'app_metadata', 'user_metadata', 'last_ip', 'last_login', 'logins_count', 'updated_at', 'blocked'],
  ...['family_name', 'given_name'],
];

export const searchParameters = {
  sort: Type.Optional(
    Type.String({
      pattern: '^(([a-zA-Z0-9_\\.]+))\\:(1|-1)$',
      description: 'Field to sort by, as field:1 or field:-1.',
    }),
  ),
  fields: optionalText('Comma-separated list of fields.'),
  include_fields: Type.Optional(
    Type.Boolean({ description: 'Whether specified fields are to be included (true) or excluded (false).' }),
  ),
  q: optionalText('Query in Lucene query string syntax.'),
  search_engine: Type.Optional(oneOf(['v1', 'v2', 'v3'], { description: 'The version of the search engine' })),
  connection: optionalText('Connection filter. Only applies when using search_engine=v1.'),
  primary_order: Type.Optional(Type.Boolean({ description: 'Whether the order must be the same each time.' })),
};

const identity = record(
  {
    connection: text('Name of the connection.'),
    user_id: text('Id within the provider.'),
    provider: text('Kind of provider.'),
    isSocial: flag('Whether the provider is a social one.'),
  },
  'An identity.',
  { additionalProperties: true },
);

const { password, verify_email, ...shown } = profile(false);
export const userShape = answer({
  user_id: text('Id of the user.'),
  ...shown,
  created_at: text('ISO 8601.'),
  updated_at: text('ISO 8601.'),
  identities: list(identity, 'Identities.'),
  last_ip: text('Address of the last sign-in.'),
  last_login: text('ISO 8601.'),
  logins_count: integer('How often the user signed in.'),
});
