import type { Clock } from './clock.ts';
import type { Store } from './collection.ts';
import type { LogType } from './log-types.ts';
import type { Messenger, Outbound, Sealer } from './ports.ts';
import type { Random } from './random.ts';

/** An isolated set of users, applications and keys. */
export interface Tenant {
  readonly id: string;
  /** The name that Auth0 shows as `tenant`: `dev`, `acme`. */
  readonly name: string;
}

/** The certificate of whoever is calling: they proved to hold its key when the connection was made. */
export interface ClientCertificate {
  /** PEM, of this certificate alone. */
  readonly pem: string;
  /** Was it issued by an authority that the operator trusts? */
  readonly verified: boolean;
}

/** Who is calling, as far as the connection tells. */
export interface Caller {
  readonly ip: string;
  readonly userAgent: string;
  /** What is called: method, and path with query. Absent for work that no request asked for. */
  readonly call?: { readonly method: string; readonly target: string };
  /** Shown on the TLS connection, to this server or to a proxy that it trusts. */
  readonly certificate?: ClientCertificate;
  /** The decoded `Auth0-Client` header: which SDK is calling. */
  readonly sdk?: { readonly name?: string; readonly version?: string; readonly env?: unknown };
}

export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What happened, for the tenant's log. `type` is one of Auth0's codes (`seacft`, `fp` …). The rest is filled in from the request. */
export interface AuditEvent {
  readonly type: LogType;
  readonly description?: string;
  readonly client_id?: string;
  readonly client_name?: string;
  readonly user_id?: string;
  readonly user_name?: string;
  readonly connection?: string;
  readonly connection_id?: string;
  readonly strategy?: string;
  readonly strategy_type?: string;
  readonly organization_id?: string;
  readonly organization_name?: string;
  readonly audience?: string;
  readonly scope?: string | readonly string[];
  /** The end user's address when a trusted client forwarded it; the caller's own is kept as `client_ip`. */
  readonly ip?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * Everything impure that code may touch while it serves one request, and nothing else. Built once per request, frozen.
 */
export interface Context {
  readonly tenant: Tenant;
  /** `https://host/`, with the trailing slash: the issuer that this request arrived at. */
  readonly issuer: string;
  /** The tenant's canonical issuer: what `https://TENANT/userinfo`, `/mfa/` and `/api/v2/` audiences are made of. */
  readonly canonicalIssuer: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly caller: Caller;
  readonly sealer: Sealer;
  readonly messenger: Messenger;
  readonly outbound: Outbound;
  /** Development mode: the outbox and the movable clock exist. Never changes what a client is answered. */
  readonly development: boolean;
  /** Records an event; it is committed before the answer leaves. */
  audit(event: AuditEvent): void;
  /** Records events at once, in the current transaction when there is one: what they tell of and their rows share a commit. */
  record(events: readonly AuditEvent[]): Promise<void>;
  /**
   * Has `work` begun once the answer is on its way; nobody waits for it. It is lost with the process: what must happen is in the
   * database as well, where somebody finds it later. What it has to say for the tenant's log it gives to `record`, not to `audit`,
   * which is over by then.
   */
  afterwards(work: () => Promise<void>): void;
}
