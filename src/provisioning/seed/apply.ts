import type { Context, Endpoint, Random } from '../../kernel/index.ts';
import { clientGrants, clients, resourceServers } from './applications.ts';
import { ClientNames } from './client-names.ts';
import { connections, databases } from './connections.ts';
import { isEmpty, type Members, readSeedFile } from './file.ts';
import { type Operations, operationsOf } from './operations.ts';
import { organizations } from './organizations.ts';
import { roles } from './roles.ts';
import type { Section } from './section.ts';
import { SeedError } from './seed-error.ts';
import { guardian, tenant } from './settings.ts';
import { hashPasswords, users } from './users.ts';

/** In the order in which they are applied: what is referred to comes before what refers to it. */
const SECTIONS: readonly Section[] = [
  resourceServers,
  clients,
  databases,
  connections,
  clientGrants,
  roles,
  organizations,
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

/** A seed that was read, with all done that takes long. */
export interface Seed {
  readonly path: string;
  readonly members: Members;
  readonly hashes: readonly (string | undefined)[];
}

async function namingFile<R>(path: string, work: () => R | Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SeedError) throw new SeedError(`seed ${path}: ${error.message}`);
    throw error;
  }
}

/** Reads the file at `path` and hashes the passwords in it. SeedError when it is no seed. */
export function readSeed(path: string, random: Random): Promise<Seed> {
  return namingFile(path, async () => {
    const members = readSeedFile(path);
    return { path, members, hashes: await hashPasswords(members.users, random) };
  });
}

async function applySections(ctx: Context, { members, hashes }: Seed, endpoints: readonly Endpoint[]): Promise<void> {
  const operations = operationsOf(ctx, endpoints);
  const unknown = unknownKeys(members, operations);
  if (unknown.length > 0) throw new SeedError(`this version can not apply: ${unknown.join(', ')}`);
  const seeding = { ctx, operations, hashes, clients: new ClientNames() };
  for (const { key, apply } of SECTIONS) if (!isEmpty(members[key])) await apply(seeding, members[key]);
}

/**
 * Applies `seed` to the new tenant of `ctx`, through the Management operations among `endpoints`. SeedError, which names the file, the
 * place in it and the reason, at the first thing that can't be done: call it in a transaction, so that nothing is left of it.
 */
export function applySeed(ctx: Context, seed: Seed, endpoints: readonly Endpoint[]): Promise<void> {
  return namingFile(seed.path, () => applySections(ctx, seed, endpoints));
}
