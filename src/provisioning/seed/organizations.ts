import { clientGrantsOf } from '../../resources/client-grants/index.ts';
import { findConnectionByName } from '../../resources/connections/index.ts';
import { entriesOf, type Members } from './file.ts';
import type { Section, Seeding } from './section.ts';
import { atPlace, SeedError } from './seed-error.ts';

const ORGANIZATIONS = '/api/v2/organizations';

/** What an export tells of a domain and nobody sets. */
const READ_ONLY = ['verification_host', 'verification_txt'];

/** A list inside an organization: what is sent for each of its entries, to which part of the organization. */
interface Part {
  readonly member: string;
  readonly path: string;
  readonly bodies: (seeding: Seeding, entry: Members, at: string) => Promise<readonly object[]>;
}

const PARTS: readonly Part[] = [
  {
    member: 'connections',
    path: 'connections',
    async bodies({ ctx }, { name, ...body }, at) {
      const connection = await findConnectionByName(ctx, String(name));
      if (!connection) throw new SeedError(`${at}: there is no connection ${name}`);
      return [{ ...body, connection_id: connection.id }];
    },
  },
  {
    member: 'client_grants',
    path: 'client-grants',
    async bodies({ ctx, clients }, { client_id }, at) {
      const where = { client_id: clients.require(client_id, `${at}.client_id`) };
      const grants = (await clientGrantsOf(ctx).list({ where })).filter(mayServeOrganizations);
      if (grants.length === 0) throw new SeedError(`${at}: ${client_id} has no grant that allows organizations`);
      return grants.map(({ id }) => ({ grant_id: id }));
    },
  },
  {
    member: 'clients',
    path: 'clients',
    async bodies({ clients }, entry, at) {
      return [{ clients: [{ ...entry, client_id: clients.require(entry.client_id, `${at}.client_id`) }] }];
    },
  },
  {
    member: 'discovery_domains',
    path: 'discovery-domains',
    async bodies(_seeding, entry) {
      return [Object.fromEntries(Object.entries(entry).filter(([name]) => !READ_ONLY.includes(name)))];
    },
  },
];

const mayServeOrganizations = ({ organization_usage: usage }: { organization_usage?: string }) =>
  usage === 'allow' || usage === 'require';

async function addOrganization(seeding: Seeding, entry: Members, at: string): Promise<void> {
  const members = PARTS.map(({ member }) => member);
  const body = Object.fromEntries(Object.entries(entry).filter(([name]) => !members.includes(name)));
  const made = await atPlace(at, () => seeding.operations.call('POST', ORGANIZATIONS, body));
  const { id } = made as { id: string };
  for (const { member, path, bodies } of PARTS) {
    for (const one of entriesOf(`${at}.${member}`, entry[member] ?? [])) {
      const sent = await bodies(seeding, one.entry, one.at);
      await atPlace(one.at, async () => {
        for (const part of sent) await seeding.operations.call('POST', `${ORGANIZATIONS}/${id}/${path}`, part);
      });
    }
  }
}

/** Organizations with their connections, grants, applications and domains, all of which the file makes before. */
export const organizations: Section = {
  key: 'organizations',
  needs: [['POST', ORGANIZATIONS], ...PARTS.map(({ path }) => ['POST', `${ORGANIZATIONS}/:id/${path}`] as const)],
  async apply(seeding, value) {
    for (const { at, entry } of entriesOf('organizations', value)) await addOrganization(seeding, entry, at);
  },
};
