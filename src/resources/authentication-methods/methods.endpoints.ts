import {
  type Context,
  closed,
  empty,
  endpoint,
  json,
  listPage,
  managementError,
  managementWrite,
  paging,
  type Static,
  Type,
} from '../../kernel/index.ts';
import { requireUser } from '../users/index.ts';
import { type Authenticator, authenticatorsOf, listAuthenticators } from './authenticator.store.ts';
import { findSame, requireMethod } from './find-method.ts';
import { Method, MethodChanges, NewMethod, ReplacementMethods } from './method.schema.ts';
import { type MethodBody, makeAuthenticator, requireName } from './new-method.ts';
import { forgetPasskeysOf, listPasskeys, passkeysOf, presentPasskey } from './passkey.store.ts';
import { findPasskey, renamePasskey } from './passkey-method.ts';
import { presentationOf, presentMethods, presentNamed } from './present.ts';
import { forgetAuthenticatorsOf, noteRemoved, noteSecondFactors, removeAuthenticator } from './remove.ts';

const ALL = { path: '/api/v2/users/:id/authentication-methods', tag: 'users' } as const;
const ONE = { path: `${ALL.path}/:authentication_method_id`, tag: 'users' } as const;
const userParams = Type.Object({ id: Type.String({ description: 'The ID of the user in question.' }) });
const methodParams = Type.Object({
  id: Type.String({ description: 'The ID of the user in question.' }),
  authentication_method_id: Type.String({ description: 'The ID of the authentication methods in question.' }),
});

async function show(ctx: Context, authenticators: readonly Authenticator[], unmasked = false) {
  const presentation = { ...(await presentationOf(ctx)), unmasked };
  return authenticators.flatMap((one) => presentMethods(one, presentation));
}

/** What was just made, without what goes without saying. The secret is told to whoever set it. */
async function showCreated(ctx: Context, authenticator: Authenticator, body: MethodBody, unmasked = false) {
  const [shown] = await show(ctx, [authenticator], unmasked);
  const { confirmed: _, enrolled_at: __, ...rest } = shown ?? {};
  return { ...rest, ...(body.totp_secret ? { totp_secret: body.totp_secret } : {}) };
}

async function create(ctx: Context, userId: string, body: MethodBody) {
  await requireUser(ctx, userId);
  const made = makeAuthenticator(ctx, userId, body);
  await ctx.store.transaction(async () => {
    if (findSame(await listAuthenticators(ctx, userId), made)) {
      throw managementError(409, 'Authentication method already exists.');
    }
    await authenticatorsOf(ctx).insert(made);
    await noteSecondFactors(ctx, userId);
  });
  return json(201, await showCreated(ctx, made, body));
}

/** The given methods take the place of all others; what is no method that one can give stays: a recovery code, passkeys. */
async function replaceAll(ctx: Context, userId: string, bodies: Static<typeof ReplacementMethods>) {
  await requireUser(ctx, userId);
  const made = bodies.map((body) => makeAuthenticator(ctx, userId, body));
  if (made.some((one, at) => findSame(made.slice(0, at), one))) {
    throw managementError(409, 'Authentication method already exists.');
  }
  await ctx.store.transaction(async () => {
    const before = await authenticatorsOf(ctx).list({ where: { user_id: userId } });
    const replaced = before.filter(({ type }) => type !== 'recovery-code');
    for (const old of replaced) await authenticatorsOf(ctx).delete(old.id);
    for (const one of made) await authenticatorsOf(ctx).insert(one);
    await noteRemoved(
      ctx,
      userId,
      replaced.filter((old) => !made.some((one) => one.phone_number === old.phone_number)),
    );
  });
  return json(200, await Promise.all(made.map((one, at) => showCreated(ctx, one, bodies[at] as MethodBody, true))));
}

async function change(ctx: Context, found: Authenticator, methodId: string, body: Static<typeof MethodChanges>) {
  const { name, preferred_authentication_method: preferred } = body;
  if (preferred !== undefined && found.type !== 'phone') {
    const text = "Payload validation error: 'Additional properties not allowed: preferred_authentication_method'.";
    throw managementError(400, text, 'invalid_body');
  }
  const changed = await authenticatorsOf(ctx).update(found.id, (stored) => ({
    ...stored,
    ...(name === undefined ? {} : { name }),
    ...(preferred === undefined ? {} : { preferred_authentication_method: preferred }),
  }));
  return json(200, presentNamed(changed ?? found, methodId, await presentationOf(ctx)));
}

export const methodEndpoints = [
  endpoint({
    ...ALL,
    method: 'GET',
    name: 'listAuthenticationMethods',
    summary: 'Get a List of Authentication Methods',
    surface: 'management',
    scopes: ['read:authentication_methods'],
    params: userParams,
    query: closed(paging),
    replies: { 200: Type.Unknown({ description: 'The methods, bare or with totals.' }) },
    async handle(ctx, { params: { id }, query, url }) {
      await requireUser(ctx, id);
      const passkeys = (await listPasskeys(ctx, id)).map(presentPasskey);
      const all = [...(await show(ctx, await listAuthenticators(ctx, id))), ...passkeys];
      const source = {
        select: async ({ offset = 0, limit = all.length }) => all.slice(offset, offset + limit),
        count: async () => all.length,
        keyOf: (method: (typeof all)[number]) => String(method.id),
      };
      const { documents, envelope, headers } = await listPage(source, query, url, 50);
      return json(200, envelope ? { authenticators: documents, ...envelope } : documents, headers);
    },
  }),
  managementWrite({
    ...ALL,
    method: 'POST',
    name: 'createAuthenticationMethod',
    summary: 'Creates an Authentication Method for a Given User',
    scopes: ['create:authentication_methods'],
    params: userParams,
    body: NewMethod,
    replies: { 201: Method, 409: 'The user has it already.' },
    handle: (ctx, { params: { id }, body }) => create(ctx, id, body),
  }),
  managementWrite({
    ...ALL,
    method: 'PUT',
    name: 'replaceAuthenticationMethods',
    summary: 'Update All Authentication Methods by Replacing Them with the Given Ones',
    scopes: ['update:authentication_methods'],
    params: userParams,
    body: ReplacementMethods,
    replies: { 200: Type.Array(Method) },
    handle: (ctx, { params: { id }, body }) => replaceAll(ctx, id, body),
  }),
  managementWrite({
    ...ALL,
    method: 'DELETE',
    name: 'deleteAuthenticationMethods',
    summary: 'Delete All Authentication Methods for the Given User',
    scopes: ['delete:authentication_methods'],
    params: userParams,
    replies: { 204: 'Deleted.' },
    async handle(ctx, { params: { id } }) {
      await requireUser(ctx, id);
      await ctx.store.transaction(async () => {
        await forgetAuthenticatorsOf(ctx, id);
        await forgetPasskeysOf(ctx, id);
      });
      return empty(204);
    },
  }),
  endpoint({
    ...ONE,
    method: 'GET',
    name: 'getAuthenticationMethod',
    summary: 'Get an Authentication Method by ID',
    surface: 'management',
    scopes: ['read:authentication_methods'],
    params: methodParams,
    replies: { 200: Method, 404: 'No such user or method.' },
    async handle(ctx, { params: { id, authentication_method_id: methodId } }) {
      const passkey = await findPasskey(ctx, id, methodId);
      if (passkey) return json(200, presentPasskey(passkey));
      const found = await requireMethod(ctx, id, methodId);
      return json(200, presentNamed(found, methodId, await presentationOf(ctx)));
    },
  }),
  managementWrite({
    ...ONE,
    method: 'PATCH',
    name: 'updateAuthenticationMethod',
    summary: 'Update an Authentication Method',
    scopes: ['update:authentication_methods'],
    params: methodParams,
    body: MethodChanges,
    replies: { 200: Method, 404: 'No such user or method.' },
    async handle(ctx, { params: { id, authentication_method_id: methodId }, body }) {
      const passkey = await findPasskey(ctx, id, methodId);
      if (body.name !== undefined) requireName(body.name);
      if (passkey) return renamePasskey(ctx, passkey, body);
      return change(ctx, await requireMethod(ctx, id, methodId), methodId, body);
    },
  }),
  managementWrite({
    ...ONE,
    method: 'DELETE',
    name: 'deleteAuthenticationMethod',
    summary: 'Delete an Authentication Method by ID',
    scopes: ['delete:authentication_methods'],
    params: methodParams,
    replies: { 204: 'Deleted.', 404: 'No such user or method.' },
    async handle(ctx, { params: { id, authentication_method_id: methodId } }) {
      const passkey = await findPasskey(ctx, id, methodId);
      if (passkey) await passkeysOf(ctx).delete(passkey.id);
      else await removeAuthenticator(ctx, await requireMethod(ctx, id, methodId));
      return empty(204);
    },
  }),
];
