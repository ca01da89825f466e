import { createServer as createPlainServer, type Server } from 'node:http';
import cookies from '@fastify/cookie';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type Endpoint, problem, type Reply, type Surface, type WireError } from '../../kernel/index.ts';
import { resolveHost } from '../storage/index.ts';
import { certificateFinder, type FindCertificate } from './client-certificate.ts';
import { openContext } from './context.ts';
import { presentFault } from './faults.ts';
import { namesItsFrame, preflightHeaders, surfaceHeaders } from './headers.ts';
import { type HttpServer, listening } from './listen.ts';
import { countAnswer, registerOperations } from './operations.ts';
import { registerOtherMethods } from './other-methods.ts';
import type { Pipeline } from './pipeline.ts';
import { type Arrived, compileServing, type Served } from './serve.ts';
import { unofferedServing } from './unoffered.ts';

const TYPES = {
  json: 'application/json; charset=utf-8',
  html: 'text/html; charset=utf-8',
  text: 'text/plain; charset=utf-8',
} as const;
const DEFAULT_BODY_LIMIT = 64 * 1024;
const MANAGEMENT_BODY_LIMIT = 1024 * 1024;

function arrivedFrom(request: FastifyRequest, findCertificate: FindCertificate): Arrived {
  const certificate = findCertificate(request.raw);
  return {
    method: request.method,
    host: request.host,
    target: request.url,
    headers: request.headers as Record<string, string | undefined>,
    cookies: request.cookies,
    params: request.params as Record<string, string>,
    raw: Buffer.isBuffer(request.body) ? request.body : undefined,
    ip: request.ip,
    ...(certificate ? { certificate } : {}),
  };
}

function setCookies(to: FastifyReply, reply: Reply, secure: boolean): void {
  for (const cookie of reply.cookies ?? []) {
    to.setCookie(cookie.name, cookie.value, {
      path: cookie.path ?? '/',
      httpOnly: true,
      secure,
      sameSite: cookie.sameSite ?? (secure ? 'none' : 'lax'),
      ...(cookie.maxAge === undefined ? {} : { maxAge: cookie.maxAge }),
    });
  }
}

/** Auth0 answers /oauth/token without a charset; RFC 8259 has none, but Fastify adds one to every JSON text that it is given to send. */
const WITHOUT_CHARSET = '/oauth/token';

function dropCharset<P>(
  _request: FastifyRequest,
  reply: FastifyReply,
  payload: P,
  done: (error: null, payload: P) => void,
): void {
  if (reply.getHeader('content-type') === TYPES.json) reply.header('content-type', 'application/json');
  done(null, payload);
}

function send(to: FastifyReply, served: Served): FastifyReply {
  const { reply } = served;
  to.code(reply.status).headers(served.headers);
  if (reply.headers) to.headers(reply.headers);
  if (namesItsFrame(reply.headers)) to.removeHeader('x-frame-options');
  setCookies(to, reply, served.secure);
  if (reply.body === undefined) return to.send();
  const type = reply.type ?? 'json';
  if (!to.hasHeader('content-type')) to.header('content-type', TYPES[type]);
  return to.send(type === 'json' ? JSON.stringify(reply.body) : reply.body);
}

function register(
  app: FastifyInstance,
  endpoint: Endpoint,
  pipeline: Pipeline,
  findCertificate: FindCertificate,
): void {
  const serve = compileServing(endpoint, pipeline);
  app.route({
    method: endpoint.method,
    url: endpoint.path,
    bodyLimit: endpoint.bodyLimit ?? (endpoint.surface === 'management' ? MANAGEMENT_BODY_LIMIT : DEFAULT_BODY_LIMIT),
    config: { endpoint },
    ...(endpoint.path === WITHOUT_CHARSET ? { onSend: dropCharset } : {}),
    handler: async (request, reply) => {
      const served = await serve(arrivedFrom(request, findCertificate));
      const took = Math.round(reply.elapsedTime);
      pipeline.shared.log.info(
        { tenant: served.tenant, endpoint: endpoint.name, status: served.reply.status, ms: took },
        'served',
      );
      countAnswer(endpoint.name, served.reply.status, took);
      return send(reply, served);
    },
  });
}

const STRICTEST = ['credentials', 'client'] as const;

/** Preflights of every path that a page on another origin may call. */
function registerPreflights(app: FastifyInstance, endpoints: readonly Endpoint[], pipeline: Pipeline): void {
  const open = endpoints.filter(
    (endpoint) => endpoint.surface === 'management' || (endpoint.cors ?? 'none') !== 'none',
  );
  for (const path of new Set(open.map((endpoint) => endpoint.path))) {
    const here = open.filter((endpoint) => endpoint.path === path);
    const mode = STRICTEST.find((one) => here.some((endpoint) => endpoint.cors === one)) ?? 'public';
    app.options(path, async (request, reply) => {
      const origin = request.headers.origin;
      const resolved = await resolveHost(pipeline.shared.storage.system, request.host);
      if (!origin || !resolved) return reply.code(404).send();
      const { ctx } = openContext(pipeline.shared, resolved, { ip: request.ip, userAgent: '' });
      if (mode !== 'public' && !(await pipeline.mayRead(ctx, origin, undefined))) {
        return reply.code(403).type('text/plain').send(`Origin ${origin} is not allowed.`);
      }
      return reply
        .code(204)
        .headers(
          preflightHeaders(
            origin,
            mode,
            here.map((endpoint) => endpoint.method),
          ),
        )
        .send();
    });
  }
}

/** The fault as the tenant's error page; undefined when that can't be drawn: no tenant, no database. */
async function drawFault(
  { shared, errorPage }: Pipeline,
  request: FastifyRequest,
  endpoint: Pick<Endpoint, 'surface'>,
  wire: WireError,
): Promise<Served | undefined> {
  try {
    const resolved = await resolveHost(shared.storage.system, request.host);
    if (!resolved) return undefined;
    const { ctx } = openContext(shared, resolved, { ip: request.ip, userAgent: '' });
    const secure = ctx.issuer.startsWith('https:');
    const reply = await errorPage(ctx, wire);
    return { reply, headers: surfaceHeaders(endpoint, secure), secure, tenant: ctx.tenant.name };
  } catch {
    return undefined;
  }
}

/** What apps made with the Guardian SDKs call. */
const GUARDIAN = /^\/(appliance-mfa|rich-consents)\//;

/** What people come to whose paths name an application. */
const PAGES = /^\/(samlp|wsfed)\//;

/** Where no route tells the surface, the beginning of the path does. */
function surfaceOf(path: string): Surface {
  if (path.startsWith('/api/v2/')) return 'management';
  if (PAGES.test(path)) return 'page';
  if (path.startsWith('/my-org/')) return 'my_organization';
  return GUARDIAN.test(path) ? 'guardian' : 'oauth';
}

/** What goes wrong before a route is found, such as a path that is too long or not well encoded. */
async function refuseAddress(
  error: Error,
  request: FastifyRequest,
  reply: FastifyReply,
  pipeline: Pipeline,
): Promise<FastifyReply> {
  const surface = surfaceOf(request.url);
  const wire = presentFault(Object.assign(error, { statusCode: 400 }), surface, pipeline.shared.log);
  const page = surface === 'page' ? await drawFault(pipeline, request, { surface }, wire) : undefined;
  if (page) return send(reply, page);
  return reply
    .code(wire.status)
    .headers({ ...wire.headers })
    .send(wire.body);
}

const UNKNOWN = 'There is no such call, or this server does not offer it.';

/** What goes wrong before an endpoint is reached: no such path, a body too large, a request that is no HTTP. */
function registerFallbacks(
  app: FastifyInstance,
  pipeline: Pipeline,
  refusalOf: ReturnType<typeof unofferedServing>,
  findCertificate: FindCertificate,
): void {
  app.setNotFoundHandler(async (request, reply) => {
    const refuse = refusalOf(request.method, request.url);
    if (refuse) return send(reply, await refuse(arrivedFrom(request, findCertificate)));
    if (request.url.startsWith('/api/v2/'))
      return reply.code(404).send({ statusCode: 404, error: 'Not Found', message: 'Not Found' });
    if (surfaceOf(request.url) === 'my_organization') return reply.code(404).send(problem('not_found', UNKNOWN).body);
    return reply.code(404).type('text/plain; charset=utf-8').send('Not Found');
  });
  app.setErrorHandler(async (error: Error & { statusCode?: number }, request, reply) => {
    const endpoint = (request.routeOptions.config as { endpoint?: Endpoint } | undefined)?.endpoint;
    const wire = presentFault(error, endpoint?.surface ?? 'oauth', pipeline.shared.log);
    const page = endpoint?.surface === 'page' ? await drawFault(pipeline, request, endpoint, wire) : undefined;
    if (page) return send(reply, page);
    return reply
      .code(wire.status)
      .headers({ ...wire.headers })
      .send(wire.body);
  });
}

/** Builds the server: every endpoint becomes a route of its own; those of `unoffered` refuse what has none. */
export async function createHttpServer(
  endpoints: readonly Endpoint[],
  pipeline: Pipeline,
  options: { trustProxy: string[] | false; certificateProxies: readonly string[]; unoffered: readonly Endpoint[] },
): Promise<HttpServer> {
  let plain: Server | undefined;
  const app = fastify({
    trustProxy: options.trustProxy || false,
    routerOptions: { maxParamLength: 2048 },
    // A HEAD must not reach what a GET uses up: links in mails are looked at by machines.
    exposeHeadRoutes: false,
    requestTimeout: 30_000,
    frameworkErrors: (error, request, reply) => void refuseAddress(error, request, reply, pipeline),
    serverFactory: (handler) => {
      plain = createPlainServer({ keepAliveTimeout: 72_000 }, handler);
      return plain;
    },
  });
  await app.register(cookies);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  const findCertificate = certificateFinder(options.certificateProxies);
  registerFallbacks(app, pipeline, unofferedServing(options.unoffered, pipeline), findCertificate);
  registerOperations(app, pipeline.shared.storage);
  for (const endpoint of endpoints) register(app, endpoint, pipeline, findCertificate);
  registerPreflights(app, endpoints, pipeline);
  registerOtherMethods(app, endpoints);
  return listening(app, () => plain as Server);
}
