import { WireError } from '../kernel/index.ts';
import type { LoginOrigin } from '../resources/organizations/index.ts';

const TEXT =
  "You may have pressed the back button, refreshed during login, opened too many login dialogs, or there is some issue with cookies, since we couldn't find your session. Try logging in again from the application and if the problem persists please contact the administrator.";

/** A login that is not known, is over, or began in another browser. `origin`: what it was for, if that can still be told. */
export class LostTransaction extends WireError {
  readonly origin: LoginOrigin;

  constructor(detail: string, origin: LoginOrigin) {
    super(400, { error: 'invalid_request', error_description: TEXT }, { detail });
    this.origin = origin;
  }
}

/** What to throw when a login is lost. */
export function lostTransaction(detail: string, origin: LoginOrigin = {}): LostTransaction {
  return new LostTransaction(detail, origin);
}

/**
 * The handle of a login that pages carry as `state`: `secret`, then in plain what the login is for. Auth0's tells that too: somebody
 * who opens a page that they kept, when the login is long over, is led to where its application begins a new one.
 */
export function stateOf(secret: string, { client_id, organization }: LoginOrigin): string {
  return [secret, client_id, organization].filter((part) => part !== undefined).join('.');
}

/** What a handle says that the login was for. Anybody can write that: it is good for finding the way back, and nothing else. */
export function originOf(state: string | undefined): LoginOrigin {
  const [, client_id, organization] = (state ?? '').split('.');
  return { client_id, organization };
}
