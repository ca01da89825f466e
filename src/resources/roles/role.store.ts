import { type Collection, type Context, collection } from '../../kernel/index.ts';

/** A set of permissions under a name, for users to be given. */
export interface Role {
  readonly id: string;
  /** Unique among the roles of its owner. */
  readonly name: string;
  readonly description?: string;
  /** `tenant`, or the id of the organization that has the role for itself. */
  readonly owner: string;
  readonly created_at: string;
}

/** The owner of the roles that are everybody's. */
export const TENANT = 'tenant';

export const rolesCollection = collection<Role>({
  name: 'roles',
  key: 'id',
  index: { name: 'text', owner: 'text', created_at: 'text' },
  unique: [['owner', 'name']],
  cached: true,
});

export function rolesOf(ctx: Context): Collection<Role> {
  return ctx.store.collection(rolesCollection);
}
