import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { answerMembers, createMembers, updateMembers } from '../../src/resources/clients/client.shapes.ts';
import { clientProperties } from '../../src/resources/clients/client-properties/index.ts';
import { type ClientPath, mergeSides } from './client-paths.ts';
import type { ClientPropertyTable } from './client-properties-page.ts';
import { schemaPaths } from './schema-paths.ts';

const pathsOf = (properties: object) => schemaPaths({ properties } as Parameters<typeof schemaPaths>[0]);

/** The table of client properties as the sources under `root` have it. */
export function readClientProperties(root: string): ClientPropertyTable {
  const published = readFileSync(join(root, 'docs/compat/auth0-client-properties.json'), 'utf8');
  return {
    families: clientProperties,
    published: JSON.parse(published) as ClientPath[],
    own: mergeSides({ answer: pathsOf(answerMembers), create: pathsOf(createMembers), update: pathsOf(updateMembers) }),
    read: (path) => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined),
  };
}
