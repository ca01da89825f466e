import type { App } from '../app.ts';
import { type Config, ConfigurationError } from '../config.ts';
import { developmentSecret, developmentTls } from '../development/index.ts';
import { prepareTenant, seedDevelopment } from '../provisioning/index.ts';
import { openApp } from './open-app.ts';
import { releaseStartupMemory } from './release-memory.ts';
import { readClientAuthorities, readTlsFiles, type TlsFiles } from './tls-files.ts';

const SWEEP_EVERY_MS = 10 * 60_000;
const DELIVER_EVERY_MS = 10_000;
const LOCAL_NAMES = ['localhost', '127.0.0.1'];

type Tls = TlsFiles & { readonly caPath?: string };

async function tlsFor(config: Config, now: number): Promise<Tls | undefined> {
  if (config.tlsPort === undefined) return undefined;
  const files = readTlsFiles(config);
  if (files || config.mode === 'production') return files;
  return developmentTls(config.dataDirectory ?? './data', now);
}

/** Finishes the requests in flight on SIGTERM or SIGINT, then ends the process; a second signal does not wait. */
function drainOnSignal(app: App, timers: readonly NodeJS.Timeout[]): void {
  let draining = false;
  const drain = async () => {
    if (draining) process.exit(1);
    draining = true;
    for (const timer of timers) clearInterval(timer);
    await app.close();
    process.exit(0);
  };
  process.on('SIGTERM', drain);
  process.on('SIGINT', drain);
}

type Ports = Awaited<ReturnType<App['http']['listen']>>;

/** The URLs that this machine's listeners are reached at. */
function localUrls(ports: Ports): string[] {
  return LOCAL_NAMES.flatMap((name) => [
    ...(ports.port === undefined ? [] : [`http://${name}:${ports.port}`]),
    ...(ports.tlsPort === undefined ? [] : [`https://${name}:${ports.tlsPort}`]),
  ]);
}

/** Errors of listening that whoever chose address and port can mend. */
const ADDRESS_ERRORS = new Set(['EADDRINUSE', 'EADDRNOTAVAIL', 'EACCES', 'ENOTFOUND']);

async function listen(app: App, config: Config, tls: Tls | undefined): Promise<Ports> {
  const { port, host = '127.0.0.1', tlsClientCertificates: asksClients = true } = config;
  const clientAuthorities = readClientAuthorities(config);
  const clients = { asksClients, ...(clientAuthorities ? { clientAuthorities } : {}) };
  try {
    return await app.http.listen({
      host,
      port,
      tlsPort: tls && config.tlsPort,
      ...(tls ? { tls: { ...tls, ...clients } } : {}),
    });
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw ADDRESS_ERRORS.has(code) ? new ConfigurationError(message) : error;
  }
}

/** The line that tells whoever started the process that it answers, and where. JSON leaves out what there is not. */
function readyLine(url: string, tlsUrl: string | undefined, { port, tlsPort }: Ports, started: number): string {
  const ms = Math.round(performance.now() - started);
  return `${JSON.stringify({ ready: true, url, tls_url: tlsUrl, port, tls_port: tlsPort, ms })}\n`;
}

function sweepRegularly(app: App): NodeJS.Timeout {
  const { storage, clock, log } = app.shared;
  const sweep = () =>
    storage.sweep(clock.now()).catch((error) => log.warn({ err: error }, 'expired rows were not swept'));
  return setInterval(sweep, SWEEP_EVERY_MS).unref();
}

/**
 * Looks for sessions to end and messages to send: those that failed before, and those that another process left behind. A tenant whose
 * receivers are slow is waited for, the others go on.
 */
function deliverRegularly(app: App): NodeJS.Timeout {
  const busy = new Set<string>();
  const start = () => app.shared.background.start(() => app.deliverDue(busy));
  start();
  return setInterval(start, DELIVER_EVERY_MS).unref();
}

/** Starts the server and prints the ready line; in development also, for people, where everything is. */
export async function serve(config: Config): Promise<void> {
  const started = performance.now();
  const development = config.mode === 'development';
  const app = await openApp(config, config.secret ?? developmentSecret(config.dataDirectory ?? './data'));
  const tls = await tlsFor(config, app.shared.clock.now());
  // Where the URL is known, the tenant comes first: a seed that fails then has answered nobody.
  if (config.url) await prepareTenant(app, config, { url: config.url, aliases: [] });
  const ports = await listen(app, config, tls);
  const urls = localUrls(ports);
  const url = config.url ?? urls[0];
  if (!url || urls.length === 0)
    throw new ConfigurationError(
      'COUNTERSIGN_PORT and COUNTERSIGN_TLS_PORT are both off: there is nothing to listen on',
    );
  const { ctx } = await prepareTenant(app, config, { url, aliases: development ? urls : [] });
  const facts =
    development && !config.seed ? await app.shared.storage.exclusively(() => seedDevelopment(ctx, url)) : [];
  drainOnSignal(app, [sweepRegularly(app), deliverRegularly(app)]);
  const tlsUrl = urls.find((candidate) => candidate.startsWith('https:'));
  process.stdout.write(readyLine(url, tlsUrl, ports, started));
  releaseStartupMemory();
  if (tls?.caPath) facts.push(`  To trust ${tlsUrl}  NODE_EXTRA_CA_CERTS=${tls.caPath}`);
  if (facts.length > 0) process.stderr.write(`${facts.join('\n')}\n`);
}
