import {
  type AuditEvent,
  asProblem,
  type ClientCertificate,
  type Context,
  type Endpoint,
  Failure,
  managementError,
  oauthError,
  type Reply,
  type RequestParts,
  type Surface,
  WireError,
} from '../../kernel/index.ts';
import { resolveHost } from '../storage/index.ts';
import { readBody, readParameters } from './body.ts';
import { openContext, readSdk } from './context.ts';
import { presentFailure, speaksManagement, speaksProblems } from './errors/index.ts';
import { corsHeaders, surfaceHeaders } from './headers.ts';
import type { Guard, Pipeline } from './pipeline.ts';
import { compileEndpoint } from './validate.ts';

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
  readonly certificate?: ClientCertificate;
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
  if (speaksProblems(surface)) return asProblem(managementError(500, text));
  return speaksManagement(surface) ? managementError(500, text) : oauthError(500, 'server_error', text);
}

/** An endpoint with all that serving it needs, made once at start. */
interface Serving {
  readonly endpoint: Endpoint;
  readonly pipeline: Pipeline;
  readonly guard: Guard | undefined;
  readonly validate: ReturnType<typeof compileEndpoint>;
}

/** One request on its way through: the client it names is noted as soon as it is read, for the CORS headers of a refusal too. */
interface Visit {
  readonly ctx: Context;
  readonly arrived: Arrived;
  clientId: string | undefined;
}

/** Compiles `endpoint` into the function that serves it: tenant, guard, reading, validation, handling, audit, presentation, in this order. */
export function compileServing(endpoint: Endpoint, pipeline: Pipeline): (arrived: Arrived) => Promise<Served> {
  const guard = pipeline.guards[endpoint.surface];
  const serving: Serving = { endpoint, pipeline, guard, validate: compileEndpoint(endpoint) };
  return async (arrived) => {
    const resolved = await resolveHost(pipeline.shared.storage.system, arrived.host);
    if (!resolved) return NO_TENANT;
    const { ctx, events, startAfterwards } = openContext(pipeline.shared, resolved, callerOf(arrived));
    const secure = ctx.issuer.startsWith('https:');
    const headers = surfaceHeaders(endpoint, secure);
    const visit: Visit = { ctx, arrived, clientId: undefined };
    const reply =
      refuseExcess(serving, ctx, headers) ?? (await recorded(serving, ctx, events, await answer(serving, visit)));
    Object.assign(headers, await readableBy(serving, visit));
    startAfterwards();
    return { reply, headers, secure, tenant: ctx.tenant.name };
  };
}

function callerOf({ ip, headers, method, target, certificate }: Arrived): Context['caller'] {
  const sdk = readSdk(headers['auth0-client']);
  return {
    ip,
    userAgent: headers['user-agent'] ?? '',
    call: { method, target },
    ...(certificate ? { certificate } : {}),
    ...(sdk ? { sdk } : {}),
  };
}

/** Counts a call of an administration API, says so in `headers`, and answers 429 when there were too many. */
function refuseExcess(
  { endpoint, pipeline }: Serving,
  ctx: Context,
  headers: Record<string, string>,
): Reply | undefined {
  const isProblem = speaksProblems(endpoint.surface);
  if (endpoint.surface !== 'management' && !isProblem) return undefined;
  const allowance = pipeline.allow(ctx.tenant.id);
  Object.assign(headers, allowance.headers);
  if (allowance.allowed) return undefined;
  const refusal = managementError(429, 'Global limit has been reached', 'too_many_requests');
  return replyOf(isProblem ? asProblem(refusal) : refusal);
}

function replyOf({ status, body, headers }: WireError): Reply {
  return { status, type: 'json', body, headers };
}

async function answer(serving: Serving, visit: Visit): Promise<Reply> {
  try {
    return await handle(serving, visit);
  } catch (error) {
    const { endpoint, pipeline } = serving;
    const { ctx } = visit;
    const wire = presentError(ctx, endpoint.surface, error);
    if (wire.detail)
      ctx.log.info({ detail: wire.detail, tenant: ctx.tenant.name, endpoint: endpoint.name }, 'request refused');
    return endpoint.surface === 'page' ? pipeline.errorPage(ctx, wire) : replyOf(wire);
  }
}

async function handle({ endpoint, guard, validate }: Serving, visit: Visit): Promise<Reply> {
  const { ctx, arrived } = visit;
  const { headers, cookies, params } = arrived;
  const principal = guard && (await guard(ctx, endpoint, headers));
  const query = readParameters(searchOf(arrived.target), endpoint.query, endpoint.surface);
  visit.clientId = clientIdIn(query);
  const body = readBody(endpoint, headers['content-type'], arrived.raw);
  visit.clientId ??= clientIdIn(body);
  const input = validate({ params, query, body, headers });
  const request = {
    method: endpoint.method,
    get url() {
      return new URL(arrived.target, ctx.issuer);
    },
    headers,
    cookies,
    ...input,
    ...(principal ? { principal } : {}),
  };
  return endpoint.handle(ctx, request as unknown as RequestParts<never, never, never>);
}

/** What stands in `target` (path and query) from its `?` on. Few endpoints look at more of the URL, so it is parsed for those alone. */
function searchOf(target: string): string {
  const start = target.indexOf('?');
  if (start < 0) return '';
  const end = target.indexOf('#', start);
  return end < 0 ? target.slice(start) : target.slice(start, end);
}

/** `reply`, once the events are durable; the fault in its place when they can't be made so. */
async function recorded(serving: Serving, ctx: Context, events: readonly AuditEvent[], reply: Reply): Promise<Reply> {
  if (events.length === 0) return reply;
  try {
    await ctx.record(events);
    return reply;
  } catch (error) {
    return replyOf(presentError(ctx, serving.endpoint.surface, error));
  }
}

async function readableBy({ endpoint, pipeline }: Serving, visit: Visit): Promise<Record<string, string>> {
  const { origin } = visit.arrived.headers;
  if (endpoint.cors === 'public' || endpoint.surface === 'management') return corsHeaders(origin, 'public');
  const mode = endpoint.cors ?? 'none';
  if (mode === 'none' || origin === undefined) return {};
  return (await pipeline.mayRead(visit.ctx, origin, visit.clientId)) ? corsHeaders(origin, mode) : {};
}
