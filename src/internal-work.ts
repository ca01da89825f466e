import type { Context } from './kernel/index.ts';
import { openContext, type Shared } from './platform/http/index.ts';
import { domainsCollection, resolveHost } from './platform/storage/index.ts';
import { refreshDueDocuments } from './resources/clients/index.ts';
import { sendDueMessages } from './resources/outgoing-messages/index.ts';
import { endExpiredSessions } from './resources/sessions/index.ts';

const INTERNAL_CALLER = { ip: '127.0.0.1', userAgent: 'countersign' };

/** A context for work that no request asks for, and the way to end it as a request is ended. */
export interface InternalContext {
  readonly ctx: Context;
  finish(): Promise<void>;
}

/** Throws when no tenant is reached by `host`. */
export async function openInternalContext(shared: Shared, host: string): Promise<InternalContext> {
  const resolved = await resolveHost(shared.storage.system, host);
  if (!resolved) throw new Error(`no tenant is reached by ${host}`);
  const { ctx, events, startAfterwards } = openContext(shared, resolved, INTERNAL_CALLER);
  const finish = async () => {
    await ctx.record(events.splice(0));
    startAfterwards();
  };
  return { ctx, finish };
}

/**
 * Ends the sessions whose time is over, sends what is due and asks for documents that are no longer fresh, in each tenant; what fails or takes long in one holds up no other. Tenants
 * in `busy`, where an earlier call is still at it, are left out.
 */
export async function deliverDue(shared: Shared, busy: Set<string> = new Set()): Promise<void> {
  const domains = await shared.storage.system.collection(domainsCollection).list();
  const hosts = domains.filter(({ canonical, host }) => canonical && !busy.has(host)).map(({ host }) => host);
  await Promise.all(
    hosts.map((host) => {
      busy.add(host);
      return deliverAt(shared, host).finally(() => busy.delete(host));
    }),
  );
}

async function deliverAt(shared: Shared, host: string): Promise<void> {
  const { ctx } = await openInternalContext(shared, host);
  try {
    // What this puts into the queue is sent right after it.
    await endExpiredSessions(ctx);
    await Promise.all([sendDueMessages(ctx), refreshDueDocuments(ctx)]);
  } catch (error) {
    ctx.log.error({ err: error, tenant: ctx.tenant.name }, 'what is due was not looked at to the end');
  }
}
