import { type Collection, type Context, collection } from '../../kernel/index.ts';

/** A client grant that may be used in the name of an organization. */
export interface OrganizationGrant {
  /** `organizationGrantKey` of the two. */
  readonly id: string;
  readonly organization_id: string;
  readonly grant_id: string;
}

export const organizationGrantsCollection = collection<OrganizationGrant>({
  name: 'organization_grants',
  key: 'id',
  index: { organization_id: 'text', grant_id: 'text' },
});

export function organizationGrantsOf(ctx: Context): Collection<OrganizationGrant> {
  return ctx.store.collection(organizationGrantsCollection);
}

/** Both ids in one key: whether a grant goes for an organization is one lookup. */
export function organizationGrantKey(organizationId: string, grantId: string): string {
  return `${organizationId}|${grantId}`;
}
