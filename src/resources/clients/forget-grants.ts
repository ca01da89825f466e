import type { Context, Where } from '../../kernel/index.ts';
import { type ClientGrant, clientGrantsOf } from './client-grant.store.ts';
import { organizationGrantsOf } from './organization-grant.store.ts';

/** Takes the grants back that meet `where`, in every organization too. */
export async function forgetClientGrants(ctx: Context, where: Where<ClientGrant>): Promise<void> {
  for (const { id } of await clientGrantsOf(ctx).list({ where }))
    await organizationGrantsOf(ctx).deleteWhere({ grant_id: id });
  await clientGrantsOf(ctx).deleteWhere(where);
}
