import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type TestServer, testServer } from '../../test/server.ts';

let server: TestServer;

before(async () => {
  server = await testServer();
});
after(() => server.close());

const METHODS = new Set(['get', 'post', 'put', 'patch', 'delete']);

/** `POST /api/v2/clients` for every operation of a document. */
function operationsOf(document: { paths: Record<string, Record<string, unknown>> }): string[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods)
      .filter((method) => METHODS.has(method))
      .map((method) => `${method.toUpperCase()} ${path}`),
  );
}

const declared = (keep: (surface: string, path: string) => boolean) =>
  server.app.endpoints
    .filter(({ surface, path, development }) => !development && keep(surface, path))
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`)
    .sort();

test('the Management document has every Management operation and needs no token', async () => {
  const answer = await server.get('/api/v2/openapi.json');
  assert.equal(answer.status, 200);
  assert.equal(answer.json.openapi, '3.1.0');
  assert.deepEqual(
    operationsOf(answer.json).sort(),
    declared((surface) => surface === 'management'),
  );
});

test('the authentication document has all else that programs call, and nothing of development', async () => {
  const answer = await server.get('/openapi.json');
  assert.equal(answer.status, 200);
  const operations = operationsOf(answer.json);
  assert.deepEqual(
    operations.sort(),
    declared((surface, path) => surface !== 'management' && !path.startsWith('/u/')),
  );
  assert.ok(operations.includes('GET /openapi.json'));
  assert.ok(!operations.some((operation) => operation.includes('/_dev')));
});

test('a page on any origin may read them', async () => {
  for (const path of ['/openapi.json', '/api/v2/openapi.json']) {
    const answer = await server.get(path, { headers: { origin: 'https://viewer.example' } });
    assert.ok(['*', 'https://viewer.example'].includes(answer.headers['access-control-allow-origin'] ?? ''), path);
  }
});

test('each tenant is its own server', async () => {
  for (const tenant of [server, server.other]) {
    const answer = await tenant.get('/openapi.json');
    assert.deepEqual(answer.json.servers, [{ url: tenant.url }]);
  }
});
