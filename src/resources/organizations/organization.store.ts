import { type Collection, type Context, collection, type TokenQuota } from '../../kernel/index.ts';

export interface OrganizationBranding {
  readonly logo_url?: string;
  readonly colors?: { readonly primary: string; readonly page_background: string };
}

/** A customer of the operator: users are its members, and log in to applications in its name. */
export interface Organization {
  readonly id: string;
  /** Unique; what people type and what `org_name` says. */
  readonly name: string;
  readonly display_name?: string;
  readonly branding?: OrganizationBranding;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly token_quota?: TokenQuota;
  /** Whether people log in to it with applications of third parties; not unless it says so. */
  readonly third_party_client_access?: 'allow' | 'block';
  /** Members log in to those applications only that the organization names. */
  readonly is_app_entitlement_active?: boolean;
  readonly created_at: string;
}

export const organizationsCollection = collection<Organization>({
  name: 'organizations',
  key: 'id',
  index: { name: 'text', display_name: 'text', created_at: 'text' },
  unique: [['name']],
  cached: true,
});

export function organizationsOf(ctx: Context): Collection<Organization> {
  return ctx.store.collection(organizationsCollection);
}

/** The organization `id`, or undefined. From memory. */
export function findOrganization(ctx: Context, id: string): Promise<Organization | undefined> {
  return organizationsOf(ctx).get(id);
}

/** The organization of that name (in lower case), or undefined. From memory. */
export function findOrganizationByName(ctx: Context, name: string): Promise<Organization | undefined> {
  return organizationsOf(ctx).find({ name });
}
