import type { Connection } from './connection.store.ts';

export type Identifier = 'email' | 'username' | 'phone_number';
export type CharacterType = 'lowercase' | 'uppercase' | 'number' | 'special';

export interface PasswordRules {
  readonly minLength: number;
  /** Undefined: no limit. */
  readonly maxLength?: number;
  readonly types: readonly CharacterType[];
  /** How many of `types` a password must have. */
  readonly typesNeeded: number;
  readonly blockIdentical: boolean;
  readonly blockSequential: boolean;
  /** Undefined: any word is allowed. Else the tenant's own words, besides the common ones. */
  readonly dictionary?: readonly string[];
  /** How many earlier passwords may not come back. */
  readonly history: number;
  /** Undefined: personal data is allowed. Else the user's members that a password may not contain. */
  readonly personalFields?: readonly string[];
}

export interface IdentifierRules {
  /** May a user sign in with it? */
  readonly active: boolean;
  /** May a user have it? */
  readonly allowed: boolean;
  /** Must somebody who signs up give it? */
  readonly requiredAtSignup: boolean;
  /** Must every user have it? */
  readonly required: boolean;
  readonly unique: boolean;
}

export interface DatabaseRules {
  readonly identifiers: Readonly<Record<Identifier, IdentifierRules>>;
  /** What counts first when one text could be several of them. */
  readonly precedence: readonly Identifier[];
  readonly username: { readonly min: number; readonly max: number; readonly emails: boolean; readonly phones: boolean };
  readonly password: PasswordRules;
  readonly passwordEnabled: boolean;
  /** May the Management API make users without a password? */
  readonly passwordOptional: boolean;
  /** May people sign up with a password? */
  readonly passwordSignup: boolean;
  readonly signupDisabled: boolean;
  readonly selfServiceReset: boolean;
  readonly bruteForceProtection: boolean;
  /** Members of a profile that are not kept. */
  readonly dropped: readonly string[];
  /** Is an e-mail to verify the address sent at signup? */
  readonly verifyEmail: boolean;
}

type Options = Readonly<Record<string, unknown>>;
type Attribute = {
  identifier?: { active?: boolean };
  unique?: boolean;
  profile_required?: boolean;
  signup?: { status?: 'required' | 'optional' | 'inactive'; verification?: { active?: boolean } };
  validation?: {
    min_length?: number;
    max_length?: number;
    allowed_types?: { email?: boolean; phone_number?: boolean };
  };
};

const ALL_TYPES: readonly CharacterType[] = ['lowercase', 'uppercase', 'number', 'special'];

/** What the named strengths mean (Auth0: none, low, fair, good, excellent). */
const STRENGTHS = {
  none: { minLength: 1, types: [], typesNeeded: 0, blockIdentical: false },
  low: { minLength: 6, types: [], typesNeeded: 0, blockIdentical: false },
  fair: { minLength: 8, types: ['lowercase', 'uppercase', 'number'], typesNeeded: 3, blockIdentical: false },
  good: { minLength: 8, types: ALL_TYPES, typesNeeded: 3, blockIdentical: false },
  excellent: { minLength: 10, types: ALL_TYPES, typesNeeded: 3, blockIdentical: true },
} as const;

/** Members of a user that Auth0 keeps out of passwords; a dot leads into an object. */
const PERSONAL_FIELDS = [
  'name',
  'username',
  'nickname',
  'user_metadata.name',
  'user_metadata.first',
  'user_metadata.last',
  'email',
];

const part = (options: Options, name: string): Options => (options[name] ?? {}) as Options;

function strengthRules(options: Options): PasswordRules {
  const strength = STRENGTHS[(options.passwordPolicy as keyof typeof STRENGTHS | null | undefined) ?? 'none'];
  const minLength = part(options, 'password_complexity_options').min_length as number | undefined;
  const dictionary = part(options, 'password_dictionary');
  const history = part(options, 'password_history');
  return {
    ...strength,
    ...(minLength === undefined ? {} : { minLength }),
    blockSequential: false,
    ...(dictionary.enable ? { dictionary: (dictionary.dictionary ?? []) as string[] } : {}),
    history: history.enable ? ((history.size as number | undefined) ?? 5) : 0,
    ...(part(options, 'password_no_personal_info').enable ? { personalFields: PERSONAL_FIELDS } : {}),
  };
}

/** `password_options`, where it is given, speaks for itself; the older options count where it says nothing. */
function flexibleRules(base: PasswordRules, given: Options): PasswordRules {
  const complexity = given.complexity as Options | undefined;
  const dictionary = given.dictionary as Options | undefined;
  const history = given.history as Options | undefined;
  const profile = given.profile_data as Options | undefined;
  const { dictionary: baseDictionary, personalFields: basePersonal, ...rest } = base;
  const words = dictionary ? (dictionary.active ? ((dictionary.custom ?? []) as string[]) : undefined) : baseDictionary;
  const fields = profile
    ? profile.active
      ? [...PERSONAL_FIELDS, ...((profile.blocked_fields ?? []) as string[])]
      : undefined
    : basePersonal;
  return {
    ...rest,
    ...(complexity ? complexityRules(complexity) : {}),
    history: history ? (history.active ? ((history.size as number | undefined) ?? 5) : 0) : base.history,
    ...(words ? { dictionary: words } : {}),
    ...(fields ? { personalFields: fields } : {}),
  };
}

function complexityRules(complexity: Options): Partial<PasswordRules> {
  const types = ALL_TYPES.filter((type) => ((complexity.character_types ?? []) as string[]).includes(type));
  return {
    minLength: (complexity.min_length as number | undefined) ?? 1,
    types,
    typesNeeded: complexity.character_type_rule === 'three_of_four' ? Math.min(3, types.length) : types.length,
    blockIdentical: complexity.identical_characters === 'block',
    blockSequential: complexity.sequential_characters === 'block',
    ...(complexity.max_length_exceeded === 'error' ? { maxLength: 72 } : {}),
  };
}

const INACTIVE: IdentifierRules = {
  active: false,
  allowed: false,
  requiredAtSignup: false,
  required: false,
  unique: true,
};
const REQUIRED: IdentifierRules = { active: true, allowed: true, requiredAtSignup: true, required: true, unique: true };

function attributeRules(attribute: Attribute | undefined): IdentifierRules {
  if (!attribute) return INACTIVE;
  const required = attribute.profile_required ?? false;
  return {
    active: attribute.identifier?.active ?? false,
    allowed: true,
    requiredAtSignup: required || attribute.signup?.status === 'required',
    required,
    unique: attribute.unique ?? true,
  };
}

function identifierRules(options: Options): DatabaseRules['identifiers'] {
  const attributes = options.attributes as Partial<Record<Identifier, Attribute>> | undefined;
  if (!attributes) {
    const username = options.requires_username ? REQUIRED : INACTIVE;
    return { email: REQUIRED, username, phone_number: INACTIVE };
  }
  const email = attributeRules(attributes.email);
  return {
    // An address that is no identifier may still be in the profile.
    email: { ...email, allowed: true },
    username: attributeRules(attributes.username),
    phone_number: attributeRules(attributes.phone_number),
  };
}

function usernameRules(options: Options): DatabaseRules['username'] {
  const attribute = (options.attributes as { username?: Attribute } | undefined)?.username?.validation;
  const legacy = part(part(options, 'validation'), 'username') as { min?: number; max?: number };
  return {
    min: attribute?.min_length ?? legacy.min ?? 1,
    max: attribute?.max_length ?? legacy.max ?? 15,
    emails: attribute?.allowed_types?.email ?? false,
    phones: attribute?.allowed_types?.phone_number ?? false,
  };
}

function derive(connection: Connection): DatabaseRules {
  const { options } = connection;
  const methods = part(options, 'authentication_methods');
  const password = part(methods, 'password');
  const flexible = options.password_options as Options | undefined;
  const base = strengthRules(options);
  const email = part(options, 'attributes').email as Attribute | undefined;
  return {
    identifiers: identifierRules(options),
    precedence: (options.precedence as Identifier[] | undefined) ?? ['email', 'phone_number', 'username'],
    username: usernameRules(options),
    password: flexible ? flexibleRules(base, flexible) : base,
    passwordEnabled: (password.enabled as boolean | undefined) ?? true,
    passwordOptional: password.api_behavior === 'optional',
    passwordSignup: password.signup_behavior !== 'block',
    signupDisabled: options.disable_signup === true,
    selfServiceReset: options.disable_self_service_change_password !== true,
    bruteForceProtection: options.brute_force_protection !== false,
    dropped: (options.non_persistent_attrs as string[] | null | undefined) ?? [],
    verifyEmail: email?.signup?.verification?.active ?? true,
  };
}

/** Connections come from memory as the same frozen object until somebody writes, so this is derived once. */
const derived = new WeakMap<Connection, DatabaseRules>();

/** What the options of a database connection, older and newer ones alike, demand of its users. */
export function databaseRules(connection: Connection): DatabaseRules {
  let rules = derived.get(connection);
  if (!rules) {
    rules = derive(connection);
    derived.set(connection, rules);
  }
  return rules;
}
