import type { RequestListener, Server } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';

export interface ListenOptions {
  readonly host: string;
  /** 0 picks a free port; undefined opens no such listener. */
  readonly port: number | undefined;
  readonly tlsPort: number | undefined;
  readonly tls?: TlsOptions;
}

export interface TlsOptions {
  readonly key: string;
  readonly cert: string;
  /** Ask clients for a certificate? None is required. Default: yes. */
  readonly asksClients?: boolean;
  /** Authorities (PEM) whose certificates of clients count as verified; without any, none does. */
  readonly clientAuthorities?: string;
}

/** How a client's certificate is asked for. Who showed none, or one that nobody vouches for, is let in: what it is worth is seen later. */
function clientCertificates({ asksClients = true, clientAuthorities }: TlsOptions) {
  // An empty list, as without any Node would trust every public authority.
  return { requestCert: asksClients, rejectUnauthorized: false, ca: clientAuthorities ? [clientAuthorities] : [] };
}

export interface HttpServer {
  readonly app: FastifyInstance;
  /** Starts listening. Answers the ports in use. */
  listen(options: ListenOptions): Promise<{ port: number | undefined; tlsPort: number | undefined }>;
  /** Stops accepting, lets the requests in flight finish, then closes what is idle. */
  close(): Promise<void>;
}

function open(server: Server | TlsServer, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

/** How often connections that have become idle are closed while the rest finishes. */
const CLOSE_IDLE_EVERY_MS = 50;

function stop(server: Server | TlsServer): Promise<void> {
  if (!server.listening) return Promise.resolve();
  return new Promise((resolve) => {
    // Node closes what is idle now; a connection whose answer is still to come would be kept alive afterwards.
    const closing = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
    server.close(() => {
      clearInterval(closing);
      resolve();
    });
    server.closeIdleConnections();
  });
}

/** The same routes on a plain and on a TLS listener. */
export function listening(app: FastifyInstance, plain: () => Server): HttpServer {
  let secure: TlsServer | undefined;
  return {
    app,
    async listen(options) {
      await app.ready();
      const port = options.port === undefined ? undefined : await open(plain(), options.port, options.host);
      if (options.tlsPort === undefined || !options.tls) return { port, tlsPort: undefined };
      const route: RequestListener = (request, response) => app.routing(request, response);
      const { key, cert } = options.tls;
      const clients = clientCertificates(options.tls);
      secure = createTlsServer({ key, cert, ...clients, minVersion: 'TLSv1.2', keepAliveTimeout: 72_000 }, route);
      return { port, tlsPort: await open(secure, options.tlsPort, options.host) };
    },
    async close() {
      await Promise.all([stop(plain()), secure ? stop(secure) : undefined]);
      await app.close();
    },
  };
}
