import {
  type AuditEvent,
  type Context,
  type Endpoint,
  Failure,
  managementError,
  oauthError,
  type Principal,
  type Reply,
  type RequestParts,
  type Surface,
  WireError,
} from '../../kernel/index.ts';
import { resolveHost } from '../storage/index.ts';
import { readBody, readParameters } from './body.ts';
import { openContext, readSdk, type Shared } from './context.ts';
import { presentFailure } from './errors/index.ts';
import { corsHeaders, surfaceHeaders } from './headers.ts';
import type { Allowance } from './rate-limit.ts';
import { compileEndpoint } from './validate.ts';

/** Proves who is calling before the endpoint sees anything; throws its surface's error. */
export type Guard = (
  ctx: Context,
  endpoint: Endpoint,
  headers: RequestParts<never, never, never>['headers'],
) => Promise<Principal>;

export interface Pipeline {
  readonly shared: Shared;
  readonly guards: Partial<Record<Surface, Guard>>;
  /** Makes the events of a request durable. Called before the answer leaves. */
  readonly record: (ctx: Context, events: readonly AuditEvent[]) => Promise<void>;
  /** May a page at `origin` read answers meant for `clientId` (undefined: for any client of the tenant)? */
  readonly mayRead: (ctx: Context, origin: string, clientId: string | undefined) => Promise<boolean>;
  /** Turns a whole-page error into the tenant's error page. */
  readonly errorPage: (ctx: Context, error: WireError) => Promise<Reply>;
  readonly allow: (tenantId: string) => Allowance;
}

/** A request as it came off the socket. */
export interface Arrived {
  readonly method: string;
  readonly host: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly cookies: Readonly<Record<string, string | undefined>>;
  readonly params: Readonly<Record<string, string>>;
  readonly raw: Buffer | undefined;
  readonly ip: string;
}

export interface Served {
  readonly reply: Reply;
  readonly headers: Record<string, string>;
  readonly secure: boolean;
  readonly tenant: string | undefined;
}

const NO_TENANT: Served = {
  reply: { status: 404, type: 'text', body: 'Not Found' },
  headers: {},
  secure: false,
  tenant: undefined,
};

function clientIdIn(value: unknown): string | undefined {
  const id = (value as { client_id?: unknown } | undefined)?.client_id;
  return typeof id === 'string' ? id : undefined;
}

/** The error as an answer in the dialect of `surface`. What is neither a Failure nor a WireError is a fault of ours: logged, and answered without detail. */
function presentError(ctx: Context, surface: Surface, error: unknown): WireError {
  if (error instanceof WireError) return error;
  if (error instanceof Failure) return presentFailure(surface, error);
  ctx.log.error({ err: error, tenant: ctx.tenant.name }, 'request failed');
  const text = 'An unexpected error occurred';
  return surface === 'management' ? managementError(500, text) : oauthError(500, 'server_error', text);
}

/** Compiles `endpoint` into the function that serves it: tenant, guard, reading, validation, handling, audit, presentation, in this order. */
export function compileServing(endpoint: Endpoint, pipeline: Pipeline): (arrived: Arrived) => Promise<Served> {
  const validate = compileEndpoint(endpoint);
  const { shared, guards } = pipeline;
  const guard = guards[endpoint.surface];

  async function run(ctx: Context, arrived: Arrived, seen: { clientId?: string | undefined }): Promise<Reply> {
    const url = new URL(arrived.target, ctx.issuer);
    const principal = guard && (await guard(ctx, endpoint, arrived.headers));
    const query = readParameters(url.search, endpoint.query, endpoint.surface);
    seen.clientId = clientIdIn(query);
    const body = readBody(endpoint, arrived.headers['content-type'], arrived.raw);
    seen.clientId ??= clientIdIn(body);
    const input = validate({ params: arrived.params, query, body, headers: arrived.headers });
    const request = {
      method: endpoint.method,
      url,
      headers: arrived.headers,
      cookies: arrived.cookies,
      ...input,
      ...(principal ? { principal } : {}),
    };
    return endpoint.handle(ctx, request as unknown as RequestParts<never, never, never>);
  }

  async function answer(ctx: Context, arrived: Arrived, seen: { clientId?: string | undefined }): Promise<Reply> {
    try {
      return await run(ctx, arrived, seen);
    } catch (error) {
      const wire = presentError(ctx, endpoint.surface, error);
      if (wire.detail)
        ctx.log.info({ detail: wire.detail, tenant: ctx.tenant.name, endpoint: endpoint.name }, 'request refused');
      if (endpoint.surface === 'page') return pipeline.errorPage(ctx, wire);
      return { status: wire.status, type: 'json', body: wire.body, headers: wire.headers };
    }
  }

  async function readableBy(
    ctx: Context,
    origin: string | undefined,
    clientId: string | undefined,
  ): Promise<Record<string, string>> {
    if (endpoint.cors === 'public' || endpoint.surface === 'management') return corsHeaders(origin, 'public');
    if (endpoint.cors !== 'client' || origin === undefined) return {};
    return (await pipeline.mayRead(ctx, origin, clientId)) ? corsHeaders(origin, 'client') : {};
  }

  return async (arrived) => {
    const resolved = await resolveHost(shared.storage.system, arrived.host);
    if (!resolved) return NO_TENANT;
    const sdk = readSdk(arrived.headers['auth0-client']);
    const caller = { ip: arrived.ip, userAgent: arrived.headers['user-agent'] ?? '', ...(sdk ? { sdk } : {}) };
    const { ctx, events, startAfterwards } = openContext(shared, resolved, caller);
    const secure = ctx.issuer.startsWith('https:');
    const headers = surfaceHeaders(endpoint, secure);
    if (endpoint.surface === 'management') {
      const allowance = pipeline.allow(ctx.tenant.id);
      Object.assign(headers, allowance.headers);
      if (!allowance.allowed) {
        const limited = managementError(429, 'Global limit has been reached', 'too_many_requests');
        return { reply: { status: 429, type: 'json', body: limited.body }, headers, secure, tenant: ctx.tenant.name };
      }
    }
    const seen: { clientId?: string | undefined } = {};
    let reply = await answer(ctx, arrived, seen);
    if (events.length > 0) {
      try {
        await pipeline.record(ctx, events);
      } catch (error) {
        const wire = presentError(ctx, endpoint.surface, error);
        reply = { status: wire.status, type: 'json', body: wire.body, headers: wire.headers };
      }
    }
    Object.assign(headers, await readableBy(ctx, arrived.headers.origin, seen.clientId));
    startAfterwards();
    return { reply, headers, secure, tenant: ctx.tenant.name };
  };
}
