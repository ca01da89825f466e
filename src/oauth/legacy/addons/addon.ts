import { type Context, oauthError, type WireError } from '../../../kernel/index.ts';
import type { AddonSettings, StoredClient } from '../../../resources/clients/index.ts';
import type { User } from '../../../resources/users/index.ts';

/** Whom a key of another company's service is asked for. */
export interface AddonRequest {
  readonly user: User;
  /** The application that has the add-on; `settings` are its, secrets in clear. */
  readonly target: StoredClient;
  readonly settings: AddonSettings;
  /** The words of `scope`. */
  readonly scope: readonly string[];
  /** What the add-on takes beyond the settings: texts. */
  readonly params: Readonly<Record<string, string | undefined>>;
}

/** An add-on that gives users keys to another company's service, named as in `addons` of a client and in `api_type`. */
export interface DelegationAddon {
  readonly name: string;
  /** The body of the answer. Throws an OAuth WireError where settings are missing or the service refuses. */
  readonly answer: (ctx: Context, request: AddonRequest) => Promise<Readonly<Record<string, unknown>>>;
}

/** What is wrong with the settings: the client's owner can mend it, the caller cannot. */
export function misconfigured(addon: string, detail: string): WireError {
  return oauthError(400, 'invalid_request', `The add-on ${addon} is not configured: ${detail}`);
}

/** The text `name` of the settings. WireError 400 where it is missing. */
export function setting({ settings }: Pick<AddonRequest, 'settings'>, addon: string, name: string): string {
  const value = settings[name];
  if (typeof value === 'string' && value !== '') return value;
  throw misconfigured(addon, `${name} is missing`);
}

const MINUTES = 5;

/** Milliseconds that a key lives: Auth0 counts these in minutes, and five are the default. */
export function lifetimeOf({ expiration }: AddonSettings): number {
  return (typeof expiration === 'number' ? expiration : MINUTES) * 60_000;
}

/**
 * The value of `property` of the user, by which another service knows them. Nobody becomes somebody else there by signing up with an
 * address that is not theirs, or by writing into their own metadata: addresses count when they are verified, metadata does not.
 *
 * @throws WireError 403 where there is no such value
 */
export function principalOf(user: User, property: string): string {
  const value = (user as unknown as Readonly<Record<string, unknown>>)[property];
  if (typeof value !== 'string' || value === '') throw oauthError(403, 'access_denied', `The user has no ${property}`);
  if (property === 'email' && user.email_verified !== true)
    throw oauthError(403, 'access_denied', 'The email of the user is not verified');
  if (property === 'phone_number' && user.phone_verified !== true)
    throw oauthError(403, 'access_denied', 'The phone number of the user is not verified');
  return value;
}
