import { type Context, closed, type Endpoint, empty, endpoint, json, managementWrite, Type } from '../kernel/index.ts';
import { connectionsOf, databaseRules } from '../resources/connections/index.ts';
import { findPasswordCredential, requireUser } from '../resources/users/index.ts';
import { liftBlocks, listBlocks } from './brute-force.ts';
import type { LoginAttempts } from './login-attempt.store.ts';

const blocksShape = Type.Object({
  blocked_for: Type.Array(Type.Object({ identifier: Type.String(), ip: Type.String(), connection: Type.String() })),
});
const consider = Type.Optional(
  Type.Boolean({ description: 'Whether nothing is listed where brute-force protection does not block.' }),
);
const identifierQuery = Type.String({ description: 'Should be any of a username, phone number, or email.' });
const userParams = Type.Object({ id: Type.String({ description: 'user_id of the user.' }) });

const present = (rows: readonly LoginAttempts[]) => ({
  blocked_for: rows.map(({ identifier, ip, connection }) => ({ identifier, ip, connection })),
});

type Target = { readonly user_id: string } | { readonly identifier: string };

/** The account by any of its identifiers, in every connection; and the name itself, which nobody may have. */
async function targetsOf(ctx: Context, identifier: string): Promise<Target[]> {
  const targets: Target[] = [{ identifier }];
  for (const connection of await connectionsOf(ctx).list({ where: { strategy: 'auth0' } })) {
    const credential = await findPasswordCredential(ctx, connection.name, identifier);
    if (credential) targets.push({ user_id: credential.user_id });
  }
  return targets;
}

async function blocksOf(ctx: Context, targets: readonly Target[], consider = false): Promise<LoginAttempts[]> {
  const found = new Map<string, LoginAttempts>();
  for (const target of targets) for (const row of await listBlocks(ctx, target)) found.set(row.id, row);
  const rows = [...found.values()];
  if (!consider) return rows;
  const connections = await connectionsOf(ctx).list({ where: { strategy: 'auth0' } });
  const guarded = connections.filter((connection) => databaseRules(connection).bruteForceProtection);
  return rows.filter((row) => guarded.some(({ name }) => name === row.connection));
}

/** Lifts the blocks and says so in the log, once for each. */
async function unblock(ctx: Context, targets: readonly Target[]): Promise<void> {
  const lifted = await blocksOf(ctx, targets);
  for (const target of targets) await liftBlocks(ctx, target);
  for (const { identifier, ip, connection, user_id } of lifted) {
    const description = 'A block on sign-ins was lifted.';
    ctx.audit({ type: 'ublkdu', description, connection, user_name: identifier, ip, ...(user_id ? { user_id } : {}) });
  }
}

async function targetOf(ctx: Context, id: string): Promise<Target[]> {
  await requireUser(ctx, id);
  return [{ user_id: id }];
}

const common = { tag: 'user-blocks', surface: 'management' as const };
const READ = { ...common, method: 'GET' as const, scopes: ['read:users'], replies: { 200: blocksShape } };
const DELETE = { tag: common.tag, method: 'DELETE' as const, scopes: ['update:users'], replies: { 204: 'Unblocked.' } };

/** `/api/v2/user-blocks` */
export const userBlockEndpoints: Endpoint[] = [
  endpoint({
    ...READ,
    path: '/api/v2/user-blocks',
    name: 'listUserBlocksByIdentifier',
    summary: 'Get blocks by identifier',
    query: closed({ identifier: identifierQuery, consider_brute_force_enablement: consider }),
    handle: async (ctx, { query }) =>
      json(
        200,
        present(await blocksOf(ctx, await targetsOf(ctx, query.identifier), query.consider_brute_force_enablement)),
      ),
  }),
  managementWrite({
    ...DELETE,
    path: '/api/v2/user-blocks',
    name: 'deleteUserBlocksByIdentifier',
    summary: 'Unblock by identifier',
    query: closed({ identifier: identifierQuery }),
    async handle(ctx, { query }) {
      await unblock(ctx, await targetsOf(ctx, query.identifier));
      return empty(204);
    },
  }),
  endpoint({
    ...READ,
    path: '/api/v2/user-blocks/:id',
    name: 'listUserBlocks',
    summary: "Get a user's blocks",
    params: userParams,
    query: closed({ consider_brute_force_enablement: consider }),
    handle: async (ctx, { params, query }) =>
      json(200, present(await blocksOf(ctx, await targetOf(ctx, params.id), query.consider_brute_force_enablement))),
  }),
  managementWrite({
    ...DELETE,
    path: '/api/v2/user-blocks/:id',
    name: 'deleteUserBlocks',
    summary: 'Unblock a user',
    params: userParams,
    async handle(ctx, { params }) {
      await unblock(ctx, await targetOf(ctx, params.id));
      return empty(204);
    },
  }),
];
