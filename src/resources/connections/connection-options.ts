import { type Context, managementError } from '../../kernel/index.ts';
import { requireOfferedOptions } from './database-refusals.ts';
import {
  completeFederatedOptions,
  initialFederatedOptions,
  isFederatedStrategy,
  requireFederatedOptions,
} from './federated-options.ts';
import { requirePasswordlessOptions } from './passwordless-options.ts';

export type Options = Readonly<Record<string, unknown>>;

const part = (options: Options, name: string) => (options[name] ?? undefined) as Options | undefined;

const refuse = (message: string) => managementError(400, message, 'invalid_body');

/** What a database connection is given when it is made, besides what every change completes. */
const DATABASE_CREATION = { mfa: { active: true, return_enroll_settings: true }, strategy_version: 2 } as const;

const PASSKEY_OPTIONS = {
  challenge_ui: 'both',
  progressive_enrollment_enabled: true,
  local_enrollment_enabled: true,
} as const;
const PASSWORD_METHOD = { enabled: true, api_behavior: 'required', signup_behavior: 'allow' } as const;
const OFF = { enabled: false } as const;

const PASSWORD_OPTIONS: Readonly<Record<string, Options>> = {
  complexity: {
    min_length: 15,
    character_types: [],
    character_type_rule: 'all',
    identical_characters: 'allow',
    sequential_characters: 'allow',
    max_length_exceeded: 'error',
  },
  profile_data: {
    active: false,
    blocked_fields: [
      ...['name', 'username', 'nickname', 'email', 'phone_number'],
      ...['user_metadata.name', 'user_metadata.first', 'user_metadata.last'],
    ],
  },
  history: { active: false, size: 3 },
  dictionary: { active: false, custom: [], default: 'en_100k' },
};

function completeMethods(given: Options = {}): Options {
  const password = { ...PASSWORD_METHOD, ...part(given, 'password') };
  return { passkey: OFF, email_otp: OFF, phone_otp: OFF, ...given, password };
}

function completeAttributes(given: Options): Options {
  const email = part(given, 'email');
  return email ? { ...given, email: { verification_method: 'link', unique: true, ...email } } : given;
}

function completePasswordOptions(given: Options): Options {
  return Object.fromEntries(
    Object.entries(PASSWORD_OPTIONS).map(([name, defaults]) => [name, { ...defaults, ...part(given, name) }]),
  );
}

/** Options as Auth0 completes them after every write of a database connection. */
function completeDatabase(options: Options): Options {
  const attributes = part(options, 'attributes');
  const passwordOptions = part(options, 'password_options');
  return {
    ...options,
    authentication_methods: completeMethods(part(options, 'authentication_methods')),
    passkey_options: { ...PASSKEY_OPTIONS, ...part(options, 'passkey_options') },
    ...(attributes ? { attributes: completeAttributes(attributes) } : {}),
    ...(passwordOptions ? { password_options: completePasswordOptions(passwordOptions) } : {}),
  };
}

/** Options of a connection that is made now. */
export function initialOptions(strategy: string, given: Options): Options {
  if (isFederatedStrategy(strategy)) return initialFederatedOptions(strategy, given);
  if (strategy !== 'auth0') return { brute_force_protection: true, ...given };
  const policy = given.password_options ? {} : { passwordPolicy: 'good' };
  return { brute_force_protection: true, ...policy, ...DATABASE_CREATION, ...completeDatabase(given) };
}

/** Recorded: these outlive a replacement of the options that does not mention them. */
const LASTING = ['authentication_methods', 'passkey_options'];

/** Options that replace those of a connection: whole, then completed. */
export function replacementOptions(strategy: string, given: Options, before: Options): Options {
  if (isFederatedStrategy(strategy)) return completeFederatedOptions(strategy, given);
  if (strategy !== 'auth0') return given;
  const lasting = LASTING.filter((name) => before[name] && given[name] === undefined);
  return completeDatabase({ ...given, ...Object.fromEntries(lasting.map((name) => [name, before[name]])) });
}

/** The rules between the options of a connection. WireError 400 with Auth0's words, or what this server cannot do. */
export function requireConsistentOptions(strategy: string, options: Options, before?: Options): void {
  if (strategy === 'email' || strategy === 'sms') requirePasswordlessOptions(strategy, options);
  if (isFederatedStrategy(strategy)) requireFederatedOptions(strategy, options);
  if (strategy !== 'auth0') return;
  requireOfferedOptions(options);
  const attributes = part(options, 'attributes') as Record<string, AttributeOptions> | undefined;
  if (!attributes) return;
  if (options.validation) throw refuse('Cannot set both options.attributes and options.validation');
  if (options.requires_username) throw refuse('Cannot set both options.attributes and options.requires_username');
  if (!Object.values(attributes).some((attribute) => attribute.identifier?.active))
    throw refuse('attributes must contain one active identifier');
  for (const [name, attribute] of Object.entries(attributes)) {
    if (attribute.profile_required && attribute.signup && attribute.signup.status !== 'required')
      throw refuse(`attribute ${name} must also be required on signup`);
  }
  if (attributes.email?.unique === false) requireNonUniqueEmail(attributes.email, before);
}

interface AttributeOptions {
  readonly identifier?: { readonly active?: boolean };
  readonly unique?: boolean;
  readonly profile_required?: boolean;
  readonly signup?: { readonly status?: string };
}

/** Addresses can't lose their uniqueness later: accounts would merge in the eyes of whoever looks one up. */
function requireNonUniqueEmail(email: AttributeOptions, before: Options | undefined): void {
  if (email.identifier?.active) throw refuse('attribute email must be unique to be an identifier');
  const earlier = before && (part(before, 'attributes') as Record<string, AttributeOptions> | undefined)?.email;
  if (before && earlier?.unique !== false) throw refuse('cannot add non-unique email attribute');
}

/** Where a sealed value is kept beside plain ones, it is marked: what comes back unchanged from a reader is known by it. */
const SEALED = 'sealed:';
const SECRETS: readonly (readonly [string, string?])[] = [
  ['twilio_token'],
  ['gateway_authentication', 'secret'],
  ['client_secret'],
  ['app_secret'],
];

function mapSecrets(options: Options, change: (value: string, name: string) => string): Options {
  let result = options;
  for (const [name, inner] of SECRETS) {
    const value = result[name];
    if (inner === undefined && typeof value === 'string') result = { ...result, [name]: change(value, name) };
    const secret = inner === undefined ? undefined : (value as Options | null | undefined)?.[inner];
    if (inner !== undefined && typeof secret === 'string')
      result = { ...result, [name]: { ...(value as Options), [inner]: change(secret, name) } };
  }
  // Headers of requests for tokens: whatever an operator sends there may be a key.
  const headers = part(result, 'customHeaders') as Record<string, string> | undefined;
  if (!headers) return result;
  const changed = Object.entries(headers).map(([name, value]) => [name, change(value, `customHeaders.${name}`)]);
  return { ...result, customHeaders: Object.fromEntries(changed) };
}

const contextOf = (ctx: Context, id: string, name: string) => `${ctx.tenant.id}:connections:${id}:${name}`;

/**
 * Options as they are stored: provider secrets sealed; `configuration` (settings of scripts) sealed for good, so that a reader gets an
 * opaque text, which may be sent back unchanged.
 */
export function sealOptions(ctx: Context, id: string, options: Options, before: Options = {}): Options {
  const sealed = mapSecrets(options, (value, name) => SEALED + ctx.sealer.seal(value, contextOf(ctx, id, name)));
  const configuration = part(options, 'configuration');
  if (!configuration) return sealed;
  const known = new Set(Object.values(part(before, 'configuration') ?? {}));
  const entries = Object.entries(configuration).map(([name, value]) => [
    name,
    typeof value !== 'string' || known.has(value) ? value : sealSetting(ctx, id, value),
  ]);
  return { ...sealed, configuration: Object.fromEntries(entries) };
}

function sealSetting(ctx: Context, id: string, value: string): string {
  return Buffer.from(ctx.sealer.seal(value, contextOf(ctx, id, 'configuration'))).toString('base64');
}

/** Options as `/api/v2/connections` shows them: provider secrets in clear, `configuration` opaque. */
export function revealOptions(ctx: Context, id: string, options: Options): Options {
  return mapSecrets(options, (value, name) =>
    value.startsWith(SEALED) ? ctx.sealer.open(value.slice(SEALED.length), contextOf(ctx, id, name)) : value,
  );
}
