import type { Context, Endpoint, Method, RequestParts } from '../../kernel/index.ts';
import { compileEndpoint } from '../../platform/http/index.ts';

/**
 * The Management API from inside: the same validation and the same functions as over HTTP, without a token. So a seed is refused with
 * the words of the Management API, and whatever resource gets endpoints can be seeded.
 */
export interface Operations {
  /** True when there is such an endpoint: `PUT`, `/api/v2/guardian/policies`. */
  has(method: Method, path: string): boolean;
  /** Answers the body of the reply. Throws what the endpoint throws. */
  call(method: Method, path: string, body: unknown): Promise<unknown>;
  /** Answers `body` when the endpoint's schema accepts it; throws its WireError otherwise. */
  validate(method: Method, path: string, body: unknown): unknown;
}

interface Found {
  readonly endpoint: Endpoint;
  readonly params: Record<string, string>;
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [at, segment] of wanted.entries()) {
    const value = given[at] ?? '';
    if (segment.startsWith(':')) params[segment.slice(1)] = decodeURIComponent(value);
    else if (segment !== value) return undefined;
  }
  return params;
}

function find(endpoints: readonly Endpoint[], method: Method, path: string): Found | undefined {
  const found = endpoints.flatMap((endpoint) => {
    const params = endpoint.method === method ? matchPath(endpoint.path, path) : undefined;
    return params ? [{ endpoint, params }] : [];
  });
  // `/factors/phone/…` before `/factors/:name/…`, as a router has it.
  return found.sort((one, other) => Object.keys(one.params).length - Object.keys(other.params).length)[0];
}

/** The operations of `endpoints` on the tenant of `ctx`. */
export function operationsOf(ctx: Context, endpoints: readonly Endpoint[]): Operations {
  const mine = endpoints.filter((endpoint) => endpoint.surface === 'management');
  const principal = {
    clientId: 'seed',
    subject: 'seed',
    scopes: new Set(mine.flatMap((endpoint) => endpoint.scopes ?? [])),
  };

  function prepare(method: Method, path: string, body: unknown) {
    const found = find(mine, method, path);
    if (!found) throw new Error(`there is no ${method} ${path}`);
    const input = compileEndpoint(found.endpoint)({ params: found.params, query: {}, body });
    return { endpoint: found.endpoint, input };
  }

  return {
    has: (method, path) => find(mine, method, path) !== undefined,
    validate: (method, path, body) => prepare(method, path, body).input.body,
    async call(method, path, body) {
      const { endpoint, input } = prepare(method, path, body);
      const request = { method, url: new URL(path, ctx.issuer), headers: {}, cookies: {}, principal, ...input };
      return (await endpoint.handle(ctx, request as unknown as RequestParts<never, never, never>)).body;
    },
  };
}
