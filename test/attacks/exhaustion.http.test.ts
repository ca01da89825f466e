/** Requests that cost the sender little and must not cost the server much. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addPerson, useFactors } from '../fixtures.ts';
import { managementToken } from '../management.ts';
import { type MfaClient, mfaClient } from '../mfa/mfa-client.ts';
import { type Answer, type TestServer, testServer } from '../server.ts';

/** On a busy machine; what these requests cost before they were bounded was seconds or minutes. */
const PATIENCE_MS = 1000;

let server: TestServer;
let client: MfaClient;
let bearer: string;

before(async () => {
  server = await testServer();
  await useFactors(server.ctx, ['otp', 'email'], ['all-applications']);
  client = await mfaClient(server);
  bearer = await managementToken(server, ['create:clients', 'update:guardian_factors', 'read:users', 'create:users']);
});
after(() => server.close());

/** The answer, and that the server was not busy with it for long. */
async function inTime(work: () => Promise<Answer>): Promise<Answer> {
  await work();
  const started = performance.now();
  const answer = await work();
  assert.ok(performance.now() - started < PATIENCE_MS, `took ${Math.round(performance.now() - started)} ms`);
  assert.ok(answer.status < 500, answer.text.slice(0, 200));
  return answer;
}

const createClient = (json: unknown) => server.post('/api/v2/clients', { bearer, json });

test('bodies that are very wide or very deep', async () => {
  const wide = await createClient({ name: 'wide', callbacks: new Array(200_000).fill(1) });
  assert.equal(wide.status, 400);
  const members = Object.fromEntries(Array.from({ length: 50_000 }, (_, at) => [`m${at}`, 1]));
  assert.equal((await createClient(members)).status, 400);
  const deep = await server.app.http.app.inject({
    method: 'POST',
    url: '/api/v2/clients',
    headers: { host: server.host, authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    payload: `{"name":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
  });
  assert.equal(deep.statusCode, 400);
});

test('thirty-two levels are enough for everybody, and one more is refused', async () => {
  const nested = (levels: number): unknown => (levels === 0 ? 1 : { a: nested(levels - 1) });
  const create = (levels: number) => {
    const email = `deep${levels}@example.test`;
    const connection = 'Username-Password-Authentication';
    const json = { connection, email, password: 'Correct-horse-1', user_metadata: nested(levels) };
    return server.post('/api/v2/users', { bearer, json });
  };
  assert.equal((await create(31)).status, 201);
  assert.equal((await create(32)).status, 400);
});

test('an address that a pattern would long ponder', async () => {
  const mfaToken = await client.mfaToken();
  const email = `a@${'.'.repeat(60_000)}@`;
  const begin = () =>
    client.associate(mfaToken, { authenticator_types: ['oob'], oob_channels: ['email'], email }) as Promise<Answer>;
  assert.equal((await inTime(begin)).status, 400);
});

test('a template that opens more than it closes', async () => {
  const json = { enrollment_message: '{{'.repeat(200_000), verification_message: '{{code}}' };
  const path = '/api/v2/guardian/factors/phone/templates';
  assert.equal((await inTime(() => server.request('PUT', path, { bearer, json }))).status, 400);
});

test('search text of every kind', async () => {
  await addPerson(server.ctx, 'found@example.test');
  const queries = ['('.repeat(4000), '[a'.repeat(2000), '"'.repeat(4095), `${'a OR '.repeat(99)}a`, '*'.repeat(4000)];
  for (const q of queries) await inTime(() => server.get('/api/v2/users', { bearer, query: { q } }));
});
