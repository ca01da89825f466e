import { type Collection, type Context, collection } from '../../kernel/index.ts';

/** A row of the tenant's log, as `/api/v2/logs` shows it. */
export interface LogEvent {
  readonly _id: string;
  readonly log_id: string;
  readonly date: string;
  readonly type: string;
  readonly [member: string]: unknown;
}

export const logsCollection = collection<LogEvent>({
  name: 'logs',
  key: 'log_id',
  // Whatever else is asked for is searched in the documents: every index is paid for by every token.
  index: { type: 'text', client_id: 'text' as const, user_id: 'text' as const, ip: 'text' as const },
});

export function logsOf(ctx: Context): Collection<LogEvent> {
  return ctx.store.collection(logsCollection);
}
