import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type App, createApp } from '../app.ts';
import { type Config, ConfigurationError, readConfig, rows } from '../config.ts';
import type { Context, Tenant } from '../kernel/index.ts';
import { type Domain, domainsCollection, tenantsCollection } from '../platform/storage/index.ts';
import { currentSigner } from '../resources/keys/index.ts';
import type { Environment } from './command.ts';

/** As `start` would read it where what `start` needs is set; else as `dev` would. */
export function readOperatorConfig(environment: Environment): Config {
  const isProduction = environment.COUNTERSIGN_URL && environment.COUNTERSIGN_SECRET;
  return readConfig(isProduction ? 'production' : 'development', environment);
}

/** The master key in use. It is never made here: data sealed with a key that nobody has would be lost. */
export function requireSecret(config: Config): string {
  if (config.secret) return config.secret;
  const path = join(config.dataDirectory ?? './data', 'secret');
  if (existsSync(path)) return readFileSync(path, 'utf8').trim();
  throw new ConfigurationError(`COUNTERSIGN_SECRET must be set: there is no development key at ${path}`);
}

/** SQLSTATE, errors of the file system and the network, SQLite's: the doing of a database or of the way to it, not of our code. */
const OPENING_ERRORS = /^(\d[0-9A-Z]{4}|E[A-Z]+|ERR_SQLITE_ERROR)$/;

function isOpeningError(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return OPENING_ERRORS.test(code) || /^(the database can't be opened|not a database)/.test(error.message);
}

/** Builds the server on the configured database. ConfigurationError when that can't be opened. */
export async function openApp(config: Config, secret: string): Promise<App> {
  try {
    return await createApp(config, secret);
  } catch (error) {
    throw isOpeningError(error) ? new ConfigurationError(`${rows.database.env}: ${error.message}`) : error;
  }
}

/** A tenant with its domains, the canonical one first. */
export interface ListedTenant {
  readonly tenant: Tenant;
  readonly domains: readonly Domain[];
}

/** All tenants by name. */
export async function listTenants({ shared }: App): Promise<ListedTenant[]> {
  const { system } = shared.storage;
  const tenants = await system.collection(tenantsCollection).list({ orderBy: 'name' });
  return Promise.all(
    tenants.map(async (tenant) => {
      const domains = await system.collection(domainsCollection).list({ where: { tenant_id: tenant.id } });
      return { tenant, domains: [...domains].sort((one, other) => Number(other.canonical) - Number(one.canonical)) };
    }),
  );
}

/** A context in the tenant `name`. ConfigurationError when there is none. */
export async function tenantContext(app: App, name: string): Promise<Context> {
  const found = (await listTenants(app)).find(({ tenant }) => tenant.name === name);
  const host = found?.domains[0]?.host;
  if (!host) throw new ConfigurationError(`there is no tenant ${name}; countersign tenant list shows them`);
  return (await app.contextFor(host)).ctx;
}

/** Throws ConfigurationError when what is in the database was sealed with another master key. */
export async function requireMatchingSecret(app: App): Promise<void> {
  for (const { tenant } of await listTenants(app)) {
    const ctx = await tenantContext(app, tenant.name);
    await currentSigner(ctx).catch(() => {
      throw new ConfigurationError(
        `COUNTERSIGN_SECRET is not the key that the data of tenant ${tenant.name} was sealed with`,
      );
    });
  }
}

/** Opens the configured database as the server would, runs `work`, and closes it. Nothing listens. */
export async function withApp<R>(environment: Environment, work: (app: App) => Promise<R>): Promise<R> {
  const config = readOperatorConfig(environment);
  const app = await openApp(config, requireSecret(config));
  try {
    await requireMatchingSecret(app);
    return await work(app);
  } finally {
    await app.close();
  }
}
