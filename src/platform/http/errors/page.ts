import { type FailureParams, oauthError } from '../../../kernel/index.ts';
import { oauthFailures } from './oauth.ts';
import type { FailureTable } from './table.ts';
import * as texts from './texts.ts';

const IDENTIFIERS = { email: 'email', username: 'username', phone_number: 'phone number' } as const;

const wrongCredentials = ({ identifier }: FailureParams['wrong_credentials']) =>
  `Wrong ${IDENTIFIERS[identifier]} or password.`;

/**
 * Errors that fill a whole page: `{error, error_description}`, as the tenant's own error page receives them. What a person can
 * mend is shown beside the field by the page itself and does not come here. The words are those of the OAuth dialect, but a
 * person who is not a program gets 403 for a refusal, and no members that only SDKs read.
 */
export const pageFailures: FailureTable = {
  ...oauthFailures,
  wrong_credentials: (params) => oauthError(403, 'access_denied', wrongCredentials(params)),
  password_too_weak: ({ policy }) => oauthError(400, 'invalid_password', `${texts.PASSWORD_TOO_WEAK}\n${policy}`),
  password_reused: (params) => oauthError(400, 'invalid_password', texts.passwordReused(params)),
  password_too_common: () => oauthError(400, 'invalid_password', texts.PASSWORD_TOO_COMMON),
  password_has_user_info: () => oauthError(400, 'invalid_password', texts.PASSWORD_HAS_USER_INFO),
  authorization_rejected: () => oauthError(403, 'access_denied', texts.MFA_REJECTED),
};
