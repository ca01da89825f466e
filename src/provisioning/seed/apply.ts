import type { Context, Endpoint } from '../../kernel/index.ts';
import { clientGrants, clients, resourceServers } from './applications.ts';
import { ClientNames } from './client-names.ts';
import { connections, databases } from './connections.ts';
import { isEmpty, type Members, readSeedFile } from './file.ts';
import { type Operations, operationsOf } from './operations.ts';
import type { Section } from './section.ts';
import { SeedError } from './seed-error.ts';
import { guardian, tenant } from './settings.ts';
import { users } from './users.ts';

/** In the order in which they are applied: what is referred to comes before what refers to it. */
const SECTIONS: readonly Section[] = [
  resourceServers,
  clients,
  databases,
  connections,
  clientGrants,
  tenant,
  ...guardian,
  users,
];

/** Keys with something in them that this version has nothing to do with. */
function unknownKeys(seed: Members, operations: Operations): string[] {
  const isHonoured = (key: string) =>
    SECTIONS.find((section) => section.key === key)?.needs.every(([method, path]) => operations.has(method, path));
  return Object.keys(seed).filter((key) => !isEmpty(seed[key]) && !isHonoured(key));
}

async function applySections(ctx: Context, seed: Members, endpoints: readonly Endpoint[]): Promise<void> {
  const operations = operationsOf(ctx, endpoints);
  const unknown = unknownKeys(seed, operations);
  if (unknown.length > 0) throw new SeedError(`this version can not apply: ${unknown.join(', ')}`);
  const seeding = { ctx, operations, clients: new ClientNames() };
  for (const { key, apply } of SECTIONS) if (!isEmpty(seed[key])) await apply(seeding, seed[key]);
}

/**
 * Applies the file at `path` to the new tenant of `ctx`, through the Management operations among `endpoints`. SeedError, which names the
 * file, the place in it and the reason, at the first thing that can't be done: call it in a transaction, so that nothing is left of it.
 */
export async function applySeed(ctx: Context, path: string, endpoints: readonly Endpoint[]): Promise<void> {
  try {
    await applySections(ctx, readSeedFile(path), endpoints);
  } catch (error) {
    if (error instanceof SeedError) throw new SeedError(`seed ${path}: ${error.message}`);
    throw error;
  }
}
