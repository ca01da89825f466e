import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { createDatabase, dropDatabase } from './postgres.ts';

/** A database that outlives a server, so that another, or several at once, can be opened on it. */
export async function persistentDatabase(t: TestContext): Promise<string> {
  if (process.env.TEST_DATABASE === 'postgres') {
    const url = await createDatabase(process.env.TEST_POSTGRES_URL ?? '');
    t.after(() => dropDatabase(url));
    return url;
  }
  const folder = mkdtempSync(join(tmpdir(), 'countersign-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return `sqlite:${join(folder, 'tenants.db')}`;
}
