import { collections } from '../../src/collections.ts';
import { openStorage } from '../../src/platform/storage/index.ts';
import { createDatabase, dropDatabase } from '../../test/postgres.ts';

/**
 * Makes a database with the server's tables on the PostgreSQL at `url`, for test servers to copy: to make the tables takes five times as
 * long. Tests of making them use empty databases.
 */
export async function createTemplate(url: string): Promise<{ name: string; drop(): Promise<void> }> {
  const made = await createDatabase(url);
  const storage = await openStorage(made, collections);
  await storage.close();
  return { name: new URL(made).pathname.slice(1), drop: () => dropDatabase(made) };
}
