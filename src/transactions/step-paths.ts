import type { Step } from './next-step.ts';
import type { AuthorizationRequest } from './transaction.ts';

/** Where every page hands on to. */
export const RESUME = '/authorize/resume';

/** Where a browser goes whose cookie of cross-origin authentication did not come. */
export const CO_VERIFY = '/co/verify';

/** The page that an operator wrote in place of ours. */
export const CLASSIC_LOGIN = '/login';

/** Buttons of login pages lead there, and on to an identity provider. */
export const FEDERATED_LOGIN = '/u/login/federated';

/** The address of the operator's page for the login `state`, with what Auth0 says there of the request; the page itself counts on `state`. */
export function classicLoginPath(
  state: string,
  { client_id, response_type, redirect_uri, scope }: AuthorizationRequest,
  protocol = 'oauth2',
): string {
  const about = { client: client_id, protocol, response_type, redirect_uri, scope: scope.join(' ') };
  return `${CLASSIC_LOGIN}?${new URLSearchParams({ state, ...about })}`;
}

/** What narrows a step down to one page. */
export interface ScreenHint {
  /** The application's wish for the first page. */
  readonly screen_hint?: string | undefined;
  /** Do people log in with codes that are sent to them? */
  readonly isPasswordless?: boolean;
  /** Is the identifier asked for on a page of its own? */
  readonly isIdentifierFirst?: boolean;
  /** The second factor to begin with. */
  readonly method?: string | undefined;
  /** Is a passkey of this device offered, to who has one of another? */
  readonly isLocalPasskey?: boolean;
  /** Does the recovery code replace one that was used? */
  readonly replacesRecoveryCode?: boolean;
}

/** Where people say who they are, or what a code is to be sent to, before they prove it. */
export const IDENTIFIER_LOGIN = '/u/login/identifier';

/** Where they prove it with a password, once they have said who they are. */
export const LOGIN_PASSWORD = '/u/login/password';

/** Where people say who they are and prove it with a password. */
export const LOGIN = '/u/login';

/** Where a passkey is offered once somebody is logged in. */
export const PASSKEY_ENROLLMENT = {
  progressive: '/u/passkey-enrollment',
  local: '/u/passkey-enrollment-local',
} as const;

const FIRST_PAGES: Readonly<Record<string, string>> = {
  signup: '/u/signup',
  reset_password: '/u/reset-password/request',
};

const CHALLENGES: Readonly<Record<string, string>> = {
  totp: '/u/mfa-otp-challenge',
  otp: '/u/mfa-otp-challenge',
  sms: '/u/mfa-sms-challenge',
  voice: '/u/mfa-voice-challenge',
  email: '/u/mfa-email-challenge',
  push: '/u/mfa-push-challenge-push',
  'recovery-code': '/u/mfa-recovery-code-challenge',
};

/** The page of `step`; `state` makes it this login's. Addresses as Auth0's. */
export function stepPath(step: Exclude<Step, 'issue' | 'refuse'>, state: string, hint: ScreenHint = {}): string {
  return `${PATHS[step](hint)}?state=${encodeURIComponent(state)}`;
}

const pick = (table: Readonly<Record<string, string>>, name: string | undefined) =>
  name !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;

const PATHS: Readonly<Record<Exclude<Step, 'issue' | 'refuse'>, (hint: ScreenHint) => string>> = {
  confirm_device: () => '/u/device-confirmation',
  login: ({ screen_hint, isPasswordless, isIdentifierFirst }) => {
    if (isPasswordless) return IDENTIFIER_LOGIN;
    return pick(FIRST_PAGES, screen_hint) ?? (isIdentifierFirst ? IDENTIFIER_LOGIN : LOGIN);
  },
  choose_organization: () => '/u/organization',
  mfa_enroll: () => '/u/mfa-begin-enroll-options',
  mfa_challenge: ({ method }) => pick(CHALLENGES, method) ?? '/u/mfa-login-options',
  recovery_code_shown: ({ replacesRecoveryCode }) =>
    replacesRecoveryCode ? '/u/mfa-recovery-code-challenge-new-code' : '/u/mfa-recovery-code-enrollment',
  offer_passkey: ({ isLocalPasskey }) => (isLocalPasskey ? PASSKEY_ENROLLMENT.local : PASSKEY_ENROLLMENT.progressive),
  pick_organization: () => '/u/organization/picker',
  consent: () => '/u/consent',
  approve_request: () => '/u/request-approval',
  confirm_callback: () => '/u/callback-confirmation',
};
