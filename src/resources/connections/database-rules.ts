import type { Connection } from './connection.store.ts';
import { type Options, type PasswordRules, part, passwordRules } from './password-rules.ts';

export type Identifier = 'email' | 'username' | 'phone_number';
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
  /** May people log in with a code that is sent to this identifier of theirs? */
  readonly otpEnabled: Readonly<Record<'email' | 'phone_number', boolean>>;
  /** May people log in and sign up with a passkey? */
  readonly passkeyEnabled: boolean;
  /** How the login page asks for one: with a button, among what the browser fills in, or both ways. */
  readonly passkeyWays: Readonly<Record<'button' | 'autofill', boolean>>;
  /** Is one offered to who has none, and to who used one of another device? */
  readonly passkeyOffers: Readonly<Record<'progressive' | 'local', boolean>>;
  readonly signupDisabled: boolean;
  readonly selfServiceReset: boolean;
  readonly bruteForceProtection: boolean;
  /** Members of a profile that are not kept. */
  readonly dropped: readonly string[];
  /** Is an e-mail to verify the address sent at signup? */
  readonly verifyEmail: boolean;
}

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
  const email = part(options, 'attributes').email as Attribute | undefined;
  return {
    identifiers: identifierRules(options),
    precedence: (options.precedence as Identifier[] | undefined) ?? ['email', 'phone_number', 'username'],
    username: usernameRules(options),
    password: passwordRules(options),
    passwordEnabled: (password.enabled as boolean | undefined) ?? true,
    passwordOptional: password.api_behavior === 'optional',
    passwordSignup: password.signup_behavior !== 'block',
    otpEnabled: {
      email: part(methods, 'email_otp').enabled === true,
      phone_number: part(methods, 'phone_otp').enabled === true,
    },
    passkeyEnabled: part(methods, 'passkey').enabled === true,
    passkeyWays: passkeyWays(options),
    passkeyOffers: {
      progressive: part(options, 'passkey_options').progressive_enrollment_enabled !== false,
      local: part(options, 'passkey_options').local_enrollment_enabled !== false,
    },
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

function passkeyWays({ passkey_options }: Readonly<Record<string, unknown>>): DatabaseRules['passkeyWays'] {
  const { challenge_ui: ui = 'both' } = (passkey_options ?? {}) as { challenge_ui?: string };
  return { button: ui !== 'autofill', autofill: ui !== 'button' };
}
