import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { managementToken } from '../../../test/management.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { logTypes } from '../../../test/token-fixture.ts';
import { promptSettings } from './index.ts';

const PATH = '/api/v2/prompts';
const SETTINGS = { universal_login_experience: 'new', identifier_first: false, webauthn_platform_first_factor: false };

let server: TestServer;
let bearer: string;

before(async () => {
  server = await testServer();
  bearer = await managementToken(server, ['read:prompts', 'update:prompts']);
});
after(() => server.close());

const patch = (json: unknown, token = bearer) => server.request('PATCH', PATH, { bearer: token, json });

test('the settings, and writing what they are anyway', async () => {
  const read = await server.get(PATH, { bearer });
  assert.deepEqual([read.status, read.json], [200, SETTINGS]);
  for (const json of [SETTINGS, { universal_login_experience: 'new' }, { webauthn_platform_first_factor: null }]) {
    const written = await patch(json);
    assert.deepEqual([written.status, written.json], [200, SETTINGS]);
  }
  assert.ok((await logTypes(server)).includes('sapi'));
});

test('what this server cannot do is refused, with the reason, and changes nothing', async () => {
  const cases: [Record<string, unknown>, RegExp][] = [
    [{ universal_login_experience: 'classic' }, /^The classic experience is not offered/],
    [{ identifier_first: true, webauthn_platform_first_factor: true }, /^webauthn_platform_first_factor is/],
  ];
  for (const [json, text] of cases) {
    const answer = await patch(json);
    assert.deepEqual([answer.status, answer.json.errorCode], [400, 'operation_not_supported']);
    assert.match(answer.json.message, text);
  }
  for (const json of [{}, { identifier_first: 'yes' }, { universal_login_experience: 'old' }, { colour: 'red' }])
    assert.equal((await patch(json)).json.errorCode, 'invalid_body');
  assert.deepEqual((await server.get(PATH, { bearer })).json, SETTINGS);
});

test('identifier_first is kept, by this tenant alone, until it is null', async () => {
  const first = await patch({ identifier_first: true });
  assert.deepEqual([first.status, first.json], [200, { ...SETTINGS, identifier_first: true }]);
  assert.deepEqual((await patch({ universal_login_experience: 'new' })).json.identifier_first, true);
  assert.deepEqual((await server.get(PATH, { bearer })).json, { ...SETTINGS, identifier_first: true });
  assert.deepEqual(await promptSettings(server.other.ctx), SETTINGS);
  const both = [patch({ identifier_first: null }), patch({ webauthn_platform_first_factor: false })];
  await Promise.all(both);
  assert.deepEqual((await server.get(PATH, { bearer })).json, SETTINGS);
});

test('each wants its scope', async () => {
  const reader = await managementToken(server, ['read:prompts']);
  assert.equal((await patch(SETTINGS, reader)).json.errorCode, 'insufficient_scope');
  const writer = await managementToken(server, ['update:prompts']);
  assert.equal((await server.get(PATH, { bearer: writer })).json.errorCode, 'insufficient_scope');
});
