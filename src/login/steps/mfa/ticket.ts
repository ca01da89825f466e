import type { Context } from '../../../kernel/index.ts';
import type { EnrollmentTransaction } from '../../../transactions/index.ts';

export async function spendEnrollmentTicket(_ctx: Context, _transaction: EnrollmentTransaction): Promise<void> {}
