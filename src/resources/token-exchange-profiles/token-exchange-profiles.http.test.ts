import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { foreignKey } from '../../../test/foreign-issuer.ts';
import { managementToken } from '../../../test/management.ts';
import { type TestServer, testServer } from '../../../test/server.ts';

const PATH = '/api/v2/token-exchange-profiles';
const SCOPES = ['create', 'read', 'update', 'delete'].map((verb) => `${verb}:token_exchange_profiles`);
const { publicPem } = foreignKey('k1');
const VERIFIER = { issuer: 'https://idp.test/', audience: 'urn:acme', public_key: publicPem };

let server: TestServer;
let bearer: string;

before(async () => {
  server = await testServer();
  bearer = await managementToken(server, SCOPES);
});
after(() => server.close());

let count = 0;
const bodyOf = (changes: object = {}) => ({
  name: 'Partner tokens',
  type: 'custom_authentication',
  subject_token_type: `urn:acme:token-${++count}`,
  subject_token_verifier: VERIFIER,
  ...changes,
});
const create = (changes: object = {}) => server.post(PATH, { bearer, json: bodyOf(changes) });
const patch = (id: string, json: object) => server.request('PATCH', `${PATH}/${id}`, { bearer, json });

test('made, read, changed, deleted', async () => {
  const { status, json } = await create({ subject_token_type: 'https://acme.test/token' });
  assert.equal(status, 201);
  assert.match(json.id, /^tep_[A-Za-z0-9]{16}$/);
  assert.deepEqual(json, {
    id: json.id,
    name: 'Partner tokens',
    type: 'custom_authentication',
    subject_token_type: 'https://acme.test/token',
    subject_token_verifier: {
      algorithms: ['RS256'],
      user_id_claim: 'sub',
      creation_behavior: 'none',
      single_use: false,
      ...VERIFIER,
    },
    created_at: '2026-01-15T10:00:00.000Z',
    updated_at: '2026-01-15T10:00:00.000Z',
  });
  assert.deepEqual((await server.get(`${PATH}/${json.id}`, { bearer })).json, json);
  const changed = await patch(json.id, { name: 'Other name', subject_token_type: 'urn:acme:other' });
  assert.deepEqual(
    [changed.status, changed.json.name, changed.json.subject_token_type],
    [200, 'Other name', 'urn:acme:other'],
  );
  assert.equal((await server.request('DELETE', `${PATH}/${json.id}`, { bearer })).status, 204);
  assert.equal((await server.request('DELETE', `${PATH}/${json.id}`, { bearer })).status, 204);
  const gone = await server.get(`${PATH}/${json.id}`, { bearer });
  assert.deepEqual([gone.status, gone.json.message], [404, 'Token exchange profile not found.']);
});

test('lists go by checkpoints, whatever is asked for', async () => {
  for (let made = 0; made < 3; made++) await create();
  const bare = (await server.get(PATH, { bearer })).json;
  assert.deepEqual(Object.keys(bare), ['token_exchange_profiles']);
  const first = (await server.get(`${PATH}?take=2&include_totals=true`, { bearer })).json;
  assert.equal(first.token_exchange_profiles.length, 2);
  const rest = (await server.get(`${PATH}?take=100&from=${first.next}`, { bearer })).json;
  assert.deepEqual([...first.token_exchange_profiles, ...rest.token_exchange_profiles], bare.token_exchange_profiles);
  assert.equal('next' in rest, false);
});

test('one profile for each type', async () => {
  const { json } = await create();
  const again = await create({ subject_token_type: json.subject_token_type });
  assert.deepEqual([again.status, again.json.message], [409, 'subject_token_type already exists for tenant']);
  const other = (await create()).json;
  const moved = await patch(other.id, { subject_token_type: json.subject_token_type });
  assert.deepEqual([moved.status, moved.json.message], [400, 'subject_token_type already exists for tenant']);
});

test('types that belong to others, or are no types', async () => {
  const refused = [
    'http://auth0.com/oauth/token-type/x',
    'https://auth0.com/x',
    'https://AUTH0.com',
    'https://okta.com/x',
    'http://okta.com:80/x',
    'urn:ietf:params:oauth:token-type:jwt',
    'URN:auth0:x-y',
    'urn:okta:x-y',
    'acme-token',
    'ftp://acme.test/token',
    'urn:x',
    `urn:acme:${'x'.repeat(100)}`,
  ];
  for (const subject_token_type of refused)
    assert.equal((await create({ subject_token_type })).status, 400, subject_token_type);
  for (const fine of ['https://auth0.com.acme.test/x', 'urn:ietfs:token'])
    assert.equal((await create({ subject_token_type: fine })).status, 201, fine);
});

test('Actions are refused, and a profile needs something that checks tokens', async () => {
  const action = await create({ action_id: '83bbffee-93c0-44ff-9503-857d8a38fe89', subject_token_verifier: undefined });
  assert.deepEqual([action.status, action.json.message], [400, 'Action not found']);
  const none = await create({ subject_token_verifier: undefined });
  assert.equal(none.json.message, "Payload validation error: 'Missing required property: action_id'.");
  const { id } = (await create()).json;
  assert.equal((await patch(id, { action_id: 'x' })).status, 400);
  assert.equal((await patch(id, {})).status, 400);
});

test('verifiers that could be fooled, or make no sense', async () => {
  const secret = '-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----';
  const keyless = { issuer: VERIFIER.issuer, audience: VERIFIER.audience };
  const refused = [
    keyless,
    { ...VERIFIER, jwks_uri: 'https://idp.test/jwks' },
    { ...keyless, jwks_uri: 'http://idp.test/jwks' },
    { ...keyless, jwks_uri: 'https://user:secret@idp.test/jwks' },
    { ...keyless, jwks_uri: 'file:///etc/passwd' },
    { ...keyless, public_key: secret },
    { ...keyless, public_key: 'x' },
    { ...VERIFIER, algorithms: ['HS256'] },
    { ...VERIFIER, algorithms: ['none'] },
    { ...VERIFIER, algorithms: [] },
    { ...VERIFIER, audience: undefined },
    { ...VERIFIER, issuer: undefined },
    { ...VERIFIER, connection: 'nowhere' },
    { ...VERIFIER, creation_behavior: 'create_if_not_exists' },
    { ...VERIFIER, secret: 'x' },
  ];
  for (const subject_token_verifier of refused)
    assert.equal((await create({ subject_token_verifier })).status, 400, JSON.stringify(subject_token_verifier));
  const { id } = (await create()).json;
  assert.equal((await patch(id, { subject_token_verifier: keyless })).status, 400);
  const local = { ...keyless, jwks_uri: 'http://localhost:9/jwks' };
  assert.equal((await patch(id, { subject_token_verifier: local })).status, 200);
});

test('scopes', async () => {
  const reader = await managementToken(server, ['read:token_exchange_profiles']);
  assert.equal((await server.get(PATH, { bearer: reader })).status, 200);
  assert.equal((await server.post(PATH, { bearer: reader, json: bodyOf() })).status, 403);
});
