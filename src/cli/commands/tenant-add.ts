import type { App } from '../../app.ts';
import { ConfigurationError, rows } from '../../config.ts';
import { newClientId, newClientSecret } from '../../kernel/index.ts';
import { domainsCollection, tenantsCollection } from '../../platform/storage/index.ts';
import { ensureManagementClient, ensureTenant } from '../../provisioning/index.ts';
import { command } from '../command.ts';
import { withApp } from '../open-app.ts';

const NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

function readUrl(value: string): string {
  try {
    return rows.url.parse(value);
  } catch (error) {
    throw new ConfigurationError(`--url ${error instanceof Error ? error.message : 'is not valid'}`);
  }
}

async function requireFree({ shared }: App, name: string, url: string): Promise<void> {
  const { system } = shared.storage;
  if (await system.collection(tenantsCollection).find({ name }))
    throw new ConfigurationError(`there is a tenant ${name} already`);
  const taken = await system.collection(domainsCollection).get(new URL(url).host);
  if (taken) throw new ConfigurationError(`${taken.url} leads to another tenant already`);
}

/** Makes the tenant and, since nobody could administer it otherwise, an application for the Management API: all of it or nothing. */
async function addTenant(app: App, name: string, url: string): Promise<{ clientId: string; secret: string }> {
  const { random } = app.shared;
  const made = { clientId: newClientId(random), secret: newClientSecret(random) };
  await app.shared.storage.exclusively(async () => {
    await requireFree(app, name, url);
    const { ctx } = await ensureTenant(app.shared, { name, url });
    await ensureManagementClient(ctx, made.clientId, made.secret);
  });
  return made;
}

export const tenantAdd = command({
  name: 'tenant add',
  summary: 'Makes a tenant with keys, a database connection and an application that may use its Management API.',
  operands: ['NAME'],
  options: {
    url: { value: 'URL', required: true, description: 'Its public URL; with a trailing slash it is the issuer.' },
  },
  async run({ operands, options, environment, print }) {
    const name = operands.NAME ?? '';
    if (!NAME.test(name))
      throw new ConfigurationError('NAME must be lower-case letters, digits and inner hyphens, at most 63');
    const url = readUrl(String(options.url));
    await withApp(environment, async (app) => {
      const { clientId, secret } = await addTenant(app, name, url);
      print(`Tenant                ${name}`);
      print(`Issuer                ${url}/`);
      print(`Management client     ${clientId}`);
      print(`Management secret     ${secret}`);
    });
  },
});
