import { type Endpoint, json, oneOf, optionalText, resource, shapes, Type } from '../../kernel/index.ts';
import { type Role, rolesCollection, TENANT } from './role.store.ts';
import {
  createRole,
  deleteRole,
  MISSING_ROLE,
  presentRole,
  type RoleBody,
  type RoleChange,
  updateRole,
} from './roles.ts';

const { answer, body, choice, text } = shapes;

const shared = { name: text('Name of the role.'), description: text('Description of the role.') };
const kind = {
  type: choice(['tenant', 'organization'], 'Whose role it is: everybody’s, or one organization’s.'),
  owner_id: text('The organization that has the role for itself.', { format: 'organization-id' }),
};

const filters = {
  name_filter: optionalText('Optional filter on name (case-insensitive).'),
  type: Type.Optional(oneOf(['tenant', 'organization'], { description: 'Optional filter on the type.' })),
  owner_id: optionalText('Optional filter on the organization that has the role for itself.'),
};

function keep({ name_filter, type, owner_id }: Readonly<Record<string, unknown>>) {
  const part = String(name_filter ?? '').toLowerCase();
  return ({ name, owner }: Role) =>
    name.toLowerCase().includes(part) &&
    (type === undefined || (owner === TENANT) === (type === 'tenant')) &&
    (owner_id === undefined || owner === owner_id);
}

/** `/api/v2/roles`. */
export const roleResource: Endpoint[] = resource<Role, RoleBody, RoleChange>({
  path: '/api/v2/roles',
  param: 'id',
  tag: 'roles',
  noun: 'role',
  collection: rolesCollection,
  shape: answer({ id: text('ID of the role.'), ...shared, ...kind }),
  missing: MISSING_ROLE,
  present: (_ctx, role) => presentRole(role),
  list: { summary: 'Get roles', scopes: ['read:roles'], key: 'roles', filters, keep, orderBy: 'name' },
  create: {
    summary: 'Create a role',
    scopes: ['create:roles'],
    status: 200,
    body: body<RoleBody>({ ...shared, ...kind }, { required: ['name'] }),
    run: createRole,
    present: (_ctx, role) => ({ ...presentRole(role), description: role.description ?? null }),
  },
  get: { summary: 'Get a role', scopes: ['read:roles'] },
  update: { summary: 'Update a role', scopes: ['update:roles'], body: body<RoleChange>(shared), run: updateRole },
  delete: {
    summary: 'Delete a role',
    scopes: ['delete:roles'],
    run: deleteRole,
    again: 'missing',
    reply: () => json(200, {}),
  },
});
