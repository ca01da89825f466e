import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { managementToken } from '../../../test/management.ts';
import { type TestServer, testServer } from '../../../test/server.ts';

const PATH = '/api/v2/keys/signing';

let server: TestServer;
let bearer: string;

before(async () => {
  server = await testServer();
  bearer = await managementToken(server, ['read:signing_keys', 'create:signing_keys', 'update:signing_keys']);
});
after(() => server.close());

interface Key {
  kid: string;
  current: boolean;
  next: boolean;
  previous: boolean;
  revoked: boolean;
}

const keys = async (): Promise<Key[]> => (await server.get(PATH, { bearer })).json;
const published = async (): Promise<string[]> =>
  (await server.get('/.well-known/jwks.json')).json.keys.map(({ kid }: { kid: string }) => kid);
const by = (list: Key[], state: 'current' | 'next' | 'previous') => list.find((key) => key[state])?.kid ?? '';

test('rotating promotes the next key, keeps the previous one published, and revoking takes it out', async () => {
  const first = await keys();
  assert.equal(first.length, 2);
  const [current, next] = [by(first, 'current'), by(first, 'next')];

  const rotated = await server.post(`${PATH}/rotate`, { bearer });
  assert.equal(rotated.status, 201);
  const second = await keys();
  assert.equal(by(second, 'current'), next);
  assert.equal(by(second, 'previous'), current);
  assert.equal(by(second, 'next'), rotated.json.kid);
  assert.deepEqual((await published()).toSorted(), [current, next, rotated.json.kid].toSorted());
  assert.equal((await server.get(PATH, { bearer })).status, 200, 'a token of the previous key still opens the door');

  const revoked = await server.request('PUT', `${PATH}/${current}/revoke`, {
    bearer: await managementToken(server, ['update:signing_keys']),
  });
  assert.equal(revoked.status, 200);
  assert.equal(revoked.json.kid, current);
  assert.equal((await published()).includes(current), false);
  assert.equal((await server.get(PATH, { bearer })).status, 401, 'a token of the revoked key does not');
  bearer = await managementToken(server, ['read:signing_keys', 'update:signing_keys']);
  const shown = (await server.get(`${PATH}/${current}`, { bearer })).json;
  assert.equal(shown.revoked, true);
  assert.equal(shown.revoked_at, '2026-01-15T10:00:00.000Z');
});

test('keys in use cannot be revoked; unknown ones do not exist', async () => {
  for (const state of ['current', 'next'] as const) {
    const answer = await server.request('PUT', `${PATH}/${by(await keys(), state)}/revoke`, { bearer });
    assert.equal(answer.status, 400);
  }
  assert.equal((await server.request('PUT', `${PATH}/none/revoke`, { bearer })).status, 404);
  assert.equal((await server.get(`${PATH}/none`, { bearer })).status, 404);
});

test('rotating needs both scopes; private keys are never shown', async () => {
  const half = await managementToken(server, ['create:signing_keys']);
  assert.equal((await server.post(`${PATH}/rotate`, { bearer: half })).status, 403);
  const text = (await server.get(PATH, { bearer })).text;
  assert.equal(/PRIVATE|private|cs1\./.test(text), false);
});
