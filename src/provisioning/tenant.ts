import { type Context, newClientId, newClientSecret, prefixedId } from '../kernel/index.ts';
import { openContext, type Shared } from '../platform/http/index.ts';
import { type Domain, domainsCollection, resolveHost, tenantsCollection } from '../platform/storage/index.ts';
import { clientsOf, sealClientSecret } from '../resources/clients/index.ts';
import { createConnection } from '../resources/connections/index.ts';
import { defaultGuardianSettings, guardianCollection } from '../resources/guardian/index.ts';
import { createSigningKeys } from '../resources/keys/index.ts';
import { ensureManagementApi } from '../resources/resource-servers/index.ts';
import { defaultSettings, tenantSettingsCollection } from '../resources/tenant-settings/index.ts';

export interface NewTenant {
  readonly name: string;
  /** Public URL, without trailing slash: the canonical domain. */
  readonly url: string;
}

const PROVISIONING = { ip: '127.0.0.1', userAgent: 'countersign' };
export const DEFAULT_CONNECTION = 'Username-Password-Authentication';

/** Registers `url` as a domain of the tenant; the canonical one is unique. */
async function registerDomain(shared: Shared, tenantId: string, url: string, canonical: boolean): Promise<void> {
  const domains = shared.storage.system.collection(domainsCollection);
  const host = new URL(url).host;
  await shared.storage.system.transaction(async () => {
    if (canonical) {
      const others = await domains.list({ where: { tenant_id: tenantId } });
      for (const other of others)
        if (other.canonical && other.host !== host) await domains.put({ ...other, canonical: false });
    }
    await domains.put({ host, url, tenant_id: tenantId, canonical });
  });
}

/** A context in the tenant that `url` leads to, for making its first documents. */
async function contextAt(shared: Shared, url: string): Promise<Context> {
  const resolved = await resolveHost(shared.storage.system, new URL(url).host);
  if (!resolved) throw new Error(`no tenant at ${url}`);
  return openContext(shared, resolved, PROVISIONING).ctx;
}

/** The tenant's own client, which holds what applies to all applications. It can't get tokens. */
async function ensureGlobalClient(ctx: Context): Promise<void> {
  const clients = clientsOf(ctx);
  if ((await clients.list()).some((client) => client.global)) return;
  const client_id = newClientId(ctx.random);
  await clients.insert({
    client_id,
    name: 'All Applications',
    global: true,
    is_first_party: true,
    oidc_conformant: false,
    callbacks: [],
    grant_types: [],
    cross_origin_authentication: true,
    custom_login_page_on: true,
    refresh_token: {
      expiration_type: 'non-expiring',
      leeway: 0,
      infinite_token_lifetime: true,
      infinite_idle_token_lifetime: true,
      token_lifetime: 2_592_000,
      idle_token_lifetime: 1_296_000,
      rotation_type: 'non-rotating',
    },
    created_at: new Date(ctx.clock.now()).toISOString(),
    ...sealClientSecret(ctx, client_id, newClientSecret(ctx.random)),
  });
}

/** What every tenant has from its first moment. Each part is made only where it is missing, so that a start that was cut short is finished by the next. */
async function ensureTenantDocuments(ctx: Context): Promise<void> {
  const settings = ctx.store.collection(tenantSettingsCollection);
  if (!(await settings.get('settings'))) await settings.put(defaultSettings());
  const guardian = ctx.store.collection(guardianCollection);
  if (!(await guardian.get('guardian'))) await guardian.put(defaultGuardianSettings());
  await createSigningKeys(ctx);
  await ensureManagementApi(ctx);
  await ensureGlobalClient(ctx);
}

interface EnsuredTenant {
  readonly ctx: Context;
  readonly created: boolean;
}

/** Makes the tenant `name` at `url`, or completes and re-addresses it when it exists. `created` tells which. One node at a time. */
export function ensureTenant(shared: Shared, wanted: NewTenant): Promise<EnsuredTenant> {
  return shared.storage.exclusively(() => makeTenant(shared, wanted));
}

async function makeTenant(shared: Shared, { name, url }: NewTenant): Promise<EnsuredTenant> {
  const tenants = shared.storage.system.collection(tenantsCollection);
  const existing = await tenants.find({ name });
  const tenant = existing ?? (await tenants.insert({ id: prefixedId(shared.random, 'ten_'), name }));
  await registerDomain(shared, tenant.id, url, true);
  const ctx = await contextAt(shared, url);
  await ensureTenantDocuments(ctx);
  if (!existing) await createConnection(ctx, { name: DEFAULT_CONNECTION, strategy: 'auth0' });
  return { ctx, created: !existing };
}

/** Lets the tenant of `ctx` be reached at `url` as well. */
export async function addDomain(shared: Shared, ctx: Context, url: string): Promise<Domain['host']> {
  await registerDomain(shared, ctx.tenant.id, url, false);
  return new URL(url).host;
}
