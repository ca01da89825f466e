import { type Context, fail } from '../../../kernel/index.ts';
import { takeEnrollmentTicket } from '../../../resources/guardian/index.ts';
import type { EnrollmentTransaction } from '../../../transactions/index.ts';

/** In the transaction that confirms the factor: the ticket is worthless from then on. Failure already_enrolled when somebody was faster. */
export async function spendEnrollmentTicket(ctx: Context, { ticket }: EnrollmentTransaction): Promise<void> {
  if (!(await takeEnrollmentTicket(ctx, ticket))) fail('already_enrolled', {});
}
