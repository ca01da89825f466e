/**
 * Reads which properties Auth0's published Management API gives a client, and writes `docs/compat/auth0-client-properties.json`: the
 * paths, without their words. Run when Auth0 publishes a new description:
 *
 *     node bin/run.js scripts/read-client-properties.ts <its OpenAPI document>
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientPaths } from './generate/client-paths.ts';
import type { Schema } from './generate/schema-paths.ts';

const [source] = process.argv.slice(2);
if (!source) throw new Error('which OpenAPI document?');
const { components } = JSON.parse(readFileSync(source, 'utf8')) as {
  components: { schemas: Readonly<Record<string, Schema>> };
};
const lines = clientPaths(components.schemas).map((one) => JSON.stringify(one));
writeFileSync(
  join(import.meta.dirname, '../docs/compat/auth0-client-properties.json'),
  `[\n  ${lines.join(',\n  ')}\n]\n`,
);
