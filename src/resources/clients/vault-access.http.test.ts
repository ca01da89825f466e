/** Who may have tokens of the vault without their users: what a tenant may write. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, test } from 'node:test';
import { managementToken } from '../../../test/management.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { clientCredentialsOf } from './index.ts';

let server: TestServer;
let bearer: string;

before(async () => {
  server = await testServer();
  bearer = await managementToken(server, [
    'create:clients',
    'read:clients',
    'update:clients',
    'create:client_credentials',
  ]);
});
after(() => server.close());

const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' });
const access = (change: object = {}) => ({
  credentials: [{ credential_type: 'public_key', pem, kid: 'worker-key-1' }],
  ip_allowlist: ['192.0.2.1', '2001:db8::/32'],
  grants: [{ connection: 'cal', scopes: ['read'] }],
  ...change,
});
const create = (token_vault_privileged_access: unknown) =>
  server.post('/api/v2/clients', { bearer, json: { name: 'Worker', token_vault_privileged_access } });
const patch = (id: string, token_vault_privileged_access: unknown) =>
  server.request('PATCH', `/api/v2/clients/${id}`, { bearer, json: { token_vault_privileged_access } });
const read = async (id: string) => (await server.get(`/api/v2/clients/${id}`, { bearer })).json;

test('a new client brings its key; it is shown once, and a reference from then on', async () => {
  const { status, json, text } = await create(access());
  assert.equal(status, 201, text);
  const { credentials, ...rest } = json.token_vault_privileged_access;
  assert.equal(credentials[0].kid, 'worker-key-1');
  assert.deepEqual(rest, {
    ip_allowlist: ['192.0.2.1', '2001:db8::/32'],
    grants: [{ connection: 'cal', scopes: ['read'] }],
  });
  const shown = (await read(json.client_id)).token_vault_privileged_access;
  assert.deepEqual(shown.credentials, [{ id: credentials[0].id }]);
  assert.equal((await patch(json.client_id, { ...shown, ip_allowlist: [] })).status, 200);
  assert.equal((await patch(json.client_id, null)).status, 200);
  assert.equal('token_vault_privileged_access' in (await read(json.client_id)), false);
});

test('what cannot be kept is refused, and nothing changes', async () => {
  const { json } = await create(access());
  const kept = await read(json.client_id);
  const keys = await clientCredentialsOf(server.ctx).count();
  const shown = kept.token_vault_privileged_access;
  const grants = (count: number, scopes: number) =>
    Array.from({ length: count }, (_, n) => ({
      connection: `c${n}`,
      scopes: Array.from({ length: scopes }, (_, m) => `s${m}`),
    }));
  for (const change of [
    { ip_allowlist: ['localhost'] },
    { ip_allowlist: ['192.0.2.0/33'] },
    { ip_allowlist: Array.from({ length: 11 }, (_, n) => `192.0.2.${n}`) },
    { grants: grants(6, 1) },
    { grants: [{}] },
    { grants: [{ connection: 'cal' }] },
    { grants: [{ connection: 'cal', scopes: [], more: true }] },
    { grants: grants(3, 7) },
  ]) {
    assert.equal((await patch(json.client_id, { ...shown, ...change })).status, 400, JSON.stringify(change));
    assert.equal((await create(access(change))).status, 400);
  }
  const foreign = (await create(access())).json.token_vault_privileged_access.credentials[0].id;
  assert.equal((await patch(json.client_id, { ...shown, credentials: [{ id: foreign }] })).status, 400);
  assert.equal((await create({ grants: [] })).status, 400, 'without a key');
  assert.deepEqual(await read(json.client_id), kept);
  assert.equal(await clientCredentialsOf(server.ctx).count(), keys + 1);
});
