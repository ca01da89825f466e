import { connectionsOf, findConnectionByName } from '../../resources/connections/index.ts';
import { DEFAULT_CONNECTION } from '../tenant.ts';
import { entriesOf, type Members } from './file.ts';
import type { Section, Seeding } from './section.ts';
import { atPlace, SeedError } from './seed-error.ts';

const CONNECTIONS = '/api/v2/connections';

/** The database that a new tenant has gives way to the file's own of that name: it has no users yet. */
async function makeRoom({ ctx }: Seeding, name: unknown): Promise<void> {
  if (name !== DEFAULT_CONNECTION) return;
  const made = await findConnectionByName(ctx, DEFAULT_CONNECTION);
  if (made) await connectionsOf(ctx).delete(made.id);
}

function enabledClients({ clients }: Seeding, entry: Members, at: string): { enabled_clients?: string[] } {
  if (entry.enabled_clients === undefined) return {};
  if (!Array.isArray(entry.enabled_clients)) throw new SeedError(`${at}.enabled_clients: must be a list`);
  const ids = entry.enabled_clients.map((one, position) => clients.require(one, `${at}.enabled_clients[${position}]`));
  return { enabled_clients: ids };
}

async function addConnections(seeding: Seeding, key: string, value: unknown, preset: Members): Promise<void> {
  const seen = new Set<unknown>();
  for (const { at, entry } of entriesOf(key, value)) {
    const body = { ...preset, ...entry, ...enabledClients(seeding, entry, at) };
    // A second one of the same name must be refused, not replace the first.
    if (!seen.has(entry.name)) await makeRoom(seeding, entry.name);
    seen.add(entry.name);
    await atPlace(at, () => seeding.operations.call('POST', CONNECTIONS, body));
  }
}

/** Database connections: the Deploy CLI lists them apart from the others. */
export const databases: Section = {
  key: 'databases',
  needs: [['POST', CONNECTIONS]],
  apply: (seeding, value) => addConnections(seeding, 'databases', value, { strategy: 'auth0' }),
};

export const connections: Section = {
  key: 'connections',
  needs: [['POST', CONNECTIONS]],
  apply: (seeding, value) => addConnections(seeding, 'connections', value, {}),
};
