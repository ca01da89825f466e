import {
  type Context,
  closed,
  type Endpoint,
  empty,
  endpoint,
  fieldSelection,
  isFailure,
  json,
  listPage,
  managementError,
  managementWrite,
  paging,
  type Slice,
  selectFields,
  Type,
} from '../../kernel/index.ts';
import { createManagedUser } from './create-managed-user.ts';
import { deleteUser } from './delete-user.ts';
import { asSeenBy } from './identity-tokens.ts';
import { missingUser, requireUser } from './require-user.ts';
import { updateUser } from './update-user.ts';
import {
  createBody,
  FIELDS,
  searchParameters,
  type UserBody,
  type UserChange,
  updateBody,
  userShape,
} from './user.schema.ts';
import { findUser, type User, usersOf } from './user.store.ts';
import { requireChangeAllowed, requireSelfUnless } from './user-access.ts';
import { userPredicate } from './user-search.ts';

/** Mails a link that verifies the user's address; resolves whether or not the mail went out. */
export type VerificationMailer = (ctx: Context, user: User, options: { client_id?: string }) => Promise<unknown>;

const params = Type.Object({ id: Type.String({ description: 'ID of the user.' }) });
const selection = fieldSelection(FIELDS);

type Members = Readonly<Record<string, unknown>>;
const shown = (user: User, query: { fields?: string; include_fields?: boolean }): Members =>
  selectFields(user as unknown as Members, query.fields, query.include_fields);

function requireSupportedSearch(query: { search_engine?: string; connection?: string }): void {
  if (query.search_engine !== undefined && query.search_engine !== 'v3') {
    const text = `search_engine ${query.search_engine} is not supported; use v3`;
    throw managementError(400, text, 'invalid_query_string');
  }
  if (query.connection === undefined) return;
  const text = 'connection only applies to search_engine=v1; use q=identities.connection:"name"';
  throw managementError(400, text, 'invalid_query_string');
}

const list = endpoint({
  method: 'GET',
  path: '/api/v2/users',
  name: 'listUsers',
  summary: 'List or search users',
  tag: 'users',
  surface: 'management',
  scopes: ['read:users', 'read:user_idp_tokens'],
  query: closed({ ...paging, ...searchParameters }),
  replies: { 200: Type.Unknown({ description: 'Users, bare or with totals.' }) },
  async handle(ctx, { query, url, principal }) {
    requireSupportedSearch(query);
    const match = userPredicate(query.q);
    const [field, direction] = query.sort?.split(':') ?? ['user_id', '1'];
    const orderBy = (field ?? '').split('.').filter(Boolean);
    const source = {
      keyOf: (user: User) => user.user_id,
      count: () => usersOf(ctx).countMatches(match),
      select: ({ offset, limit }: Slice) =>
        usersOf(ctx).search({
          match,
          orderBy,
          descending: direction === '-1',
          ...(offset ? { offset } : {}),
          ...(limit ? { limit } : {}),
        }),
    };
    const { documents, envelope, headers } = await listPage(source, query, url, 50);
    const users = (await asSeenBy(ctx, principal, documents)).map((user) => shown(user, query));
    return json(200, envelope ? { ...envelope, length: users.length, users } : users, headers);
  },
});

const byEmail = endpoint({
  method: 'GET',
  path: '/api/v2/users-by-email',
  name: 'listUsersByEmail',
  summary: 'Search users by e-mail address',
  tag: 'users',
  surface: 'management',
  scopes: ['read:users'],
  query: closed({ ...selection, email: Type.String({ description: 'Email address to search for (case-sensitive).' }) }),
  replies: { 200: Type.Array(userShape) },
  async handle(ctx, { query }) {
    const users = await usersOf(ctx).list({ where: { email: query.email } });
    return json(
      200,
      users.map((user) => shown(user, query)),
    );
  },
});

const get = endpoint({
  method: 'GET',
  path: '/api/v2/users/:id',
  name: 'getUser',
  summary: 'Get a user',
  tag: 'users',
  surface: 'management',
  scopes: ['read:users', 'read:current_user', 'read:user_idp_tokens'],
  params,
  query: closed(selection),
  replies: { 200: userShape, 404: 'The user does not exist.' },
  async handle(ctx, { params: { id }, query, principal }) {
    requireSelfUnless(principal, ['read:users', 'read:user_idp_tokens'], id);
    const user = await requireUser(ctx, id);
    const [seen = user] = await asSeenBy(ctx, principal, [user]);
    return json(200, shown(seen, query));
  },
});

/** The way in which operators are told of a taken address; a path of the identity provider behind the API in Auth0. */
async function sayingTaken<R>(work: Promise<R>): Promise<R> {
  try {
    return await work;
  } catch (error) {
    const taken = ['user_exists', 'username_exists', 'phone_number_exists'] as const;
    if (!taken.some((code) => isFailure(error, code))) throw error;
    throw managementError(409, 'The user already exists.', 'auth0_idp_error');
  }
}

function create(mail: VerificationMailer): Endpoint {
  return managementWrite({
    method: 'POST',
    path: '/api/v2/users',
    apart: true,
    name: 'createUser',
    summary: 'Create a User',
    tag: 'users',
    scopes: ['create:users'],
    body: createBody,
    replies: { 201: userShape, 409: 'There is such a user.' },
    async handle(ctx, request) {
      const body: UserBody = request.body;
      const user = await sayingTaken(createManagedUser(ctx, body));
      if (user.email !== undefined && (body.verify_email ?? body.email_verified !== true)) await mail(ctx, user, {});
      return json(201, user);
    },
  });
}

function update(mail: VerificationMailer): Endpoint {
  return managementWrite({
    method: 'PATCH',
    path: '/api/v2/users/:id',
    apart: true,
    name: 'updateUser',
    summary: 'Update a User',
    tag: 'users',
    scopes: ['update:users', 'update:users_app_metadata', 'update:current_user_metadata'],
    params,
    body: updateBody,
    replies: { 200: userShape, 404: 'The user does not exist.' },
    async handle(ctx, { params: { id }, body, principal }) {
      const change: UserChange = body;
      requireChangeAllowed(principal, id, change);
      const user = await findUser(ctx, id);
      const updated = user && (await sayingTaken(updateUser(ctx, user, change)));
      if (!updated) throw missingUser();
      const { client_id } = change;
      if (change.verify_email && updated.email !== undefined) await mail(ctx, updated, client_id ? { client_id } : {});
      return json(200, updated);
    },
  });
}

const remove = managementWrite({
  method: 'DELETE',
  path: '/api/v2/users/:id',
  name: 'deleteUser',
  summary: 'Delete a User',
  tag: 'users',
  scopes: ['delete:users', 'delete:current_user'],
  params,
  replies: { 204: 'Deleted, or not there.' },
  async handle(ctx, { params: { id }, principal }) {
    requireSelfUnless(principal, ['delete:users'], id);
    await deleteUser(ctx, id);
    return empty(204);
  },
});

/** `/api/v2/users` and `/api/v2/users-by-email`. `mail` is how verification mails go out. */
export function userEndpoints(mail: VerificationMailer): Endpoint[] {
  return [list, byEmail, get, create(mail), update(mail), remove];
}
