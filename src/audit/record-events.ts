import { type AuditEvent, type Context, isoTime } from '../kernel/index.ts';
import { findClient } from '../resources/clients/index.ts';
import { findConnectionByName } from '../resources/connections/index.ts';
import { type LogEvent, logsOf } from '../resources/logs/index.ts';
import { nextLogId } from './log-id.ts';
import { redact } from './redact.ts';
import { readUserAgent } from './user-agent.ts';

const SCHEMA = { version: '1.0.0' } as const;
const STRATEGY_TYPES: Readonly<Record<string, string>> = {
  auth0: 'database',
  email: 'passwordless',
  sms: 'passwordless',
};

/**
 * Makes `events` rows of the tenant's log, in the order in which they were reported. Resolves when all of them are durable; none is
 * when it rejects. Names of clients and connections come from memory, so an event costs one insert, which shares its commit.
 */
export async function recordEvents(ctx: Context, events: readonly AuditEvent[]): Promise<void> {
  if (events.length === 0) return;
  const rows: LogEvent[] = [];
  for (const event of events) rows.push(await rowOf(ctx, event));
  const logs = logsOf(ctx);
  if (rows.length === 1) {
    await logs.insert(rows[0]!);
    return;
  }
  await ctx.store.transaction(async () => {
    for (const row of rows) await logs.insert(row);
  });
}

async function rowOf(ctx: Context, event: AuditEvent): Promise<LogEvent> {
  const log_id = nextLogId(ctx.clock, ctx.random);
  const agent = readUserAgent(ctx.caller.userAgent);
  const { description, details, ip, client_name, ...rest } = event;
  const name = client_name ?? (event.client_id && (await findClient(ctx, event.client_id))?.name);
  return {
    date: isoTime(ctx.clock),
    ...rest,
    description: description ?? '',
    ...(await connectionOf(ctx, event)),
    client_name: name ?? '',
    ip: ip ?? ctx.caller.ip,
    ...(ip !== undefined && ip !== ctx.caller.ip ? { client_ip: ctx.caller.ip } : {}),
    hostname: ctx.issuer.slice(ctx.issuer.indexOf('//') + 2, -1),
    user_agent: agent.summary,
    isMobile: agent.isMobile,
    ...(ctx.caller.sdk ? { auth0_client: ctx.caller.sdk } : {}),
    ...(details ? { details: redact(details) } : {}),
    tenant_name: ctx.tenant.name,
    log_id,
    _id: log_id,
    $event_schema: SCHEMA,
  };
}

async function connectionOf(ctx: Context, event: AuditEvent): Promise<Partial<LogEvent>> {
  if (!event.connection) return {};
  const connection = await findConnectionByName(ctx, event.connection);
  const strategy = event.strategy ?? connection?.strategy;
  if (!strategy) return {};
  const strategy_type = event.strategy_type ?? STRATEGY_TYPES[strategy] ?? 'social';
  return { strategy, strategy_type, ...(connection ? { connection_id: connection.id } : {}) };
}
