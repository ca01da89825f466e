import {
  type Chosen,
  type ClientBody,
  clientsOf,
  createClient,
  revealClientSecret,
  sealClientSecret,
} from '../../resources/clients/index.ts';
import { entriesOf, type Members } from './file.ts';
import type { Section, Seeding } from './section.ts';
import { atPlace, SeedError } from './seed-error.ts';

const CLIENTS = '/api/v2/clients';
const GRANTS = '/api/v2/client-grants';
const SERVERS = '/api/v2/resource-servers';
const SHORTEST_SECRET = 16;

/** Credentials are the server's to make; a seed may bring its own, so that an application keeps those it has. */
function readCredential(
  entry: Members,
  member: 'client_id' | 'client_secret',
  pattern: RegExp,
): Record<string, string> {
  const value = entry[member];
  if (value === undefined) return {};
  if (typeof value !== 'string' || !pattern.test(value)) throw new SeedError(`${member} must match ${pattern.source}`);
  return { [member]: value };
}

/** What an entry says of the client's id and secret. SeedError when they can't be that, or the id is another's. */
async function readCredentials({ ctx }: Seeding, entry: Members): Promise<Chosen> {
  const chosen: Chosen = {
    ...readCredential(entry, 'client_id', /^[\w.-]{1,64}$/),
    ...readCredential(entry, 'client_secret', new RegExp(`^[\\x21-\\x7e]{${SHORTEST_SECRET},256}$`)),
  };
  if (chosen.client_id && (await clientsOf(ctx).get(chosen.client_id))) {
    throw new SeedError(`client_id ${chosen.client_id} is taken`);
  }
  return chosen;
}

async function addClient(seeding: Seeding, entry: Members): Promise<void> {
  const { ctx, operations, clients } = seeding;
  const { client_id: _id, client_secret: _secret, existing, ...body } = entry;
  if (existing !== undefined && typeof existing !== 'boolean') throw new SeedError('existing must be true or false');
  const chosen = { ...(existing === undefined ? {} : { existing }), ...(await readCredentials(seeding, entry)) };
  const valid = operations.validate('POST', CLIENTS, body) as ClientBody;
  const { client_id, name } = await createClient(ctx, valid, chosen);
  clients.add(name, client_id);
}

/**
 * The tenant has its global client already: it becomes what the entry says. It may keep the id that it had elsewhere, which is what
 * Terraform's state knows it by.
 */
async function changeGlobalClient(seeding: Seeding, entry: Members): Promise<void> {
  const { ctx, operations } = seeding;
  const { client_id: _id, client_secret: _secret, global: _global, ...change } = entry;
  const chosen = await readCredentials(seeding, entry);
  const own = (await clientsOf(ctx).list()).find(({ global }) => global);
  if (!own) throw new SeedError('the tenant has no global client');
  const client_id = chosen.client_id ?? own.client_id;
  const secret = chosen.client_secret ?? revealClientSecret(ctx, own);
  await clientsOf(ctx).delete(own.client_id);
  await clientsOf(ctx).insert({ ...own, client_id, ...sealClientSecret(ctx, client_id, secret) });
  if (Object.keys(change).length > 0) await operations.call('PATCH', `${CLIENTS}/${client_id}`, change);
}

export const clients: Section = {
  key: 'clients',
  needs: [['POST', CLIENTS]],
  async apply(seeding, value) {
    for (const { at, entry } of entriesOf('clients', value)) {
      await atPlace(at, () => (entry.global === true ? changeGlobalClient : addClient)(seeding, entry));
    }
  },
};

export const resourceServers: Section = {
  key: 'resourceServers',
  needs: [['POST', SERVERS]],
  async apply({ operations }, value) {
    for (const { at, entry } of entriesOf('resourceServers', value)) {
      await atPlace(at, () => operations.call('POST', SERVERS, entry));
    }
  },
};

export const clientGrants: Section = {
  key: 'clientGrants',
  needs: [['POST', GRANTS]],
  async apply({ operations, clients: names }, value) {
    for (const { at, entry } of entriesOf('clientGrants', value)) {
      const client_id = names.require(entry.client_id, `${at}.client_id`);
      await atPlace(at, () => operations.call('POST', GRANTS, { ...entry, client_id }));
    }
  },
};
