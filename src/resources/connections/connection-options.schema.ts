import { shapes } from '../../kernel/index.ts';
import { passwordlessOptions } from './passwordless-options.schema.ts';

const { choice, flag, integer, list, openRecord, record, text } = shapes;

const METHODS = ['password', 'email_otp'];
const identifier = record(
  {
    active: flag('Whether users may sign in with it.'),
    default_method: choice(METHODS, 'How they prove it unless they choose otherwise.'),
  },
  'Use as an identifier.',
);
const status = choice(['required', 'optional', 'inactive'], 'Whether sign-up asks for it.');
const verification = record({ active: flag('Whether it is verified at sign-up.') }, 'Verification at sign-up.');
const profileRequired = flag('Whether every user must have it.');

const attributes = record(
  {
    email: record(
      {
        identifier,
        unique: flag('Whether two users may not share it.'),
        profile_required: profileRequired,
        verification_method: choice(['link', 'otp'], 'How it is verified.'),
        signup: record({ status, verification }, 'At sign-up.'),
      },
      'The e-mail address.',
    ),
    phone_number: record(
      { identifier, profile_required: profileRequired, signup: record({ status, verification }, 'At sign-up.') },
      'The phone number.',
    ),
    username: record(
      {
        identifier,
        profile_required: profileRequired,
        signup: record({ status }, 'At sign-up.'),
        validation: record(
          {
            min_length: integer('Fewest characters.', { minimum: 1, maximum: 128 }),
            max_length: integer('Most characters.', { minimum: 1, maximum: 128 }),
            allowed_types: record(
              { email: flag('May it be an address?'), phone_number: flag('May it be a phone number?') },
              'What else a username may be.',
            ),
          },
          'What a username may look like.',
        ),
      },
      'The username.',
    ),
  },
  'Attribute configuration',
  { minProperties: 1 },
);

const nullable = { nullable: true } as const;
const enabled = record({ enabled: flag('Whether it is on.') }, 'A method.');

const authenticationMethods = record(
  {
    password: record(
      {
        enabled: flag('Whether passwords are on.'),
        api_behavior: choice(['required', 'optional'], 'Whether users made by the API need a password.'),
        signup_behavior: choice(['allow', 'block'], 'Whether people may sign up with a password.'),
      },
      'Passwords.',
    ),
    passkey: enabled,
    email_otp: enabled,
    phone_otp: enabled,
  },
  'Options for enabling authentication methods.',
  nullable,
);

const words = list(text('A word.', { maxLength: 50 }), 'Words that are no passwords.', { maxItems: 200 });
const switchable = ['allow', 'block'];

const passwordOptions = record(
  {
    complexity: record(
      {
        min_length: integer('Fewest characters.', { minimum: 1, maximum: 72 }),
        character_types: list(
          choice(['uppercase', 'lowercase', 'number', 'special'], 'A type of character.'),
          'Types of characters.',
        ),
        character_type_rule: choice(['all', 'three_of_four'], 'How many of the types must be there.'),
        identical_characters: choice(switchable, 'The same character three times in a row.'),
        sequential_characters: choice(switchable, 'Characters that follow each other.'),
        max_length_exceeded: choice(['truncate', 'error'], 'What happens beyond the longest.'),
      },
      'Complexity.',
    ),
    dictionary: record(
      {
        active: flag('Whether words are refused.'),
        custom: words,
        default: choice(['en_10k', 'en_100k'], 'The list of common words.'),
      },
      'Dictionary.',
    ),
    history: record(
      { active: flag('Whether passwords are remembered.'), size: integer('How many.', { minimum: 1, maximum: 24 }) },
      'History.',
    ),
    profile_data: record(
      {
        active: flag('Whether personal data is refused.'),
        blocked_fields: list(text('A member.', { maxLength: 100 }), 'Members of the profile.', { maxItems: 12 }),
      },
      'Personal data.',
    ),
  },
  'Password policy options.',
);

const databaseOptions = {
  validation: record(
    {
      username: record(
        { min: integer('Fewest characters.', { minimum: 1 }), max: integer('Most characters.', { maximum: 128 }) },
        'Length of usernames.',
        { nullable: true, required: ['max', 'min'] },
      ),
    },
    'Options for validation',
    nullable,
  ),
  precedence: list(
    choice(['email', 'phone_number', 'username'], 'Order of precedence for attribute types'),
    'Which identifier counts first.',
    { minItems: 3, uniqueItems: true },
  ),
  attributes,
  enable_script_context: flag('Whether scripts are given the context.'),
  enabledDatabaseCustomization: flag('Whether scripts speak for another user store.'),
  import_mode: flag('Whether users move over as they sign in.'),
  configuration: openRecord({}, 'Settings of the scripts, stored encrypted.', {
    nullable: true,
    additionalProperties: { type: ['string', 'null'] },
  }),
  customScripts: openRecord({}, 'Scripts.', { additionalProperties: { type: 'string' } }),
  authentication_methods: authenticationMethods,
  passkey_options: record(
    {
      challenge_ui: choice(['both', 'autofill', 'button'], 'How a passkey is asked for.'),
      progressive_enrollment_enabled: flag('Whether users are offered a passkey later.'),
      local_enrollment_enabled: flag('Whether users are offered one for this device.'),
    },
    'Options for the passkey authentication method',
    nullable,
  ),
  passwordPolicy: choice(['none', 'low', 'fair', 'good', 'excellent'], 'Password strength level', nullable),
  password_complexity_options: record(
    { min_length: integer('Minimum password length', { minimum: 1, maximum: 128 }) },
    'Password complexity options',
    nullable,
  ),
  password_history: record(
    { enable: flag('Whether passwords are remembered.'), size: integer('How many.', { minimum: 0, maximum: 24 }) },
    'Options for password history policy',
    { nullable: true, required: ['enable'] },
  ),
  password_no_personal_info: record(
    { enable: flag('Whether personal data is refused.') },
    'Options for personal info in passwords policy',
    { nullable: true, required: ['enable'] },
  ),
  password_dictionary: record(
    { enable: flag('Whether words are refused.'), dictionary: words },
    'Options for password dictionary policy',
    { nullable: true, required: ['enable'] },
  ),
  password_options: passwordOptions,
  requires_username: flag('Whether users have a username beside their address.'),
  disable_self_service_change_password: flag('Whether users may not reset their password themselves.'),
};

const commonOptions = {
  non_persistent_attrs: list(text('A member.'), 'Members of the profile that are not stored.', nullable),
  brute_force_protection: flag('Whether guessing is blocked.'),
  disable_signup: flag('Whether nobody may sign up.'),
  realm_fallback: flag('Whether the realm is fallen back to.'),
  mfa: openRecord(
    { active: flag('Active.'), return_enroll_settings: flag('Return settings.') },
    'MFA of the connection.',
  ),
};

/** Names of the options that database connections have. */
export const databaseOptionNames = Object.keys({ ...databaseOptions, ...commonOptions });

/** Options of every strategy that is served; those that others have are let through unread, as Auth0 lets them. */
export const optionShapes = { ...databaseOptions, ...commonOptions, ...passwordlessOptions };
