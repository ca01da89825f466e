import { alphanumeric, type Context, isoTime, type SetCookie } from '../../kernel/index.ts';
import { hashToken, randomToken } from '../../platform/crypto/index.ts';
import { type TenantSettings, tenantSettings } from '../tenant-settings/index.ts';
import { endSession } from './end-session.ts';
import { idleExpiry, isOver, needsTouch, type SessionUse, sessionExpiry } from './session.rules.ts';
import { type Session, sessionsOf } from './session.store.ts';
import { type CookieJar, readSessionToken, sessionCookies } from './session-cookies.ts';

const ID_LENGTH = 32;
/** Auth0: a delegated session, whatever the tenant has for others. */
const DELEGATED_MS = 7_200_000;

export interface SessionOpening {
  readonly user_id: string;
  readonly client_id: string;
  readonly methods: Session['methods'];
  /** Where the first factor was proved. */
  readonly connection?: string | undefined;
  /** When the user proved who they are, ms; default: now. */
  readonly authenticated_at?: number;
  /** Survives the browser's end; default: as the tenant has it. */
  readonly persistent?: boolean;
  /** Who acts for the user: the session ends after two hours, and with the browser. */
  readonly actor?: Readonly<Record<string, unknown>> | undefined;
  /** The family of the refresh token that it is handed over from. */
  readonly transferred_from?: string | undefined;
  /** The session that this browser had until now. The same user's goes on under its id; another user's ends. */
  readonly replaces?: Session | undefined;
}

export interface OpenedSession {
  readonly session: Session;
  /** To be set on the answer: always a new token, so that one planted before the login is worth nothing after it. */
  readonly cookies: SetCookie[];
}

/** Begins the session of a browser in which somebody has just proved who they are. Answers it with its new cookies. */
export async function openSession(ctx: Context, opening: SessionOpening): Promise<OpenedSession> {
  const settings = await tenantSettings(ctx);
  const token = randomToken(ctx.random);
  const previous = opening.replaces;
  const continued = previous?.user_id === opening.user_id ? previous : undefined;
  const session = buildSession(ctx, settings, opening, { token, continued });
  await ctx.store.transaction(async () => {
    if (previous && !continued) await endSession(ctx, previous.id, 'session-revoked');
    await sessionsOf(ctx).put(session);
  });
  return { session, cookies: sessionCookies(ctx, session, token) };
}

function buildSession(
  ctx: Context,
  settings: TenantSettings,
  opening: SessionOpening,
  { token, continued }: { token: string; continued: Session | undefined },
): Session {
  const now = ctx.clock.now();
  const persistent = opening.persistent ?? (!opening.actor && settings.session_cookie?.mode !== 'non-persistent');
  return {
    id: continued?.id ?? alphanumeric(ctx.random, ID_LENGTH),
    token_hash: hashToken(token),
    user_id: opening.user_id,
    issuer: ctx.issuer,
    created_at: continued?.created_at ?? isoTime(now),
    updated_at: isoTime(now),
    authenticated_at: isoTime(opening.authenticated_at ?? now),
    last_interacted_at: isoTime(now),
    ...(opening.actor
      ? { expires_at: now + DELEGATED_MS, idle_expires_at: now + DELEGATED_MS }
      : sessionExpiry(settings, now, persistent)),
    persistent,
    device: deviceOf(ctx, continued),
    clients: withClient(continued?.clients ?? [], opening.client_id),
    methods: opening.methods,
    ...(continued?.organizations ? { organizations: continued.organizations } : {}),
    ...(continued?.metadata ? { metadata: continued.metadata } : {}),
    ...(opening.connection === undefined ? {} : { connection: opening.connection }),
    ...(opening.actor ? { actor: opening.actor } : {}),
    ...(opening.transferred_from === undefined ? {} : { transferred_from: opening.transferred_from }),
  };
}

function deviceOf(ctx: Context, continued: Session | undefined): Session['device'] {
  const { ip, userAgent } = ctx.caller;
  return {
    initial_ip: continued?.device.initial_ip ?? ip,
    initial_user_agent: continued?.device.initial_user_agent ?? userAgent,
    last_ip: ip,
    last_user_agent: userAgent,
  };
}

function withClient(clients: Session['clients'], clientId: string): Session['clients'] {
  return clients.some((client) => client.client_id === clientId) ? clients : [...clients, { client_id: clientId }];
}

const withOne = (ids: readonly string[] = [], id: string) => (ids.includes(id) ? ids : [...ids, id]);

/** The living session of the browser that sent `cookies`, or undefined. */
export async function findSession(ctx: Context, cookies: CookieJar): Promise<Session | undefined> {
  const token = readSessionToken(cookies);
  if (!token) return undefined;
  const session = await sessionsOf(ctx).find({ token_hash: hashToken(token) });
  return session && !isOver(session, ctx.clock.now()) ? session : undefined;
}

/** Notes who used the session, which puts off its idle end. Writes once a minute at most, unless they are new to it. */
export async function touchSession(ctx: Context, session: Session, use: SessionUse = {}): Promise<Session> {
  const { clientId, organizationId } = use;
  const now = ctx.clock.now();
  if (!needsTouch(session, use, now)) return session;
  const settings = await tenantSettings(ctx);
  const touched = await sessionsOf(ctx).update(session.id, (stored) => ({
    ...stored,
    updated_at: isoTime(now),
    last_interacted_at: isoTime(now),
    idle_expires_at: idleExpiry(settings, now, stored),
    device: deviceOf(ctx, stored),
    clients: clientId === undefined ? stored.clients : withClient(stored.clients, clientId),
    ...(organizationId === undefined ? {} : { organizations: withOne(stored.organizations, organizationId) }),
  }));
  return touched ?? session;
}

/**
 * Puts off the idle end of the living session `id`, which an application used without the browser: what is noted of the browser stays.
 * Answers the session; undefined when it is over.
 */
export async function prolongSession(ctx: Context, id: string): Promise<Session | undefined> {
  const now = ctx.clock.now();
  const settings = await tenantSettings(ctx);
  const prolonged = await sessionsOf(ctx).update(id, (stored) => {
    if (isOver(stored, now)) return undefined;
    const idle_expires_at = idleExpiry(settings, now, stored);
    return { ...stored, updated_at: isoTime(now), last_interacted_at: isoTime(now), idle_expires_at };
  });
  return prolonged && !isOver(prolonged, now) ? prolonged : undefined;
}
