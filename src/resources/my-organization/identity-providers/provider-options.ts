import { problem } from '../../../kernel/index.ts';

type Options = Readonly<Record<string, unknown>>;

interface OptionRules {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** Options with few values. */
  readonly values?: Readonly<Record<string, readonly string[]>>;
  /** Where the provider is: a secret that was for another one is not sent there. */
  readonly address: string;
}

/** What organizations may say of a provider, by strategy (Auth0's published schemas). */
const RULES: Readonly<Record<string, OptionRules>> = {
  oidc: {
    required: ['type', 'client_id', 'discovery_url'],
    optional: ['client_secret'],
    values: { type: ['front_channel', 'back_channel'] },
    address: 'discovery_url',
  },
  okta: { required: ['domain', 'client_id', 'client_secret'], optional: ['icon_url'], address: 'domain' },
};

/** The strategies that organizations set up here. */
export const ORGANIZATION_STRATEGIES: ReadonlySet<string> = new Set(Object.keys(RULES));

function fault(rules: OptionRules, options: Options): readonly [string, string] | undefined {
  const missing = rules.required.find((name) => options[name] === undefined);
  if (missing) return [missing, `Missing required property: ${missing}`];
  const names = [...rules.required, ...rules.optional];
  const extra = Object.keys(options).find((name) => !names.includes(name));
  if (extra) return [extra, `Additional properties not allowed: ${extra}`];
  for (const [name, value] of Object.entries(options)) {
    if (typeof value !== 'string' || value === '') return [name, 'Expected type string'];
    if (rules.values?.[name]?.includes(value) === false) return [name, `No enum match for: ${value}`];
  }
  return undefined;
}

/** The options that were sent must be whole and known. Problem 400 that points at the first that is not. */
export function requireOptions(strategy: string, options: Options): void {
  const found = fault(RULES[strategy]!, options);
  if (!found) return;
  const [name, detail] = found;
  const error = { detail, field: `options.${name}`, pointer: `/options/${name}`, source: 'body' };
  throw problem('validation', undefined, { extra: { validation_errors: [error] } });
}

/** The options that are shown: no secrets, and nothing that is the tenant's. */
export function shownOptions(strategy: string, options: Options): Options {
  const { required, optional } = RULES[strategy]!;
  const names = [...required, ...optional].filter((name) => name !== 'client_secret' && options[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, options[name]]));
}

/** Those of the connection's options that an organization does not know stay; its own are replaced by `sent`. */
export function replaceOptions(strategy: string, before: Options, sent: Options): Options {
  const { required, optional, address } = RULES[strategy]!;
  const own = new Set([...required, ...optional]);
  const rest = Object.fromEntries(Object.entries(before).filter(([name]) => !own.has(name)));
  const keepsSecret = before[address] === sent[address] && before.client_secret !== undefined;
  return { ...rest, ...(keepsSecret ? { client_secret: before.client_secret } : {}), ...sent };
}
