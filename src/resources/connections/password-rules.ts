export type Options = Readonly<Record<string, unknown>>;

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

/** The member `name` of `options`, empty where there is none. */
export const part = (options: Options, name: string): Options => (options[name] ?? {}) as Options;

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

/** What the named strength and its companions (`password_history` …) demand. */
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

/** What the options of a connection, older and newer ones alike, demand of passwords. */
export function passwordRules(options: Options): PasswordRules {
  const base = strengthRules(options);
  const flexible = options.password_options as Options | undefined;
  return flexible ? flexibleRules(base, flexible) : base;
}
