import type {
  AuditEvent,
  Caller,
  Clock,
  Context,
  Logger,
  Messenger,
  Outbound,
  Random,
  Sealer,
} from '../../kernel/index.ts';
import type { Resolved, Storage } from '../storage/index.ts';
import type { Background } from './background.ts';

/** What one process shares among all requests. */
export interface Shared {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly sealer: Sealer;
  readonly messenger: Messenger;
  readonly outbound: Outbound;
  readonly background: Background;
  /** Makes the events of a request durable. Called before the answer leaves. */
  readonly record: (ctx: Context, events: readonly AuditEvent[]) => Promise<void>;
  readonly development: boolean;
}

export interface OpenContext {
  readonly ctx: Context;
  /** What was audited so far, in order. */
  readonly events: AuditEvent[];
  /** Begins what was put off with `ctx.afterwards`. For when the events are recorded. */
  startAfterwards(): void;
}

/** A context for work on behalf of `caller` in the tenant that `resolved` names. */
export function openContext(shared: Shared, resolved: Resolved, caller: Caller): OpenContext {
  const events: AuditEvent[] = [];
  const putOff: (() => Promise<void>)[] = [];
  const ctx: Context = Object.freeze({
    tenant: resolved.tenant,
    issuer: `${resolved.domain.url}/`,
    canonicalIssuer: `${resolved.canonical.url}/`,
    store: shared.storage.forTenant(resolved.tenant),
    clock: shared.clock,
    random: shared.random,
    log: shared.log,
    caller,
    sealer: shared.sealer,
    messenger: shared.messenger,
    outbound: shared.outbound,
    development: shared.development,
    audit: (event: AuditEvent) => {
      events.push(event);
    },
    record: (happened: readonly AuditEvent[]) => shared.record(ctx, happened),
    afterwards: (work: () => Promise<void>) => {
      putOff.push(work);
    },
  });
  const startAfterwards = () => {
    for (const work of putOff.splice(0)) shared.background.start(() => work());
  };
  return { ctx, events, startAfterwards };
}

/** Decodes the `Auth0-Client` header: base64 of `{name, version, env}`. Anything else is ignored. */
export function readSdk(header: string | undefined): Caller['sdk'] | undefined {
  if (!header || header.length > 4096) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(header, 'base64').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Caller['sdk']) : undefined;
  } catch {
    return undefined;
  }
}
