import {
  type Context,
  type Endpoint,
  endpoint,
  optionalText,
  type Reply,
  type RequestParts,
  redirect,
  Type,
} from '../../../kernel/index.ts';
import { isEnrolled } from '../../../mfa/index.ts';
import { type MfaEnrollmentDoneView, type MfaMethod, renderMfaEnrollmentDone } from '../../../pages/index.ts';
import { findEnrollmentTicket } from '../../../resources/guardian/index.ts';
import { findUser } from '../../../resources/users/index.ts';
import { type Cookies, lostTransaction, requireAnyTransaction, startTransaction } from '../../../transactions/index.ts';
import { baseView, showPage } from '../../page.ts';
import { ENROLLMENT_RESULT, pagePath } from '../../step.ts';
import { BEGIN_PATH } from './enrollment.ts';
import { requireSubject } from './subject.ts';

type Headers = RequestParts<never, never, never>['headers'];
type Result = Pick<MfaEnrollmentDoneView, 'result' | 'method'>;

/** Opens the link of an invitation: whoever has it may set up a factor for its user, once. */
async function openTicket(
  ctx: Context,
  value: string,
  { cookies, headers }: { cookies: Cookies; headers: Headers },
): Promise<Reply> {
  const ticket = await findEnrollmentTicket(ctx, value);
  const user = ticket && (await findUser(ctx, ticket.user_id));
  if (!ticket || !user) return showResult(ctx, { result: 'invalid-ticket' }, headers);
  if (!ticket.allow_multiple_enrollments && (await isEnrolled(ctx, user)))
    return showResult(ctx, { result: 'already-enrolled' }, headers);
  const draft = { kind: 'enrollment', user_id: user.user_id, ticket, methods: [], interactive: true } as const;
  const { state, cookies: device } = await startTransaction(ctx, draft, cookies);
  return redirect(pagePath(BEGIN_PATH, state), { cookies: device });
}

async function showResult(ctx: Context, result: Result, headers: Headers): Promise<Reply> {
  const view = await baseView(ctx, { headers });
  const status = result.result === 'invalid-ticket' ? 400 : 200;
  return showPage(status, renderMfaEnrollmentDone({ ...view, ...result }), view.nonce);
}

/** The end of an enrolment, or where it stands. */
async function finish(
  ctx: Context,
  state: string,
  { cookies, headers }: { cookies: Cookies; headers: Headers },
): Promise<Reply> {
  const transaction = await requireAnyTransaction(ctx, state, cookies);
  if (transaction.kind !== 'enrollment') throw lostTransaction('not an enrolment');
  if (transaction.second_factor?.recovery_code_sealed)
    return redirect(pagePath('/u/mfa-recovery-code-enrollment', state));
  if (transaction.enrolled !== undefined)
    return showResult(ctx, { result: 'enrolled', method: transaction.enrolled as MfaMethod }, headers);
  const user = await requireSubject(ctx, transaction);
  const isDone = !transaction.ticket.allow_multiple_enrollments && (await isEnrolled(ctx, user));
  return showResult(ctx, { result: isDone ? 'already-enrolled' : 'invalid-ticket' }, headers);
}

const ABOUT = { tag: 'universal login', surface: 'page', method: 'GET' } as const;

export const enrollmentTicketEndpoints: readonly Endpoint[] = [
  endpoint({
    ...ABOUT,
    path: '/mfa/enrollment',
    name: 'openMfaEnrollment',
    summary: 'The link of an enrolment ticket.',
    query: Type.Object({ ticket: optionalText('The ticket.') }),
    replies: { 302: 'To the page that sets a factor up.', 400: 'The ticket is used or too old.' },
    handle: (ctx, { query, ...sent }) => openTicket(ctx, query.ticket ?? '', sent),
  }),
  endpoint({
    ...ABOUT,
    path: ENROLLMENT_RESULT,
    name: 'showMfaEnrollmentResult',
    summary: 'Page: the end of an enrolment by ticket.',
    query: Type.Object({ state: optionalText('The enrolment.') }),
    replies: { 200: 'The page.' },
    handle: (ctx, { query, ...sent }) => finish(ctx, query.state ?? '', sent),
  }),
];
