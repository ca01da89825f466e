import { recordEvents } from './audit/index.ts';
import { registerCascades } from './cascades.ts';
import { collections } from './collections.ts';
import type { Config } from './config.ts';
import { developmentEndpoints } from './development/index.ts';
import { endpoints } from './endpoints.ts';
import { deliverDue, type InternalContext, openInternalContext } from './internal-work.ts';
import {
  type Clock,
  type Endpoint,
  type Messenger,
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
  type Background,
  createBackground,
  createHttpServer,
  createRateLimiter,
  type HttpServer,
  type Shared,
} from './platform/http/index.ts';
import { memoryOutbox, type Outbox } from './platform/messages/index.ts';
import { createOutbound, type GuardedOutbound } from './platform/outbound/index.ts';
import { openStorage } from './platform/storage/index.ts';
import { createLogger } from './platform/telemetry/index.ts';
import { absentKindEndpoints } from './resources/absent-kinds/index.ts';
import { managementGuard } from './resources/access/index.ts';
import { myOrganizationGuard } from './resources/my-organization/index.ts';
import { mayReadAnswers } from './resources/organizations/index.ts';
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
  contextFor(host: string): Promise<InternalContext>;
  /**
   * Ends sessions whose time is over, tries the messages whose time has come, and gives up those that were tried often enough: of all
   * tenants but those in `busy`, which has each tenant as long as this is at it.
   */
  deliverDue(busy?: Set<string>): Promise<void>;
  close(): Promise<void>;
}

export interface Overrides {
  readonly clock?: MovableClock;
  readonly random?: Random;
  readonly messenger?: Messenger;
  readonly outbound?: GuardedOutbound;
}

interface Parts {
  readonly clock: Clock;
  readonly random: Random;
  readonly outbox: Outbox | undefined;
  readonly messenger: Messenger | undefined;
  readonly outbound: GuardedOutbound | undefined;
}

async function assemble(config: Config, secret: string, parts: Parts): Promise<Shared> {
  const { clock, random, outbox } = parts;
  const outbound =
    parts.outbound ??
    createOutbound({
      allowPrivateAddresses: config.mode === 'development',
      ...(config.outboundAllowedHosts ? { allowedHosts: config.outboundAllowedHosts } : {}),
    });
  const log = createLogger(config.logLevel ?? 'info');
  return {
    storage: await openStorage(config.database ?? 'sqlite::memory:', collections),
    clock,
    random,
    log,
    sealer: createSealer(secret),
    messenger: parts.messenger ?? chooseMessenger(config, { outbound, clock, outbox }),
    outbound,
    background: createBackground(log),
    record: recordEvents,
    development: config.mode === 'development',
  };
}

/** How long whoever reads the outbox waits for messages that are on their way. */
const READER_WAITS_MS = 1000;
/** How long the end of the process waits for them; those that are late are sent after the next start. */
const END_WAITS_MS = 5000;

/** The outbox for readers: what was answered to have been sent is in it. */
function settledOutbox(outbox: Outbox, background: Background): Outbox {
  return {
    add: outbox.add,
    async list(filter) {
      await background.idle(READER_WAITS_MS);
      return outbox.list(filter);
    },
    async clear() {
      await background.idle(READER_WAITS_MS);
      await outbox.clear();
    },
  };
}

function allEndpoints(outbox: Outbox | undefined, clock: MovableClock | undefined): readonly Endpoint[] {
  const published = [...endpoints, ...openApiEndpoints(endpoints, version)];
  if (!outbox || !clock) return published;
  const pushes = { list: listPushes, approve: approvePush, reject: rejectPush };
  return [...published, ...developmentEndpoints({ outbox, clock, pushes })];
}

/** Builds the whole server from `config`; `secret` is the master key. Nothing listens yet. */
export async function createApp(config: Config, secret: string, overrides: Overrides = {}): Promise<App> {
  registerCascades();
  const development = config.mode === 'development';
  const movable = development ? (overrides.clock ?? movableClock()) : undefined;
  const clock = movable ?? systemClock;
  const random = overrides.random ?? systemRandom;
  const kept = development ? memoryOutbox(clock, random) : undefined;
  const shared = await assemble(config, secret, {
    clock,
    random,
    outbox: kept,
    messenger: overrides.messenger,
    outbound: overrides.outbound,
  });
  const outbox = kept && settledOutbox(kept, shared.background);
  const all = allEndpoints(outbox, movable);
  const http = await createHttpServer(
    all,
    {
      shared,
      guards: { management: managementGuard, my_organization: myOrganizationGuard },
      mayRead: mayReadAnswers,
      errorPage: renderErrorPage,
      allow: createRateLimiter(config.managementRateLimit ?? 100_000, clock),
    },
    {
      trustProxy: config.trustedProxies ?? false,
      certificateProxies: config.mtlsProxies ?? [],
      unoffered: absentKindEndpoints,
    },
  );
  return {
    shared,
    http,
    endpoints: all,
    outbox,
    clock: movable,
    contextFor: (host) => openInternalContext(shared, host),
    deliverDue: (busy) => deliverDue(shared, busy),
    async close() {
      await http.close();
      await shared.background.idle(END_WAITS_MS);
      await shared.storage.close();
    },
  };
}
