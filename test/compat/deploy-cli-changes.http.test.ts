/** The released Deploy CLI on a tenant that it knows: changed files imported over what is there, and exports of everything. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { absentKinds } from '../../src/resources/absent-kinds/index.ts';
import { exportOf, PROFILE_PATHS, type Side, startSide } from './deploy-cli.ts';
import { laterMappings, load, makeTemplate } from './deploy-cli-import.ts';
import { VAULT_WORKER } from './rich-clients.ts';
import { fillTenant } from './rich-tenant.ts';

let side: Side;

before(async () => {
  side = await startSide();
  await fillTenant(side.call);
});
after(() => side.close());

/** All that the Management API tells of clients, grants and organizations, as it stands. */
async function stateOf({ call }: Side): Promise<Record<string, unknown>> {
  const clients = (await call('GET', '/clients?per_page=100')) as unknown as { name: string }[];
  const others = ['/client-grants', '/organizations', '/connections', '/resource-servers', '/roles', ...PROFILE_PATHS];
  const lists = await Promise.all(others.map(async (path) => [path, await call('GET', path)]));
  return Object.fromEntries([...clients.map((client) => [client.name, client]), ...lists]);
}

test('imported over what is there, a file changes what it says otherwise, and nothing else; with leave to delete, what it lacks goes', async () => {
  await exportOf(side, 'first');
  const file = join(side.folder, 'first', 'tenant.yaml');
  makeTemplate(file, ({ clients }) => {
    const web = clients.find(({ name }) => name === 'Web') ?? assert.fail();
    Object.assign(web, { description: 'Said otherwise', client_metadata: { team: 'blue' } });
    delete clients.find(({ name }) => name === 'Key holder')?.client_authentication_methods;
    clients.splice(
      clients.findIndex(({ name }) => name === 'User of zoom'),
      1,
    );
  });
  const { 'User of zoom': _gone, ...before } = await stateOf(side);
  await load(side, file, { AUTH0_KEYWORD_REPLACE_MAPPINGS: await laterMappings(side), AUTH0_ALLOW_DELETE: true });
  const after = await stateOf(side);
  const { client_authentication_methods: _keys, ...holder } = before['Key holder'] as Record<string, unknown>;
  // With leave to delete, the CLI takes the keys of requests and of the vault for ones that nothing uses. Their clients keep them: that is refused.
  const signer = before['Request signer'] as Record<string, unknown>;
  const token_endpoint_auth_method = 'client_secret_post';
  const { client_secret } = after['Key holder'] as Record<string, unknown>;
  assert.deepEqual(after, {
    ...before,
    Web: { ...(before.Web as object), description: 'Said otherwise', client_metadata: { team: 'blue' } },
    'Key holder': { ...holder, client_secret, token_endpoint_auth_method },
    'Request signer': { ...signer, token_endpoint_auth_method },
    [VAULT_WORKER]: { ...(before[VAULT_WORKER] as object), token_endpoint_auth_method },
  });
  const keysOf = async (client: Record<string, unknown>) =>
    (await side.call('GET', `/clients/${client.client_id}/credentials`)) as unknown as object[];
  assert.deepEqual([(await keysOf(holder)).length, (await keysOf(signer)).length], [0, 1]);
  const refused = (await side.call('GET', '/logs?q=type:fapi')) as unknown as object[];
  assert.equal(refused.length, 2, 'no other call of this import was refused');
});

const GUIDE = join(import.meta.dirname, '../../docs/guides/deploy-cli.json');
const HERE = ['tenant', 'clients', 'databases', 'organizations', 'roles', 'guardianFactors', 'connectionProfiles'];

/** Exports all kinds but some. */
async function exportAllBut(side: Side, name: string, excluded: readonly string[]): Promise<void> {
  const whole = await exportOf(side, name, { AUTH0_INCLUDED_ONLY: undefined, AUTH0_EXCLUDED: excluded });
  for (const kind of HERE) assert.ok(Object.hasOwn(whole, kind), kind);
  assert.deepEqual(
    excluded.filter((kind) => Object.hasOwn(whole, kind)),
    [],
  );
}

test('everything there is: with the configuration of the guide, and as a client that may not ask for what there is not', async () => {
  const excluded = JSON.parse(readFileSync(GUIDE, 'utf8')).AUTH0_EXCLUDED as string[];
  await exportAllBut(side, 'whole', excluded);
  const grants = (await side.call('GET', `/client-grants?client_id=${side.credentials.client_id}`)) as unknown as {
    id: string;
    scope: string[];
  }[];
  const [{ id, scope } = assert.fail('no grant')] = grants;
  const absent = new Set(absentKinds.map((kind) => kind.scope));
  await side.call('PATCH', `/client-grants/${id}`, {
    scope: scope.filter((one) => !absent.has(one.split(':')[1] ?? '')),
  });
  await exportAllBut(side, 'permitted', ['prompts']);
});
