import type { Connection } from './connection.store.ts';
import { type Options, part } from './password-rules.ts';

/** What the options of an e-mail or SMS connection demand. */
export interface PasswordlessRules {
  /** What its users are known by. */
  readonly identifier: 'email' | 'phone_number';
  readonly signupDisabled: boolean;
  readonly bruteForceProtection: boolean;
  /** Digits of a code. */
  readonly codeLength: number;
  /** ms for which a code is good. */
  readonly lifetime: number;
  /** Added to what a magic link asks for, where the request does not say. */
  readonly authParams: Readonly<Record<string, string>>;
}

/** Auth0's defaults. */
const CODE_LENGTH = 6;
const LIFETIME_SECONDS = 180;

export type PasswordlessStrategy = 'email' | 'sms';

/** Does `connection` send codes in place of checking passwords? */
export function isPasswordless(connection: Pick<Connection, 'strategy'>): boolean {
  return connection.strategy === 'email' || connection.strategy === 'sms';
}

/** What the options of a passwordless connection demand. */
export function passwordlessRules({ strategy, options }: Connection): PasswordlessRules {
  const totp = part(options, 'totp') as { readonly length?: number; readonly time_step?: number };
  return {
    identifier: strategy === 'sms' ? 'phone_number' : 'email',
    signupDisabled: options.disable_signup === true,
    bruteForceProtection: options.brute_force_protection !== false,
    codeLength: totp.length ?? CODE_LENGTH,
    lifetime: (totp.time_step ?? LIFETIME_SECONDS) * 1000,
    authParams: readAuthParams(options),
  };
}

/** Stored as an object, or, as Auth0's description has it, as the JSON text of one. */
function readAuthParams({ authParams }: Options): Readonly<Record<string, string>> {
  const value = typeof authParams === 'string' ? parse(authParams) : authParams;
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
