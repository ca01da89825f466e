import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { managementToken } from '../../../test/management.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { managementScopes } from '../resource-servers/management-scopes.ts';
import { absentKinds } from './absent-kinds.rows.ts';

let server: TestServer;
before(async () => {
  server = await testServer();
});
after(() => server.close());

async function get(path: string, scopes: readonly string[]) {
  const token = await managementToken(server, [...scopes]);
  return server.get(`/api/v2${path}`, { headers: { authorization: `Bearer ${token}` } });
}

test('what a tenant without the feature is told', async () => {
  const forbidden = { statusCode: 403, error: 'Forbidden' };
  const deprecated = { ...forbidden, message: 'Insufficient privileges to use this deprecated feature' };
  const cases: [path: string, scope: string, body: object][] = [
    ['/rules?page=0', 'read:rules', deprecated],
    ['/rules-configs', 'read:rules_configs', deprecated],
    ['/hooks/1', 'read:hooks', deprecated],
    [
      '/custom-domains',
      'read:custom_domains',
      {
        ...forbidden,
        message: 'The account is not allowed to perform this operation, please contact our support team',
      },
    ],
    [
      '/attack-protection/captcha',
      'read:attack_protection',
      {
        ...forbidden,
        message: 'Please upgrade your subscription to use bot detection',
        errorCode: 'insufficient_entitlement',
      },
    ],
    [
      '/supplemental-signals',
      'read:attack_protection',
      {
        ...forbidden,
        message: 'Please upgrade your subscription to enable Akamai Signals.',
        errorCode: 'insufficient_scope',
      },
    ],
  ];
  for (const [path, scope, body] of cases) {
    const { status, json } = await get(path, [scope]);
    assert.deepEqual([status, json], [403, body]);
  }
});

test('what has no such answer is not found, like any path that is none', async () => {
  for (const path of ['/log-streams', '/log-streams/lst_1', '/flows/vault/connections', '/nowhere']) {
    const { status, json } = await get(path, ['read:log_streams', 'read:flows_vault_connections']);
    assert.deepEqual([status, json], [404, { statusCode: 404, error: 'Not Found', message: 'Not Found' }]);
  }
});

test('the token comes first: 401 without one, 403 without the scope', async () => {
  assert.equal((await server.get('/api/v2/log-streams')).status, 401);
  const lacking = 'Insufficient scope, expected any of: ';
  for (const [path, scope] of [
    ['/log-streams', 'read:log_streams'],
    ['/flows/vault/connections/ac_1', 'read:flows_vault_connections'],
    ['/rules', 'read:rules'],
  ] as const) {
    const { status, json } = await get(path, ['read:clients']);
    assert.deepEqual([status, json.message, json.errorCode], [403, `${lacking}${scope}`, 'insufficient_scope']);
  }
});

test('every such scope is one of the Management API’s', () => {
  const known = new Set(managementScopes.map(({ value }) => value));
  assert.deepEqual(
    absentKinds.filter(({ scope }) => !known.has(`read:${scope}`)),
    [],
  );
});

test('they are in no list of what the server can do', async () => {
  const { json } = await server.get('/api/v2/openapi.json');
  const paths = Object.keys(json.paths as object);
  assert.ok(paths.length > 0);
  assert.deepEqual(
    paths.filter((path) => path.includes('rules') || path.includes('*')),
    [],
  );
});
