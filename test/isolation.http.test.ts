/** Two tenants on one server: nothing of one can be seen, used or changed through the other, by any collection, any endpoint of the Management API, or any token. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { collections } from '../src/collections.ts';
import type { Collection, CollectionDefinition, ColumnType, Endpoint } from '../src/kernel/index.ts';
import { findConnectionByName } from '../src/resources/connections/index.ts';
import { usersOf } from '../src/resources/users/index.ts';
import { addApplication, addPerson, CONNECTION, MFA_OTP, PASSWORD, PASSWORD_REALM, useFactors } from './fixtures.ts';
import { attacksOn, idsIn, managementEndpoints, resembling } from './isolation-attacks.ts';
import { managementToken } from './management.ts';
import { mfaClient } from './mfa/mfa-client.ts';
import { type Answer, type TestServer, type TestTenant, testServer } from './server.ts';

type Document = Record<string, unknown>;
type AnyDefinition = CollectionDefinition<Document>;

/** Stands in everything of the first tenant that an answer could give away. */
const CANARY = 'canary';

let server: TestServer;
let other: TestTenant;
let endpoints: readonly Endpoint[];

before(async () => {
  server = await testServer();
  ({ other } = server);
  endpoints = managementEndpoints(server.app.endpoints);
});
after(() => server.close());

const collectionOf = (tenant: TestTenant, definition: CollectionDefinition<never>) =>
  tenant.ctx.store.collection(definition as unknown as AnyDefinition);

describe('collections', () => {
  /** A document with something in every column. */
  function synthetic(definition: AnyDefinition): Document {
    const columns = Object.entries(definition.index as Record<string, ColumnType>).map(([member, type]) => [
      member,
      type === 'number' ? 9e15 : `${CANARY}-${member}`,
    ]);
    return { ...Object.fromEntries(columns), [definition.key]: `${CANARY}-key`, secret: CANARY };
  }

  async function seesNothing(c: Collection<Document>, definition: AnyDefinition, document: Document): Promise<void> {
    const key = String(document[definition.key]);
    assert.equal(await c.get(key), undefined);
    assert.doesNotMatch(JSON.stringify(await c.list()), /canary/);
    assert.equal(await c.count({ [definition.key]: { in: [key] } }), 0);
    for (const member of Object.keys(definition.index)) {
      const value = document[member] as string;
      assert.equal(await c.find({ [member]: value }), undefined, member);
      const following = await c.list({ where: { [member]: { gte: value } }, orderBy: member });
      assert.doesNotMatch(JSON.stringify(following), /canary/);
      assert.equal(await c.count({ [member]: value }), 0);
      assert.equal(await c.deleteWhere({ [member]: value }), 0);
    }
  }

  for (const declared of collections) {
    const definition = declared as unknown as AnyDefinition;
    test(`${definition.name}: a document of one tenant is not there for the other`, async () => {
      const document = synthetic(definition);
      const key = String(document[definition.key]);
      const mine = server.ctx.store.collection(definition);
      const theirs = other.ctx.store.collection(definition);
      await mine.insert(document);
      await seesNothing(theirs, definition, document);
      await other.ctx.store.transaction(() => seesNothing(theirs, definition, document));
      assert.equal(await theirs.update(key, () => assert.fail('reached')), undefined);
      assert.equal(await theirs.take(key), undefined);
      assert.equal(await theirs.delete(key), false);
      assert.equal(await theirs.deleteWhere({ [definition.key]: key }), 0);
      // The same again is no duplicate there, and not the same document.
      await theirs.insert({ ...document, secret: 'another' });
      assert.deepEqual(await mine.get(key), document);
      assert.equal((await theirs.take(key))?.secret, 'another');
      assert.deepEqual(await mine.take(key), document);
    });
  }
});

describe('management endpoints', () => {
  /** Everything that the first tenant has, by collection. */
  async function everything(): Promise<Map<string, Document[]>> {
    const all = new Map<string, Document[]>();
    for (const definition of collections) all.set(definition.name, await collectionOf(server, definition).list());
    return all;
  }

  const scopes = () => [...new Set(endpoints.flatMap((endpoint) => endpoint.scopes ?? []))];

  async function arrange(): Promise<void> {
    const bearer = await managementToken(server, scopes());
    await useFactors(server.ctx, ['otp', 'sms', 'email', 'recovery-code'], ['all-applications']);
    const client = await mfaClient(server, { email: `${CANARY}@example.test` });
    const { secret } = await client.enrollOtp();
    const spare = { grant_type: MFA_OTP, mfa_token: await client.mfaToken() };
    server.clock.advance(30);
    await client.token({ ...spare, otp: client.code(secret), scope: 'openid offline_access' });
    const created: [string, Document][] = [
      ['/api/v2/clients', { name: `${CANARY} client` }],
      ['/api/v2/resource-servers', { name: `${CANARY} API`, identifier: 'https://only-here.test/' }],
      ['/api/v2/connections', { name: `${CANARY}-db`, strategy: 'auth0' }],
      [
        '/api/v2/client-grants',
        { client_id: client.credentials.client_id, audience: 'https://only-here.test/', scope: [] },
      ],
    ];
    for (const [path, json] of created) {
      const answer = await server.post(path, { bearer, json });
      assert.equal(answer.status, 201, `${path}: ${answer.text}`);
    }
    await arrangeOrganization(bearer, client);
  }

  async function arrangeOrganization(bearer: string, client: Awaited<ReturnType<typeof mfaClient>>): Promise<void> {
    const root = '/api/v2/organizations';
    const { id } = (await server.post(root, { bearer, json: { name: `${CANARY}-org` } })).json;
    const { client_id } = client.credentials;
    const login = { initiate_login_uri: 'https://app.test/login' };
    await server.request('PATCH', `/api/v2/clients/${client_id}`, { bearer, json: login });
    const grants = (await server.get('/api/v2/client-grants', { bearer })).json;
    const own = grants.find((grant: Document) => grant.client_id === client_id);
    const usage = { organization_usage: 'allow' };
    await server.request('PATCH', `/api/v2/client-grants/${own.id}`, { bearer, json: usage });
    const connection_id = (await findConnectionByName(server.ctx, CONNECTION))?.id;
    const [user] = await usersOf(server.ctx).list({ where: { email: `${CANARY}@example.test` } });
    const parts: [string, Document][] = [
      ['members', { members: [user?.user_id] }],
      ['enabled_connections', { connection_id }],
      ['clients', { clients: [{ client_id }] }],
      ['client-grants', { grant_id: own.id }],
      ['discovery-domains', { domain: `${CANARY}.example.com` }],
      ['invitations', { inviter: { name: CANARY }, invitee: { email: `${CANARY}@example.com` }, client_id }],
    ];
    for (const [part, json] of parts) {
      const answer = await server.post(`${root}/${id}/${part}`, { bearer, json });
      assert.ok(answer.status < 300, `${part}: ${answer.text}`);
    }
  }

  /** What an answer says, with the ids that were asked for taken out; of what was made anew only the names of its members. */
  function gist(method: string, answer: Answer, ids: readonly string[]): string {
    const isNew = method !== 'GET' && answer.status < 300 && answer.text !== '';
    const said = isNew ? JSON.stringify(Object.keys(answer.json).sort()) : answer.text;
    // The longest first: one id may be made of others.
    const texts = ids.flatMap((id) => [id, encodeURIComponent(id)]).toSorted((one, two) => two.length - one.length);
    return `${answer.status} ${texts.reduce((text, id) => text.replaceAll(id, '…'), said)}`;
  }

  test('a token of one tenant is refused by every endpoint of the other', async () => {
    const bearer = await managementToken(server, scopes());
    assert.equal((await server.get('/api/v2/clients', { bearer })).status, 200);
    assert.ok(endpoints.length > 40);
    for (const endpoint of endpoints) {
      const path = endpoint.path.replace(/:\w+/g, 'x');
      const answer = await other.request(endpoint.method, path, { bearer, json: {} });
      assert.equal(answer.status, 401, `${endpoint.method} ${endpoint.path}: ${answer.text}`);
    }
  });

  test("an id of one tenant is to the other's administrator like one that does not exist", async () => {
    await arrange();
    const bearer = await managementToken(server, scopes());
    const foreign = await managementToken(other, scopes());
    const before = await everything();
    const groups = [...before.values()].flatMap((documents) => documents.slice(0, 4).flatMap(idsIn));
    const reached = new Set<string>();
    for (const attack of attacksOn(endpoints, groups)) {
      const { endpoint, ids } = attack;
      const place = `${endpoint.method} ${attack.path(ids)}`;
      if (endpoint.method === 'GET' && (await server.get(attack.path(ids), { bearer })).status === 200)
        reached.add(endpoint.name);
      const answer = await other.request(endpoint.method, attack.path(ids), { bearer: foreign, ...attack.body(ids) });
      assert.ok(answer.status < 500, `${place}: ${answer.text}`);
      assert.doesNotMatch(answer.text, /canary/, place);
      const unknown = ids.map(resembling);
      const control = await other.request(endpoint.method, attack.path(unknown), {
        bearer: foreign,
        ...attack.body(unknown),
      });
      assert.equal(gist(endpoint.method, answer, ids), gist(endpoint.method, control, unknown), place);
    }
    assert.deepEqual(await everything(), before);
    // Otherwise it was nothing that could have been seen.
    const reachable = endpoints.filter(({ method, path }) => method === 'GET' && path.includes('/:'));
    const blind = reachable.map(({ name }) => name).filter((name) => !reached.has(name));
    assert.ok(blind.length <= reachable.length / 3, `never reached in its own tenant: ${blind.join(', ')}`);
  });

  test('lists hold nothing of the other tenant', async () => {
    const foreign = await managementToken(other, scopes());
    for (const endpoint of endpoints.filter(({ method, path }) => method === 'GET' && !path.includes('/:'))) {
      const answer = await other.get(endpoint.path, { bearer: foreign });
      assert.ok(answer.status < 500, `${endpoint.path}: ${answer.text}`);
      assert.doesNotMatch(answer.text, /canary/, endpoint.path);
    }
  });
});

describe('authentication', () => {
  const email = 'grace@example.test';

  test('credentials and tokens of one tenant are worth nothing at the other', async () => {
    const mine = await addApplication(server.ctx);
    const theirs = await addApplication(other.ctx);
    await addPerson(server.ctx, email);
    await useFactors(server.ctx, []);
    const login = { grant_type: PASSWORD_REALM, realm: CONNECTION, username: email, password: PASSWORD };
    const scope = 'openid profile email offline_access';
    const { json } = await server.post('/oauth/token', { form: { ...login, ...mine, scope } });
    assert.equal((await server.get('/userinfo', { bearer: json.access_token })).json.email, email);

    const refused: [string, Answer, number][] = [
      ['access token at /userinfo', await other.get('/userinfo', { bearer: json.access_token }), 401],
      ['client', await other.post('/oauth/token', { form: { ...login, ...mine } }), 401],
      ['person', await other.post('/oauth/token', { form: { ...login, ...theirs } }), 403],
      [
        'refresh token',
        await other.post('/oauth/token', {
          form: { grant_type: 'refresh_token', refresh_token: json.refresh_token, ...theirs },
        }),
        403,
      ],
    ];
    for (const [name, answer, status] of refused) assert.equal(answer.status, status, `${name}: ${answer.text}`);
    const renewing = { grant_type: 'refresh_token', refresh_token: json.refresh_token, ...mine };
    await other.post('/oauth/revoke', { form: { ...theirs, token: json.refresh_token } });
    assert.equal((await server.post('/oauth/token', { form: renewing })).status, 200);
  });

  test('a second factor that is pending at one tenant can not be answered at the other', async () => {
    await useFactors(server.ctx, ['otp'], ['all-applications']);
    await useFactors(other.ctx, ['otp'], ['all-applications']);
    const client = await mfaClient(server, { email: 'joan@example.test' });
    const { secret } = await client.enrollOtp();
    server.clock.advance(30);
    const mfa_token = await client.mfaToken();
    const theirs = await addApplication(other.ctx);
    const answers = [
      await other.get('/mfa/authenticators', { bearer: mfa_token }),
      await other.post('/mfa/associate', { bearer: mfa_token, json: { authenticator_types: ['otp'] } }),
      await other.post('/mfa/challenge', { json: { ...theirs, mfa_token, challenge_type: 'otp' } }),
      await other.post('/oauth/token', {
        form: { ...theirs, grant_type: MFA_OTP, mfa_token, otp: client.code(secret) },
      }),
    ];
    for (const answer of answers) {
      assert.ok([401, 403].includes(answer.status), answer.text);
      assert.doesNotMatch(answer.text, /access_token|secret|barcode_uri|totp\|/);
    }
    assert.equal((await client.otp(mfa_token, client.code(secret))).status, 200);
  });
});
