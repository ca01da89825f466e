import {
  answerListInMemory,
  type Context,
  checkpoint,
  closed,
  type Endpoint,
  empty,
  endpoint,
  fieldSelection,
  json,
  listPage,
  managementWrite,
  paging,
  type Slice,
  selectFields,
  shapes,
  Type,
} from '../../../kernel/index.ts';
import { presentPerson, rolesIn } from '../../roles/index.ts';
import { findUser, requireUser } from '../../users/index.ts';
import { organizationParam } from '../organization-param.ts';
import { organizationList, requireOrganization } from '../organizations.ts';
import { addMember, type Member, membersOf, removeMember } from './member.store.ts';

const { body, list, text } = shapes;

const params = Type.Object(organizationParam);
const usersBody = Type.Unsafe<{ readonly members: readonly string[] }>({
  ...body({ members: list(text('A user.', { format: 'user-id-with-max-length' }), 'IDs of users.', { minItems: 1 }) }),
  required: ['members'],
  additionalProperties: true,
});

const about = { tag: 'organizations', path: '/api/v2/organizations/:id/members', params } as const;

function sourceOf(ctx: Context, organization_id: string) {
  return {
    keyOf: ({ id }: Member) => id,
    count: () => membersOf(ctx).count({ organization_id }),
    select: ({ after, ...slice }: Slice) =>
      membersOf(ctx).list({ where: { organization_id, ...(after ? { id: { gt: after } } : {}) }, ...slice }),
  };
}

/** Auth0: the roles are told to those only who ask for them. */
async function present(ctx: Context, { user_id, organization_id }: Member, { fields, include_fields }: Selection) {
  const person = presentPerson((await findUser(ctx, user_id)) ?? { user_id });
  const wantsRoles = include_fields !== false && fields?.split(',').includes('roles');
  if (!wantsRoles) return person;
  const roles = await rolesIn(ctx, user_id, organization_id);
  return { ...person, roles: roles.map(({ id, name }) => ({ id, name })) };
}

interface Selection {
  readonly fields?: string | undefined;
  readonly include_fields?: boolean | undefined;
}

const listMembers = endpoint({
  ...about,
  method: 'GET',
  surface: 'management',
  name: 'listOrganizationMembers',
  summary: 'Get the members of an organization',
  scopes: ['read:organization_members'],
  query: closed({
    ...paging,
    ...checkpoint,
    ...fieldSelection(['user_id', 'email', 'picture', 'name', 'roles']),
  }),
  replies: { 200: Type.Unknown({ description: 'The list, bare or with totals or the next checkpoint.' }) },
  async handle(ctx, { params: { id }, query, url }) {
    await requireOrganization(ctx, id);
    const { documents, envelope, headers } = await listPage(sourceOf(ctx, id), query, url, 50);
    const shown = await Promise.all(
      documents.map(async (row) => selectFields(await present(ctx, row, query), query.fields, query.include_fields)),
    );
    const isCheckpoint = query.take !== undefined || query.from !== undefined;
    return json(
      200,
      envelope ? { ...envelope, ...(isCheckpoint ? nextOf(documents) : {}), members: shown } : shown,
      headers,
    );
  },
});

/** Auth0: of members every page that has some names the next, even the last one. */
function nextOf(documents: readonly Member[]): { next?: string } {
  const last = documents.at(-1);
  return last ? { next: last.id } : {};
}

/** Whoever is no user of the tenant makes none of them a member. */
async function requireUsers(ctx: Context, ids: readonly string[]): Promise<void> {
  for (const id of ids) await requireUser(ctx, id);
}

const addMembers = managementWrite({
  ...about,
  method: 'POST',
  name: 'addOrganizationMembers',
  summary: 'Add members to an organization',
  scopes: ['create:organization_members'],
  body: usersBody,
  replies: { 204: 'They are members.' },
  async handle(ctx, { params: { id }, body: { members } }) {
    await requireOrganization(ctx, id);
    await requireUsers(ctx, members);
    await ctx.store.transaction(async () => {
      for (const user of members) await addMember(ctx, id, user);
    });
    return empty(204);
  },
});

const removeMembers = managementWrite({
  ...about,
  method: 'DELETE',
  name: 'removeOrganizationMembers',
  summary: 'Remove members from an organization',
  scopes: ['delete:organization_members'],
  body: usersBody,
  replies: { 204: 'They are no members.' },
  async handle(ctx, { params: { id }, body: { members } }) {
    await requireOrganization(ctx, id);
    await ctx.store.transaction(async () => {
      for (const user of members) await removeMember(ctx, id, user);
    });
    return empty(204);
  },
});

const organizationsOfUser = endpoint({
  method: 'GET',
  path: '/api/v2/users/:id/organizations',
  surface: 'management',
  name: 'listUserOrganizations',
  summary: 'Get the organizations of a user',
  tag: 'users',
  scopes: ['read:organizations'],
  params: Type.Object({ id: Type.String({ description: 'ID of the user.' }) }),
  query: closed(paging),
  replies: { 200: Type.Unknown({ description: 'The list, bare or with totals.' }) },
  async handle(ctx, { params: { id }, query, url }) {
    const rows = await membersOf(ctx).list({ where: { user_id: id }, orderBy: 'created_at' });
    return answerListInMemory(
      rows,
      organizationList(ctx, (row) => row.id),
      query,
      url,
    );
  },
});

/** `/api/v2/organizations/{id}/members` and `/api/v2/users/{id}/organizations`. */
export const memberEndpoints: Endpoint[] = [listMembers, addMembers, removeMembers, organizationsOfUser];
