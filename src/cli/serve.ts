import { readFileSync } from 'node:fs';
import { type App, createApp } from '../app.ts';
import type { Config } from '../config.ts';
import { developmentSecret, developmentTls } from '../development/index.ts';
import { prepareTenant, seedDevelopment } from '../provisioning/index.ts';

const SWEEP_EVERY_MS = 10 * 60_000;

async function tlsFor(config: Config, now: number): Promise<{ key: string; cert: string; caPath?: string } | undefined> {
  if (config.tlsPort === undefined) return undefined;
  if (config.tlsCert && config.tlsKey) return { key: readFileSync(config.tlsKey, 'utf8'), cert: readFileSync(config.tlsCert, 'utf8') };
  return config.mode === 'development' ? developmentTls(config.dataDirectory ?? './data', now) : undefined;
}

/** Finishes the requests in flight on SIGTERM or SIGINT, then ends the process; a second signal does not wait. */
function drainOnSignal(app: App, timer: NodeJS.Timeout): void {
  let draining = false;
  const drain = async () => {
    if (draining) process.exit(1);
    draining = true;
    clearInterval(timer);
    await app.close();
    process.exit(0);
  };
  process.on('SIGTERM', drain);
  process.on('SIGINT', drain);
}

/** Starts the server and prints the ready line. */
export async function serve(config: Config): Promise<void> {
  const started = performance.now();
  const secret = config.secret ?? developmentSecret(config.dataDirectory ?? './data');
  const app = await createApp(config, secret);
  const tls = await tlsFor(config, app.shared.clock.now());
  const ports = await app.http.listen({ host: config.host ?? '127.0.0.1', port: config.port, tlsPort: tls ? config.tlsPort : undefined, ...(tls ? { tls } : {}) });
  const urls = {
    plain: ports.port === undefined ? undefined : `http://localhost:${ports.port}`,
    secure: ports.tlsPort === undefined ? undefined : `https://localhost:${ports.tlsPort}`,
  };
  const canonical = config.url ?? urls.plain ?? urls.secure;
  if (!canonical) throw new Error('nothing to listen on: both ports are off');
  const aliases = config.mode === 'development' ? [urls.plain, urls.secure, urls.plain?.replace('localhost', '127.0.0.1'), urls.secure?.replace('localhost', '127.0.0.1')] : [];
  const { ctx } = await prepareTenant(app.shared, config, { url: canonical, aliases: aliases.filter((url) => url !== undefined) });
  const demo = config.mode === 'development' && !config.seed ? await seedDevelopment(ctx, canonical) : undefined;
  const timer = setInterval(() => void app.shared.storage.sweep(app.shared.clock.now()).catch(() => {}), SWEEP_EVERY_MS);
  timer.unref();
  drainOnSignal(app, timer);
  process.stdout.write(`${JSON.stringify({ ready: true, url: canonical, ...(urls.secure ? { tls_url: urls.secure } : {}), ms: Math.round(performance.now() - started) })}\n`);
  if (demo) process.stderr.write(`${[...demo, ...(tls?.caPath ? [`  To trust it          NODE_EXTRA_CA_CERTS=${tls.caPath}`] : [])].join('\n')}\n`);
}
