/**
 * Writes what is derived from the sources: the reference, the configuration page and the compatibility tables under `docs`.
 * Equal sources give equal bytes; CI runs it and refuses a difference.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { configurationPage } from '../src/config.ts';
import { endpoints } from '../src/endpoints.ts';
import { complianceRules } from '../src/oauth/compliance.rows.ts';
import { complianceLevels } from '../src/oauth/compliance.ts';
import { grantsElsewhere, grantsNotOffered } from '../src/oauth/grants-elsewhere.ts';
import { grants } from '../src/oauth/token/grants/index.ts';
import { authenticationDocument, managementDocument, openApiEndpoints } from '../src/openapi/index.ts';
import { grantTypes } from '../src/resources/clients/index.ts';
import { version } from '../src/version.ts';
import { readClientProperties } from './generate/client-properties.ts';
import { clientPropertiesPage } from './generate/client-properties-page.ts';
import { compliancePage } from './generate/compliance-page.ts';
import { endpointsPage } from './generate/endpoints-page.ts';
import { grantTypesPage } from './generate/grant-types-page.ts';
import { operationsPage } from './generate/operations-page.ts';
import { rowPages } from './generate/row-pages.ts';

const ROOT = resolve(import.meta.dirname, '..');
const published = [...endpoints, ...openApiEndpoints(endpoints, version)];
const asJson = (value: unknown) => `${JSON.stringify(value, undefined, 1)}\n`;

const pages: Record<string, string> = {
  'docs/configuration.md': configurationPage(),
  'docs/reference/management-api.json': asJson(managementDocument(published, version)),
  'docs/reference/authentication-api.json': asJson(authenticationDocument(published, version)),
  'docs/reference/endpoints.md': endpointsPage(published),
  'docs/compat/management-operations.md': operationsPage(published, join(ROOT, 'docs/compat/auth0-operations.json')),
  'docs/compat/grant-types.md': grantTypesPage({
    rules: grantTypes,
    run: [...grants.map((grant) => ({ ...grant, at: '/oauth/token' })), ...grantsElsewhere],
    notOffered: grantsNotOffered,
    exists: (path) => existsSync(join(ROOT, path)),
  }),
  'docs/compat/client-properties.md': clientPropertiesPage(readClientProperties(ROOT)),
  'docs/compat/compliance-levels.md': compliancePage(complianceLevels, complianceRules),
  ...(await rowPages(ROOT)),
};

for (const [path, text] of Object.entries(pages)) {
  const file = join(ROOT, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.log(path);
}
