import type { Step } from './next-step.ts';

/** Where every page hands on to. */
export const RESUME = '/authorize/resume';

/** Where a browser goes whose cookie of cross-origin authentication did not come. */
export const CO_VERIFY = '/co/verify';

/** What narrows a step down to one page. */
export interface ScreenHint {
  /** The application's wish for the first page. */
  readonly screen_hint?: string | undefined;
  /** Do people log in with codes that are sent to them? */
  readonly isPasswordless?: boolean;
  /** The second factor to begin with. */
  readonly method?: string | undefined;
  /** Does the recovery code replace one that was used? */
  readonly replacesRecoveryCode?: boolean;
}

/** Where people say what a code is to be sent to. */
export const PASSWORDLESS_LOGIN = '/u/login/identifier';

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
  login: ({ screen_hint, isPasswordless }) =>
    isPasswordless ? PASSWORDLESS_LOGIN : (pick(FIRST_PAGES, screen_hint) ?? '/u/login'),
  choose_organization: () => '/u/organization',
  mfa_enroll: () => '/u/mfa-begin-enroll-options',
  mfa_challenge: ({ method }) => pick(CHALLENGES, method) ?? '/u/mfa-login-options',
  recovery_code_shown: ({ replacesRecoveryCode }) =>
    replacesRecoveryCode ? '/u/mfa-recovery-code-challenge-new-code' : '/u/mfa-recovery-code-enrollment',
  pick_organization: () => '/u/organization/picker',
  consent: () => '/u/consent',
  approve_request: () => '/u/request-approval',
  confirm_callback: () => '/u/callback-confirmation',
};
