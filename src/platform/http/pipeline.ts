import type { Context, Endpoint, Principal, Reply, RequestParts, Surface, WireError } from '../../kernel/index.ts';
import type { Shared } from './context.ts';
import type { Allowance } from './rate-limit.ts';

/** Proves who is calling before the endpoint sees anything; throws its surface's error. */
export type Guard = (
  ctx: Context,
  endpoint: Endpoint,
  headers: RequestParts<never, never, never>['headers'],
) => Promise<Principal>;

/** What the product brings to the serving of requests: handed in where the server is put together. */
export interface Pipeline {
  readonly shared: Shared;
  readonly guards: Partial<Record<Surface, Guard>>;
  /** May a page at `origin` read answers meant for `clientId` (undefined: for any client of the tenant)? */
  readonly mayRead: (ctx: Context, origin: string, clientId: string | undefined) => Promise<boolean>;
  /** Turns a whole-page error into the tenant's error page. */
  readonly errorPage: (ctx: Context, error: WireError) => Promise<Reply>;
  readonly allow: (tenantId: string) => Allowance;
}
