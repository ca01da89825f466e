import { type Context, type Endpoint, endpoint, type Reply, type RequestParts, redirect } from '../../kernel/index.ts';
import { renderEmailVerificationResult } from '../../pages/index.ts';
import { findSession } from '../../resources/sessions/index.ts';
import { completeEmailVerification } from '../../strategies/index.ts';
import { baseView, showPage } from '../page.ts';
import { loginLink } from './login-link.ts';
import { LINK, mailedLink, ticketQuery } from './mailed-link.ts';
import { withResult } from './result-url.ts';

const PATH = '/u/email-verification';
type Request = Pick<RequestParts<never, never, never>, 'headers' | 'cookies'>;

/** Opening the link is the proof: whoever reads the mail has the address. */
async function verify(ctx: Context, ticket: string, { headers, cookies }: Request): Promise<Reply> {
  const session = await findSession(ctx, cookies);
  // Who acts for a user is not them.
  const done = await completeEmailVerification(ctx, ticket, session?.actor ? undefined : session?.user_id);
  if (!done) {
    const view = await baseView(ctx, { headers });
    const continueUrl = await loginLink(ctx, undefined);
    return showPage(400, renderEmailVerificationResult({ ...view, result: 'invalid-link', continueUrl }), view.nonce);
  }
  const message = 'Your email was verified. You can continue using the application.';
  const onwards = withResult(done.ticket, { success: true, code: 'success', message });
  if (onwards) return redirect(onwards);
  const { client_id } = done.ticket;
  const view = await baseView(ctx, { clientId: client_id, headers });
  const { email } = done.user;
  const continueUrl = await loginLink(ctx, client_id);
  return showPage(200, renderEmailVerificationResult({ ...view, result: 'verified', email, continueUrl }), view.nonce);
}

export const emailVerificationEndpoints: readonly Endpoint[] = [
  mailedLink({
    path: '/lo/verify_email',
    name: 'openEmailVerificationLink',
    summary: 'The link of a verification mail.',
    page: PATH,
  }),
  endpoint({
    ...LINK,
    method: 'GET',
    path: PATH,
    name: 'verifyEmail',
    summary: 'Page: what came of a verification link.',
    query: ticketQuery,
    replies: { 200: 'Verified.', 302: 'Verified; on to the result URL.', 400: 'The link is used or too old.' },
    handle: (ctx, { query, headers, cookies }) => verify(ctx, query.ticket ?? '', { headers, cookies }),
  }),
];
