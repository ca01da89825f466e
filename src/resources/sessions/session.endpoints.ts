import {
  type Context,
  checkpoint,
  closed,
  type Endpoint,
  empty,
  endpoint,
  isoTime,
  json,
  listPage,
  managementError,
  managementWrite,
  paging,
  shapes,
  sourceInMemory,
  Type,
} from '../../kernel/index.ts';
import { findUser } from '../users/index.ts';
import { endSession, endSessionsOf } from './end-session.ts';
import { isOver } from './session.rules.ts';
import { type Session, sessionsOf } from './session.store.ts';

const PATH = '/api/v2/sessions/:id';
const OF_USER = '/api/v2/users/:id/sessions';
const about = { tag: 'sessions', surface: 'management' } as const;
const params = Type.Object({ id: Type.String({ description: 'ID of the session.' }) });
const userParams = Type.Object({ id: Type.String({ description: 'ID of the user.' }) });
const shape = Type.Object({ id: Type.String() }, { additionalProperties: true });

/** A session as the Management API shows it. */
export function presentSession(session: Session): object {
  const { id, user_id, created_at, updated_at, authenticated_at, last_interacted_at, device, clients } = session;
  return {
    id,
    user_id,
    created_at,
    updated_at,
    authenticated_at,
    idle_expires_at: isoTime(session.idle_expires_at),
    expires_at: isoTime(session.expires_at),
    last_interacted_at,
    device,
    clients,
    authentication: { methods: session.methods },
    cookie: { mode: session.persistent ? 'persistent' : 'non-persistent' },
    ...(session.metadata ? { session_metadata: session.metadata } : {}),
  };
}

/** The living session `id`. WireError 404. */
export async function requireSession(ctx: Context, id: string): Promise<Session> {
  const session = await sessionsOf(ctx).get(id);
  if (session && !isOver(session, ctx.clock.now())) return session;
  throw managementError(404, 'The session does not exist.', 'inexistent_session');
}

async function requireUser(ctx: Context, id: string): Promise<void> {
  if (!(await findUser(ctx, id))) throw managementError(404, 'The user does not exist.', 'inexistent_user');
}

const listOfUser = endpoint({
  ...about,
  method: 'GET',
  path: OF_USER,
  name: 'listSessionsOfUser',
  summary: 'Get the sessions of a user',
  scopes: ['read:sessions'],
  params: userParams,
  query: closed({ ...checkpoint, include_totals: paging.include_totals }),
  replies: { 200: Type.Object({ sessions: Type.Array(shape), next: Type.Optional(Type.String()) }) },
  async handle(ctx, { params: { id }, query, url }) {
    await requireUser(ctx, id);
    const all = await sessionsOf(ctx).list({ where: { user_id: id } });
    const living = all.filter((session) => !isOver(session, ctx.clock.now()));
    const source = sourceInMemory(living, (session) => session.id);
    const { documents, envelope } = await listPage(source, { from: query.from ?? '', take: query.take }, url, 50);
    return json(200, { sessions: documents.map(presentSession), ...envelope });
  },
});

const read = endpoint({
  ...about,
  method: 'GET',
  path: PATH,
  name: 'getSession',
  summary: 'Get a session',
  scopes: ['read:sessions'],
  params,
  replies: { 200: shape },
  handle: async (ctx, { params: { id } }) => json(200, presentSession(await requireSession(ctx, id))),
});

const metadata = shapes.openRecord({}, 'Metadata of the session.', {
  maxProperties: 25,
  nullable: true,
  additionalProperties: { type: 'string', maxLength: 255 },
});

const change = managementWrite({
  tag: about.tag,
  method: 'PATCH',
  path: PATH,
  name: 'updateSession',
  summary: 'Update a session',
  scopes: ['update:sessions'],
  params,
  body: shapes.body<{ session_metadata?: Record<string, string> | null }>(
    { session_metadata: metadata },
    { minProperties: 1 },
  ),
  replies: { 200: shape },
  async handle(ctx, { params: { id }, body }) {
    await requireSession(ctx, id);
    await sessionsOf(ctx).update(id, ({ metadata: _before, ...kept }) =>
      body.session_metadata ? { ...kept, metadata: body.session_metadata } : kept,
    );
    return json(200, presentSession(await requireSession(ctx, id)));
  },
});

const remove = managementWrite({
  tag: about.tag,
  method: 'DELETE',
  path: PATH,
  name: 'deleteSession',
  summary: 'Delete a session',
  scopes: ['delete:sessions'],
  params,
  replies: { 202: 'The session is over.' },
  async handle(ctx, { params: { id } }) {
    await endSession(ctx, id, 'session-revoked');
    return empty(202);
  },
});

const removeOfUser = managementWrite({
  tag: about.tag,
  method: 'DELETE',
  path: OF_USER,
  name: 'deleteSessionsOfUser',
  summary: 'Delete the sessions of a user',
  scopes: ['delete:sessions'],
  params: userParams,
  replies: { 202: 'Every session of the user is over.' },
  async handle(ctx, { params: { id } }) {
    await requireUser(ctx, id);
    await endSessionsOf(ctx, id, 'session-revoked');
    return empty(202);
  },
});

/** `/api/v2/sessions` and `/api/v2/users/{id}/sessions`. */
export const sessionEndpoints: readonly Endpoint[] = [listOfUser, removeOfUser, read, change, remove];
