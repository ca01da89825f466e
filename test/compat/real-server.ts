/** A server on real ports with TLS, which everything in this process trusts, and what a real client needs to know of it. */
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { App } from '../../src/app.ts';
import type { Context, MovableClock } from '../../src/kernel/index.ts';
import { createDevelopmentAuthority, issueServerCertificate } from '../../src/platform/crypto/index.ts';
import type { StoredMessage } from '../../src/platform/messages/index.ts';
import { addDomain, ensureTenant } from '../../src/provisioning/index.ts';
import { START, type TestServerOptions, testServer } from '../server.ts';

export interface RealServer {
  readonly app: App;
  /** Of the tenant whose public URL is `url`. */
  readonly ctx: Context;
  /** Stands at the time of the test's start, since real clients look at the machine's own clock. */
  readonly clock: MovableClock;
  /** `https://localhost:<port>` */
  readonly url: string;
  /** `localhost:<port>`: what SDKs call the domain. */
  readonly domain: string;
  /** The same tenant over plain HTTP. */
  readonly plainUrl: string;
  /** The authority of its certificate, for other processes to trust. */
  readonly authorityPem: string;
  /** What was sent, newest first. */
  messages(filter?: { channel?: string; to?: string }): Promise<StoredMessage[]>;
  close(): Promise<void>;
}

/** Starts it. The process trusts its certificate from then on. */
export async function startRealServer(options: TestServerOptions = {}): Promise<RealServer> {
  const server = await testServer(options);
  const now = Date.now();
  server.clock.advance((now - START) / 1000);
  const authority = await createDevelopmentAuthority({ now });
  const issued = await issueServerCertificate(authority, { hosts: ['localhost', 'mtls.localhost', '127.0.0.1'], now });
  setDefaultCACertificates([...getCACertificates('default'), authority.certPem]);
  const tls = { key: issued.privateKeyPem, cert: issued.certPem };
  const ports = await server.app.http.listen({ host: '127.0.0.1', port: 0, tlsPort: 0, tls });
  const domain = `localhost:${ports.tlsPort}`;
  const plainUrl = `http://localhost:${ports.port}`;
  const { ctx } = await ensureTenant(server.app.shared, { name: 'real', url: `https://${domain}` });
  await addDomain(server.app.shared, ctx, plainUrl);
  return {
    app: server.app,
    ctx,
    clock: server.clock,
    url: `https://${domain}`,
    domain,
    plainUrl,
    authorityPem: authority.certPem,
    messages: server.messages,
    close: server.close,
  };
}
