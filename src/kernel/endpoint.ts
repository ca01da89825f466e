import type { Static, TSchema } from 'typebox';
import type { Context } from './context.ts';

/** The wire dialect in which an endpoint states errors. `guardian` has the Management API's words, and nothing else of it. */
export type Surface =
  | 'oauth'
  | 'legacy'
  | 'management'
  | 'my_organization'
  | 'database'
  | 'page'
  | 'guardian'
  | 'plain';

/** `public`: pages anywhere. `client`: pages of the application that the request names. */
export type CorsMode = 'public' | 'client' | 'credentials';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A cookie to set; without `maxAge` (seconds) it lives as long as the browser; `maxAge: 0` removes it. */
export interface SetCookie {
  readonly name: string;
  readonly value: string;
  readonly maxAge?: number;
  /** Default `/`. */
  readonly path?: string;
  /** Default `none` (with Secure) over TLS, `lax` over plain HTTP in development. */
  readonly sameSite?: 'lax' | 'none' | 'strict';
}

export interface Reply {
  readonly status: number;
  readonly type?: 'json' | 'html' | 'text';
  /** JSON value, or the text of the page. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly SetCookie[];
}

/** What the caller proved before the endpoint ran (Management API, My Organization API: the access token). */
export interface Principal {
  readonly clientId: string;
  readonly subject: string;
  readonly scopes: ReadonlySet<string>;
  /** My Organization API: the organization that the token is for. */
  readonly organizationId?: string;
}

/** A request as an endpoint sees it. Header names are lower-case. */
export interface RequestParts<P, Q, B> {
  readonly method: Method;
  /** Absolute URL as the tenant's domain has it. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly cookies: Readonly<Record<string, string | undefined>>;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly principal?: Principal;
}

export type Fields = Readonly<Record<string, unknown>>;

export interface EndpointDeclaration<P extends TSchema, Q extends TSchema, B extends TSchema> {
  readonly method: Method;
  /** `/api/v2/clients/:id` */
  readonly path: string;
  /** Unique, camelCase; becomes the OpenAPI operationId. */
  readonly name: string;
  readonly summary: string;
  readonly tag: string;
  readonly surface: Surface;
  /** Management and My Organization: the token must carry one of these. */
  readonly scopes?: readonly string[];
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** Content types accepted. Default: JSON for management and database, JSON and form for oauth, form for page. */
  readonly accepts?: readonly ('json' | 'form')[];
  /** Status → schema of the body, or a sentence where there is none. */
  readonly replies: Readonly<Record<number, TSchema | string>>;
  /**
   * Who may read the answer from a browser on another origin. Default `none`; management: any origin (it needs a bearer token).
   * `credentials`: as `client`, and the browser sends and keeps cookies of ours.
   */
  readonly cors?: CorsMode | 'none';
  /** Another method is told that it is none of the path's (405), where a standard wants that. Default: 404, as for any other path. */
  readonly tellsMethods?: true;
  /** Largest body in bytes. Default 1 MiB for management, 64 KiB elsewhere. */
  readonly bodyLimit?: number;
  /** Exists in development only. */
  readonly development?: true;
  readonly handle: (ctx: Context, request: RequestParts<Static<P>, Static<Q>, Static<B>>) => Promise<Reply>;
}

export type Endpoint = Omit<EndpointDeclaration<TSchema, TSchema, TSchema>, 'handle'> & {
  readonly handle: (ctx: Context, request: RequestParts<never, never, never>) => Promise<Reply>;
};

/** Declares an endpoint: its route, validation, OpenAPI entry, scopes and documentation all come from this one value. */
export function endpoint<P extends TSchema = TSchema, Q extends TSchema = TSchema, B extends TSchema = TSchema>(
  declaration: EndpointDeclaration<P, Q, B>,
): Endpoint {
  return declaration as unknown as Endpoint;
}

/** JSON answer. */
export function json(status: number, body: unknown, headers?: Record<string, string>): Reply {
  return { status, type: 'json', body, ...(headers ? { headers } : {}) };
}

/** A page. */
export function html(status: number, body: string, headers?: Record<string, string>): Reply {
  return { status, type: 'html', body, ...(headers ? { headers } : {}) };
}

/** An answer without a body. */
export function empty(status: number): Reply {
  return { status };
}

/** 302 to `location`. */
export function redirect(
  location: string,
  options: { cookies?: readonly SetCookie[]; headers?: Record<string, string> } = {},
): Reply {
  return {
    status: 302,
    headers: { location, ...options.headers },
    ...(options.cookies ? { cookies: options.cookies } : {}),
  };
}
