import { oauthError } from '../../../kernel/index.ts';
import { oauthFailures } from './oauth.ts';
import type { FailureTable } from './table.ts';
import * as texts from './texts.ts';

/** `/oauth/ro`, `/oauth/access_token`, `/delegation`, `/tokeninfo`: OAuth's members with the codes and statuses that came before it. */
export const legacyFailures: FailureTable = {
  ...oauthFailures,
  wrong_credentials: () => oauthError(401, 'invalid_user_password', texts.WRONG_CREDENTIALS),
  user_blocked: () => oauthError(401, 'unauthorized', texts.USER_BLOCKED),
  connection_disabled: () => oauthError(400, 'invalid_request', texts.CONNECTION_DISABLED),
};
