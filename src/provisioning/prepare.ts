import type { Config } from '../config.ts';
import type { Context } from '../kernel/index.ts';
import type { Shared } from '../platform/http/index.ts';
import { ensureManagementClient } from './management-client.ts';
import { addDomain, ensureTenant } from './tenant.ts';

export interface Prepared {
  readonly ctx: Context;
  /** Was the tenant made just now? Then the database was empty. */
  readonly created: boolean;
}

/** The default tenant as the configuration wants it: made or completed, reachable at `url` and at `aliases`. */
export async function prepareTenant(
  shared: Shared,
  config: Config,
  urls: { url: string; aliases: readonly string[] },
): Promise<Prepared> {
  const prepared = await ensureTenant(shared, { name: config.tenant ?? 'main', url: urls.url });
  for (const alias of urls.aliases) {
    if (new URL(alias).host !== new URL(urls.url).host) await addDomain(shared, prepared.ctx, alias);
  }
  if (config.managementClientId && config.managementClientSecret) {
    await ensureManagementClient(prepared.ctx, config.managementClientId, config.managementClientSecret);
  }
  return prepared;
}
