import {
  type Context,
  databaseError,
  type Endpoint,
  endpoint,
  json,
  optionalText,
  type Reply,
  Type,
} from '../../kernel/index.ts';
import { completePasswordReset } from '../../strategies/index.ts';
import type { Cookies } from '../../transactions/index.ts';
import { isCsrfToken } from '../classic/csrf.ts';
import { withResult } from './result-url.ts';

const fields = {
  ticket: optionalText('Of the link.'),
  _csrf: optionalText('What the page was given against forged requests.'),
  newPassword: optionalText('The new password.'),
  confirmNewPassword: optionalText('The same again.'),
};

interface Sent {
  readonly ticket?: string;
  readonly _csrf?: string;
  readonly newPassword?: string;
  readonly confirmNewPassword?: string;
}

/** A new password from a page that the operator wrote. Answers where the browser goes on, if the ticket says so. */
async function setPassword(ctx: Context, sent: Sent, cookies: Cookies): Promise<Reply> {
  const { ticket = '', newPassword = '', confirmNewPassword = '' } = sent;
  if (!isCsrfToken(sent._csrf, ticket, cookies))
    throw databaseError(403, 'invalid_csrf_token', 'Invalid CSRF token.', { name: 'ForbiddenError' });
  if (newPassword === '' || newPassword !== confirmNewPassword)
    throw databaseError(400, 'invalid_request', 'newPassword and confirmNewPassword must be there, and the same.');
  const done = await completePasswordReset(ctx, ticket, newPassword);
  if (!done) throw databaseError(400, 'invalid_ticket', 'The link was used already, or has expired.');
  const message = 'You can now login to the application with the new password.';
  const result_url = withResult(done.ticket, { success: true, message });
  return json(200, result_url === undefined ? {} : { result_url });
}

export const resetWidgetEndpoint: Endpoint = endpoint({
  method: 'POST',
  path: '/lo/reset',
  name: 'setPasswordFromOwnPage',
  summary: 'A new password from a page that the operator wrote',
  tag: 'classic login',
  surface: 'database',
  accepts: ['form', 'json'],
  body: Type.Object(fields),
  replies: {
    200: Type.Object({ result_url: optionalText('Where the browser goes on.') }),
    400: 'The link is used or too old, or the password is refused.',
    403: 'The request does not come from the page.',
  },
  handle: (ctx, { body, cookies }) => setPassword(ctx, body as Sent, cookies),
});
