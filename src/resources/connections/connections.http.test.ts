import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addApplication } from '../../../test/fixtures.ts';
import { managementToken } from '../../../test/management.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { createClient } from '../clients/index.ts';
import { createDatabaseUser, passwordCredentialsOf, usersOf } from '../users/index.ts';
import { connectionsOf, findConnectionByName } from './index.ts';

const ADA = { email: 'ada@resting.test', password: 'Correct-horse-1' };
const PATH = '/api/v2/connections';

let server: TestServer;
let bearer: string;

before(async () => {
  server = await testServer();
  const verbs = ['create', 'read', 'update', 'delete'];
  bearer = await managementToken(server, [...verbs.map((verb) => `${verb}:connections`), 'delete:users']);
});
after(() => server.close());

const create = (json: object) => server.post(PATH, { bearer, json });
const get = (id: string, query: Record<string, string> = {}) => server.get(`${PATH}/${id}`, { bearer, query });
const patch = (id: string, json: object) => server.request('PATCH', `${PATH}/${id}`, { bearer, json });

test('a database connection has the defaults that Auth0 gives it', async () => {
  const { status, json } = await create({ name: 'fresh', strategy: 'auth0' });
  assert.equal(status, 201);
  assert.match(json.id, /^con_[A-Za-z0-9]{16}$/);
  assert.deepEqual(json, {
    id: json.id,
    name: 'fresh',
    strategy: 'auth0',
    options: {
      mfa: { active: true, return_enroll_settings: true },
      passwordPolicy: 'good',
      strategy_version: 2,
      authentication_methods: {
        password: { enabled: true, api_behavior: 'required', signup_behavior: 'allow' },
        passkey: { enabled: false },
        email_otp: { enabled: false },
        phone_otp: { enabled: false },
      },
      passkey_options: { challenge_ui: 'both', progressive_enrollment_enabled: true, local_enrollment_enabled: true },
      brute_force_protection: true,
    },
    is_domain_connection: false,
    authentication: { active: true },
    connected_accounts: { active: false },
    enabled_clients: [],
    realms: ['fresh'],
  });
  assert.deepEqual((await get(json.id)).json, json);
  const { id, is_domain_connection, authentication, connected_accounts } = json;
  const always = { id, is_domain_connection, authentication, connected_accounts };
  const few = await get(json.id, { fields: 'name,strategy' });
  assert.deepEqual(few.json, { name: 'fresh', strategy: 'auth0', ...always });
});

test('options are replaced whole, and completed again', async () => {
  const { json } = await create({ name: 'options', strategy: 'auth0', options: { disable_signup: true } });
  const patched = await patch(json.id, { options: { passwordPolicy: 'fair' }, display_name: 'Shown' });
  assert.equal(patched.status, 200);
  const { options, display_name } = patched.json;
  assert.equal(display_name, 'Shown');
  assert.deepEqual(Object.keys(options).sort(), ['authentication_methods', 'passkey_options', 'passwordPolicy']);
  const attributes = {
    email: { identifier: { active: true }, profile_required: true, signup: { status: 'required' } },
  };
  const completed = (await patch(json.id, { options: { attributes } })).json.options.attributes.email;
  assert.deepEqual([completed.unique, completed.verification_method], [true, 'link']);
});

test('secrets are kept sealed and shown in clear; settings of scripts come back opaque and may be sent again', async () => {
  const options = { twilio_sid: 'AC1', twilio_token: 'very secret', configuration: { key: 'plain' } };
  const { json } = await create({ name: 'texts', strategy: 'sms', options });
  assert.equal(json.options.twilio_token, 'very secret');
  const stored = JSON.stringify(await connectionsOf(server.ctx).get(json.id));
  assert.ok(!stored.includes('very secret') && !stored.includes('plain'));
  const opaque = json.options.configuration;
  assert.notEqual(opaque.key, 'plain');
  const again = await patch(json.id, { options: { ...json.options } });
  assert.deepEqual(again.json.options.configuration, opaque);
});

test('what cannot be is refused, in Auth0’s words where they are known', async () => {
  await create({ name: 'once', strategy: 'auth0' });
  const active = { identifier: { active: true } };
  const cases: [object, number, RegExp][] = [
    [{ name: 'once', strategy: 'auth0' }, 409, /^A connection with the same name already exists$/],
    [{ name: 'no_underscores', strategy: 'auth0' }, 400, /does not match pattern/],
    [{ name: 'a' }, 400, /Missing required property: strategy/],
    [{ name: 'a', strategy: 'telepathy' }, 400, /No enum match for: telepathy/],
    [{ name: 'a', strategy: 'samlp' }, 400, /samlp is not supported/],
    [{ name: 'a', strategy: 'auth0', unheard: 1 }, 400, /Additional properties not allowed: unheard/],
    [{ name: 'a', strategy: 'auth0', options: { passwordPolicy: 'super' } }, 400, /No enum match for: super/],
    [{ name: 'a', strategy: 'auth0', enabled_clients: ['unknown'] }, 404, /client/],
    [
      { name: 'a', strategy: 'auth0', options: { attributes: { email: { identifier: { active: false } } } } },
      400,
      /^attributes must contain one active identifier$/,
    ],
    [
      { name: 'a', strategy: 'auth0', options: { attributes: { username: active }, requires_username: true } },
      400,
      /^Cannot set both options.attributes and options.requires_username$/,
    ],
    [
      {
        name: 'a',
        strategy: 'auth0',
        options: { attributes: { username: active }, validation: { username: { min: 1, max: 5 } } },
      },
      400,
      /^Cannot set both options.attributes and options.validation$/,
    ],
    [
      {
        name: 'a',
        strategy: 'auth0',
        options: {
          attributes: { phone_number: { ...active, profile_required: true, signup: { status: 'inactive' } } },
        },
      },
      400,
      /^attribute phone_number must also be required on signup$/,
    ],
  ];
  for (const [body, status, message] of cases) {
    const answer = await create(body);
    assert.equal(answer.status, status, `${JSON.stringify(body)} ${answer.text}`);
    assert.match(answer.json.message, message);
  }
  assert.equal(await findConnectionByName(server.ctx, 'a'), undefined);
});

test('name, strategy and clients are not for PATCH', async () => {
  const { json } = await create({ name: 'fixed', strategy: 'auth0' });
  for (const member of ['name', 'strategy', 'enabled_clients']) {
    const answer = await patch(json.id, { [member]: member === 'enabled_clients' ? [] : 'x', display_name: 'x' });
    assert.equal(answer.status, 400);
    assert.match(answer.json.message, new RegExp(`Additional properties not allowed: ${member}`));
  }
  assert.equal((await patch('con_0000000000000000', { display_name: 'x' })).json.errorCode, 'inexistent_connection');
});

test('clients are switched on and off', async () => {
  const { json } = await create({ name: 'clients', strategy: 'auth0' });
  const ids = await Promise.all(['a', 'b'].map(async (name) => (await createClient(server.ctx, { name })).client_id));
  const [a, b] = ids;
  const change = (body: object) => server.request('PATCH', `${PATH}/${json.id}/clients`, { bearer, json: body });
  assert.equal((await change(ids.map((client_id) => ({ client_id, status: true })))).status, 204);
  const first = await server.get(`${PATH}/${json.id}/clients`, { bearer, query: { take: '1' } });
  assert.deepEqual(first.json, { clients: [{ client_id: a }], next: a });
  const second = await server.get(`${PATH}/${json.id}/clients`, { bearer, query: { take: '1', from: String(a) } });
  assert.deepEqual(second.json, { clients: [{ client_id: b }] });
  await change([{ client_id: a, status: false }]);
  assert.deepEqual((await get(json.id)).json.enabled_clients, [b]);
  assert.equal((await change([{ client_id: 'unknown', status: true }])).status, 404);
  assert.equal((await change([])).status, 400);
  assert.equal((await change({ client_id: a, status: true })).status, 400);
});

test('lists filter by strategy and name, and page in all three ways', async () => {
  await create({ name: 'mail', strategy: 'email' });
  const list = async (query: string) => (await server.get(`${PATH}?${query}`, { bearer })).json;
  const names = (connections: { name: string }[]) => connections.map(({ name }) => name);
  assert.deepEqual(names(await list('strategy=email')), ['mail']);
  assert.ok(names(await list('strategy=email&strategy=auth0')).includes('fresh'));
  assert.deepEqual(names(await list('name=mail')), ['mail']);
  const totals = await list('include_totals=true&per_page=1&strategy=email');
  assert.deepEqual([totals.total, totals.start, totals.limit, names(totals.connections)], [1, 0, 1, ['mail']]);
  const seen: string[] = [];
  for (let from: string | undefined = ''; from !== undefined; ) {
    const page: { connections: { name: string }[]; next?: string } = await list(`take=2${from ? `&from=${from}` : ''}`);
    seen.push(...names(page.connections));
    from = page.next;
  }
  assert.equal(seen.length, await connectionsOf(server.ctx).count());
});

test('a deleted connection takes its users along, and its name is free again', async () => {
  const { json } = await create({ name: 'doomed', strategy: 'auth0' });
  const connection = await connectionsOf(server.ctx).get(json.id);
  assert.ok(connection);
  const user = await createDatabaseUser(server.ctx, {
    connection,
    email: 'd@example.com',
    password: 'Correct-horse-7',
  });
  const remove = () => server.request('DELETE', `${PATH}/${json.id}`, { bearer });
  const first = await remove();
  assert.equal(first.status, 202);
  assert.match(first.json.deleted_at, /^\d{4}-.*Z$/);
  assert.equal((await remove()).status, 204);
  assert.equal(await usersOf(server.ctx).get(user.user_id), undefined);
  assert.equal(await passwordCredentialsOf(server.ctx).count({ connection: 'doomed' }), 0);
  assert.equal((await create({ name: 'doomed', strategy: 'auth0' })).status, 201);
});

test('a connection that is not for logging in lets nobody in, and its client keeps it', async () => {
  const { ctx } = server;
  const app = await addApplication(ctx);
  const made = await create({ name: 'resting', strategy: 'auth0', enabled_clients: [app.client_id] });
  const grant_type = 'http://auth0.com/oauth/grant-type/password-realm';
  await createDatabaseUser(ctx, { connection: (await findConnectionByName(ctx, 'resting'))!, ...ADA });
  const form = { grant_type, ...app, realm: 'resting', username: ADA.email, password: ADA.password, scope: 'openid' };
  const logIn = async () => (await server.post('/oauth/token', { form })).status;
  assert.equal(await logIn(), 200);
  const off = await patch(made.json.id, { authentication: { active: false } });
  assert.equal(off.status, 200, off.text);
  assert.notEqual(await logIn(), 200);
  assert.deepEqual((await get(made.json.id)).json.enabled_clients, [app.client_id]);
  await patch(made.json.id, { authentication: { active: true } });
  assert.equal(await logIn(), 200);
  const connected_accounts = { active: true, cross_app_access: true };
  const refused = await patch(made.json.id, { connected_accounts });
  assert.deepEqual([refused.status, refused.json.errorCode], [400, 'operation_not_supported']);
});

test('options that nothing would come of are refused, when it is made and when it is changed', async () => {
  const { json } = await create({ name: 'offered', strategy: 'auth0' });
  const email = { identifier: { active: true } };
  const cases: [object, string][] = [
    [{ enabledDatabaseCustomization: true }, 'enabledDatabaseCustomization can not be true'],
    [{ import_mode: true }, 'import_mode can not be true'],
    [{ realm_fallback: true }, 'realm_fallback can not be true'],
    [{ mfa: { active: false } }, 'mfa.active can not be false'],
    [
      { attributes: { email: { ...email, verification_method: 'otp' } } },
      'attributes.email.verification_method can not be otp',
    ],
  ];
  for (const [options, text] of cases) {
    const answers = [await create({ name: 'a', strategy: 'auth0', options }), await patch(json.id, { options })];
    for (const { status, json: refused } of answers) {
      assert.deepEqual([status, refused.errorCode], [400, 'operation_not_supported'], text);
      assert.ok(refused.message.startsWith(`options.${text}`), refused.message);
    }
  }
  const usual = { import_mode: false, enabledDatabaseCustomization: false, customScripts: { login: 'function () {}' } };
  assert.equal((await patch(json.id, { options: { ...usual, mfa: { active: true } } })).status, 200);
});
