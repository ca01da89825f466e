import { recordEvents } from './audit/index.ts';
import { registerCascades } from './cascades.ts';
import { collections } from './collections.ts';
import type { Config } from './config.ts';
import { developmentEndpoints } from './development/index.ts';
import { endpoints } from './endpoints.ts';
import {
  type Clock,
  type Context,
  type Endpoint,
  type MovableClock,
  movableClock,
  type Random,
  systemClock,
  systemRandom,
} from './kernel/index.ts';
import { renderErrorPage } from './login/index.ts';
import { approvePush, listPushes, rejectPush } from './mfa/index.ts';
import { openApiEndpoints } from './openapi/index.ts';
import { createSealer } from './platform/crypto/index.ts';
import {
  createHttpServer,
  createRateLimiter,
  type HttpServer,
  openContext,
  type Shared,
} from './platform/http/index.ts';
import { memoryOutbox, type Outbox } from './platform/messages/index.ts';
import { createOutbound } from './platform/outbound/index.ts';
import { openStorage, resolveHost } from './platform/storage/index.ts';
import { createLogger } from './platform/telemetry/index.ts';
import { managementGuard } from './resources/access/index.ts';
import { mayReadAnswers } from './resources/clients/index.ts';
import { chooseMessenger } from './senders.ts';
import { version } from './version.ts';

export interface App {
  readonly shared: Shared;
  readonly http: HttpServer;
  readonly endpoints: readonly Endpoint[];
  /** Development only. */
  readonly outbox: Outbox | undefined;
  readonly clock: MovableClock | undefined;
  /** A context for work that no request asked for, in the tenant that `host` leads to. Events audited with it are recorded by `finish`. */
  contextFor(host: string): Promise<{ ctx: Context; finish(): Promise<void> }>;
  close(): Promise<void>;
}

export interface Overrides {
  readonly clock?: MovableClock;
  readonly random?: Random;
}

const INTERNAL_CALLER = { ip: '127.0.0.1', userAgent: 'countersign' };

async function assemble(
  config: Config,
  secret: string,
  clock: Clock,
  random: Random,
  outbox: Outbox | undefined,
): Promise<Shared> {
  const outbound = createOutbound({
    allowPrivateAddresses: config.mode === 'development',
    ...(config.outboundAllowedHosts ? { allowedHosts: config.outboundAllowedHosts } : {}),
  });
  return {
    storage: await openStorage(config.database ?? 'sqlite::memory:', collections),
    clock,
    random,
    log: createLogger(config.logLevel ?? 'info'),
    sealer: createSealer(secret),
    messenger: chooseMessenger(config, { outbound, clock, outbox }),
    outbound,
    development: config.mode === 'development',
  };
}

/** Builds the whole server from `config`; `secret` is the master key. Nothing listens yet. */
export async function createApp(config: Config, secret: string, overrides: Overrides = {}): Promise<App> {
  registerCascades();
  const development = config.mode === 'development';
  const movable = development ? (overrides.clock ?? movableClock()) : undefined;
  const clock = movable ?? systemClock;
  const random = overrides.random ?? systemRandom;
  const outbox = development ? memoryOutbox(clock, random) : undefined;
  const shared = await assemble(config, secret, clock, random, outbox);
  const published = [...endpoints, ...openApiEndpoints(endpoints, version)];
  const all =
    movable && outbox
      ? [
          ...published,
          ...developmentEndpoints({
            outbox,
            clock: movable,
            pushes: { list: listPushes, approve: approvePush, reject: rejectPush },
          }),
        ]
      : published;
  const http = await createHttpServer(
    all,
    {
      shared,
      guards: { management: managementGuard },
      record: recordEvents,
      mayRead: mayReadAnswers,
      errorPage: renderErrorPage,
      allow: createRateLimiter(config.managementRateLimit ?? 100_000, clock),
    },
    { trustProxy: config.trustedProxies ?? false },
  );
  return {
    shared,
    http,
    endpoints: all,
    outbox,
    clock: movable,
    contextFor: (host) => internalContext(shared, host),
    async close() {
      await http.close();
      await shared.storage.close();
    },
  };
}

async function internalContext(shared: Shared, host: string): Promise<{ ctx: Context; finish(): Promise<void> }> {
  const resolved = await resolveHost(shared.storage.system, host);
  if (!resolved) throw new Error(`no tenant is reached by ${host}`);
  const { ctx, events } = openContext(shared, resolved, INTERNAL_CALLER);
  return { ctx, finish: () => recordEvents(ctx, events.splice(0)) };
}
