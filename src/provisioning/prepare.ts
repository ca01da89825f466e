import type { Config } from '../config.ts';
import type { Context, Endpoint, Random } from '../kernel/index.ts';
import type { Shared } from '../platform/http/index.ts';
import { tenantsCollection } from '../platform/storage/index.ts';
import { ensureManagementClient } from './management-client.ts';
import { addDomain, ensureTenant } from './tenant.ts';

export interface Prepared {
  readonly ctx: Context;
  /** Was the tenant made just now? Then the database was empty. */
  readonly created: boolean;
}

/** What preparing works with: `endpoints` is how a seed reaches the resources. */
export interface Preparing {
  readonly shared: Shared;
  readonly endpoints: readonly Endpoint[];
}

/**
 * The default tenant as the configuration wants it: made or completed, reachable at `url` and at `aliases`, and seeded when it is new.
 * All of it or nothing, and by one node at a time: after a seed that failed (SeedError) the database is as empty as before, and the next
 * start tries again.
 */
export async function prepareTenant(
  { shared, endpoints }: Preparing,
  config: Config,
  urls: { url: string; aliases: readonly string[] },
): Promise<Prepared> {
  const name = config.tenant ?? 'main';
  const known = await shared.storage.system.collection(tenantsCollection).find({ name });
  const seed = config.seed && !known ? await seedFrom(config.seed, shared.random) : undefined;
  return shared.storage.exclusively(async () => {
    const ensured = await ensureTenant(shared, { name, url: urls.url });
    if (ensured.created && seed) await seed.apply(ensured.ctx, endpoints);
    for (const alias of urls.aliases) {
      if (new URL(alias).host !== new URL(urls.url).host) await addDomain(shared, ensured.ctx, alias);
    }
    if (config.managementClientId && config.managementClientSecret) {
      await ensureManagementClient(ensured.ctx, config.managementClientId, config.managementClientSecret);
    }
    return ensured;
  });
}

/** What reads seeds is loaded for them alone: few starts have one. */
async function seedFrom(
  path: string,
  random: Random,
): Promise<{ apply(ctx: Context, endpoints: readonly Endpoint[]): Promise<void> }> {
  const { applySeed, readSeed } = await import('./seed/apply.ts');
  const seed = await readSeed(path, random);
  return { apply: (ctx, endpoints) => applySeed(ctx, seed, endpoints) };
}
