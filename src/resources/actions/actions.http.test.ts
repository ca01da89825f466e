import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { managementToken } from '../../../test/management.ts';
import { type TestServer, testServer } from '../../../test/server.ts';

const PATH = '/api/v2/actions/actions';

let server: TestServer;
let bearer: string;

before(async () => {
  server = await testServer();
  bearer = await managementToken(server, ['read:actions', 'create:actions']);
});
after(() => server.close());

test('there are none, in the shape that Auth0 gives an empty page', async () => {
  const all = await server.get(PATH, { bearer });
  assert.deepEqual([all.status, all.json], [200, { actions: [], per_page: 20 }]);
  const second = await server.get(`${PATH}?triggerId=post-login&deployed=true&page=1&per_page=100`, { bearer });
  assert.deepEqual(second.json, { actions: [], page: 1, per_page: 100 });
});

test('none can be made, and reading wants its scope', async () => {
  const made = await server.post(PATH, { bearer, json: { name: 'x', supported_triggers: [] } });
  assert.equal(made.status, 404);
  const refused = await server.get(PATH, { bearer: await managementToken(server, ['read:roles']) });
  assert.equal(refused.json.errorCode, 'insufficient_scope');
});
