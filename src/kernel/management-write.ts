import type { Context } from './context.ts';
import type { Endpoint, EndpointDeclaration, Reply, RequestParts } from './endpoint.ts';
import { endpoint } from './endpoint.ts';
import { Failure, WireError } from './failure.ts';
import type { TSchema } from './schema.ts';

type AnyRequest = RequestParts<unknown, unknown, unknown>;

/** Members that are as long as they are useless in a log. */
const BULKY = new Set(['signing_keys', 'cert', 'pkcs7', 'pem']);

/** `value` without what would only fill the log. Secrets are hidden when the event becomes a row, as in every event (`audit`). */
function withoutBulk(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutBulk);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => !BULKY.has(name));
  return Object.fromEntries(kept.map(([name, member]) => [name, withoutBulk(member)]));
}

function describeRequest(ctx: Context, request: AnyRequest): Record<string, unknown> {
  const { principal } = request;
  return {
    method: request.method.toLowerCase(),
    path: request.url.pathname,
    query: Object.fromEntries(request.url.searchParams),
    body: withoutBulk(request.body ?? {}),
    userAgent: ctx.caller.userAgent,
    ip: ctx.caller.ip,
    channel: 'api',
    auth: { user: {}, strategy: 'jwt', credentials: { scopes: [...(principal?.scopes ?? [])] } },
  };
}

function auditWrite(ctx: Context, type: 'sapi' | 'fapi', summary: string, request: AnyRequest, reply: Reply): void {
  const response = { ...(reply.status ? { statusCode: reply.status } : {}), body: withoutBulk(reply.body ?? {}) };
  const clientId = request.principal?.clientId;
  ctx.audit({
    type,
    description: summary,
    ...(clientId ? { client_id: clientId } : {}),
    details: { request: describeRequest(ctx, request), response },
  });
}

export interface Apart {
  /** It hashes, asks other servers, sends or takes long: others can't wait for it, and its writes guard themselves. */
  readonly apart?: true;
}

/**
 * Declares a Management endpoint that changes something: as `endpoint()`, and every call leaves Auth0's `sapi` event behind, or `fapi`
 * when the endpoint refused. What the pipeline refuses before (token, schema) leaves none. The surface is `management`. The writes of
 * a tenant happen one after the other, each whole or not at all: what `handle` has found to exist, or not to, is so when it writes.
 */
export function managementWrite<P extends TSchema, Q extends TSchema, B extends TSchema>(
  declaration: Omit<EndpointDeclaration<P, Q, B>, 'surface'> & Apart,
): Endpoint {
  const { handle, apart, ...rest } = declaration;
  const { summary } = rest;
  return endpoint<P, Q, B>({
    ...rest,
    surface: 'management',
    async handle(ctx, request) {
      try {
        const reply = await (apart ? handle(ctx, request) : ctx.store.serially(() => handle(ctx, request)));
        auditWrite(ctx, 'sapi', summary, request, reply);
        return reply;
      } catch (error) {
        if (error instanceof WireError) auditWrite(ctx, 'fapi', summary, request, { ...error });
        // How a domain failure reads on the wire is the pipeline's business; the log names it.
        if (error instanceof Failure)
          auditWrite(ctx, 'fapi', summary, request, { status: 0, body: { code: error.code } });
        throw error;
      }
    },
  });
}
