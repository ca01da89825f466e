import { type Collection, type Context, collection } from '../../kernel/index.ts';

/** Whether something is off, left to whoever sets the connection up, or on. */
export type Choice = 'none' | 'optional' | 'required';

/** What the connections of a profile may be used for beside logins. */
export type Feature = 'scim' | 'universal_logout';

interface StrategyOverride {
  readonly enabled_features?: readonly Feature[];
  readonly connection_config?: Readonly<Record<string, never>>;
}

/** How connections are set up that somebody else than the tenant's administrator makes. */
export interface ConnectionProfile {
  readonly id: string;
  readonly name: string;
  /** How an organization offers them. */
  readonly organization?: { readonly show_as_button?: Choice; readonly assign_membership_on_login?: Choice };
  /** What their names begin with; `{org_id}` and `{org_name}` stand for the organization's. */
  readonly connection_name_prefix_template?: string;
  readonly enabled_features?: readonly Feature[];
  readonly connection_config?: Readonly<Record<string, never>>;
  /** What is different for a strategy. */
  readonly strategy_overrides?: Readonly<Record<string, StrategyOverride>>;
}

export const connectionProfilesCollection = collection<ConnectionProfile>({
  name: 'connection_profiles',
  key: 'id',
  cached: true,
});

export function connectionProfilesOf(ctx: Context): Collection<ConnectionProfile> {
  return ctx.store.collection(connectionProfilesCollection);
}

/** What connections of `strategy` may be used for beside logins. */
export function featuresOf(
  { enabled_features, strategy_overrides }: ConnectionProfile,
  strategy: string,
): readonly Feature[] {
  return strategy_overrides?.[strategy]?.enabled_features ?? enabled_features ?? [];
}

/** The profile `id`, or undefined. From memory. */
export function findConnectionProfile(ctx: Context, id: string): Promise<ConnectionProfile | undefined> {
  return connectionProfilesOf(ctx).get(id);
}
