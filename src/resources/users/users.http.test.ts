import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { managementToken } from '../../../test/management.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { verifyPassword } from '../../strategies/index.ts';
import { type Connection, createConnection, findConnectionByName } from '../connections/index.ts';
import { refreshTokensOf } from '../refresh-tokens/index.ts';
import { sessionsOf } from '../sessions/index.ts';
import { passwordCredentialsOf } from './index.ts';

const CONNECTION = 'Username-Password-Authentication';
const PASSWORD = 'Correct-horse-7';
const SCOPES = ['create:users', 'read:users', 'update:users', 'delete:users', 'create:user_tickets', 'read:logs'];

let server: TestServer;
let bearer: string;

before(async () => {
  server = await testServer();
  bearer = await managementToken(server, SCOPES);
  await createConnection(server.ctx, { name: 'named', strategy: 'auth0', options: { requires_username: true } });
  await createConnection(server.ctx, { name: 'email', strategy: 'email' });
  await createConnection(server.ctx, { name: 'sms', strategy: 'sms' });
});
after(() => server.close());

const create = (body: object) =>
  server.post('/api/v2/users', { bearer, json: { connection: CONNECTION, password: PASSWORD, ...body } });
const path = (id: string) => `/api/v2/users/${encodeURIComponent(id)}`;
const get = (id: string, query: Record<string, string> = {}) => server.get(path(id), { bearer, query });
const patch = (id: string, json: object) => server.request('PATCH', path(id), { bearer, json });
const search = (q: string, query: Record<string, string> = {}) =>
  server.get('/api/v2/users', { bearer, query: { q, search_engine: 'v3', ...query } });

async function canLogIn(identifier: string, password: string, connection = CONNECTION): Promise<boolean> {
  const found = (await findConnectionByName(server.ctx, connection)) as Connection;
  const proof = { connection: found, identifier, password, client: { client_id: 'app' } };
  return verifyPassword(server.ctx, proof).then(
    () => true,
    () => false,
  );
}

test('a user is answered with Auth0’s defaults, and can sign in', async () => {
  const { status, json } = await create({ email: 'TestAccDataSourceUserOrganizations@auth0.com' });
  assert.equal(status, 201);
  const id = json.user_id.replace('auth0|', '');
  assert.match(id, /^[0-9a-f]{24}$/);
  const now = new Date(server.clock.now()).toISOString();
  assert.deepEqual(json, {
    user_id: `auth0|${id}`,
    created_at: now,
    updated_at: now,
    email: 'testaccdatasourceuserorganizations@auth0.com',
    email_verified: false,
    identities: [{ connection: CONNECTION, user_id: id, provider: 'auth0', isSocial: false }],
    name: 'testaccdatasourceuserorganizations@auth0.com',
    nickname: 'testaccdatasourceuserorganizations',
    picture:
      'https://s.gravatar.com/avatar/dee3a8ddc49cdb6462cc83cc26e61816?s=480&r=pg&d=https%3A%2F%2Fcdn.auth0.com%2Favatars%2Fte.png',
  });
  assert.deepEqual((await get(json.user_id)).json, json);
  assert.equal(await canLogIn('testaccdatasourceuserorganizations@auth0.com', PASSWORD), true);
  assert.equal((await server.messages({ to: 'testaccdatasourceuserorganizations@auth0.com' })).length, 1);
});

test('no mail goes out to an address that the caller vouches for', async () => {
  await create({ email: 'vouched@example.com', email_verified: true });
  assert.equal((await server.messages({ to: 'vouched@example.com' })).length, 0);
  await create({ email: 'asked@example.com', email_verified: true, verify_email: true });
  assert.equal((await server.messages({ to: 'asked@example.com' })).length, 1);
});

test('a chosen id, a username and metadata are kept', async () => {
  const given = {
    user_id: 'chosen',
    email: 'chosen@example.com',
    username: 'Chosen.One',
    name: 'Firstname Lastname',
    user_metadata: { baz: 'qux' },
    app_metadata: { plan: 'gold' },
    connection: 'named',
  };
  const { status, json } = await create(given);
  assert.equal(status, 201);
  assert.equal(json.user_id, 'auth0|chosen');
  assert.deepEqual(
    [json.username, json.name, json.user_metadata, json.app_metadata],
    [given.username, given.name, given.user_metadata, given.app_metadata],
  );
  assert.equal(await canLogIn('chosen.one', PASSWORD, 'named'), true);
  const again = await create({ ...given, email: 'other@example.com', username: 'other' });
  assert.deepEqual([again.status, again.json.errorCode], [409, 'auth0_idp_error']);
});

test('users of passwordless connections have what codes are sent to', async () => {
  const byMail = await server.post('/api/v2/users', {
    bearer,
    json: { connection: 'email', email: 'code@example.com' },
  });
  assert.equal(byMail.status, 201);
  assert.match(byMail.json.user_id, /^email\|/);
  const bySms = await server.post('/api/v2/users', {
    bearer,
    json: { connection: 'sms', phone_number: '+15551234567' },
  });
  assert.deepEqual([bySms.json.phone_number, bySms.json.phone_verified], ['+15551234567', false]);
  assert.equal((await create({ connection: 'sms', phone_number: '+15551234568' })).status, 400);
  assert.equal(
    (await server.post('/api/v2/users', { bearer, json: { connection: 'sms', email: 'a@example.com' } })).status,
    400,
  );
});

test('what cannot be is refused in Auth0’s words, and nothing is made', async () => {
  await create({ email: 'taken@example.com' });
  const cases: [object, number, RegExp][] = [
    [{ email: 'Taken@example.com' }, 409, /^The user already exists\.$/],
    [{}, 400, /Missing required property: email/],
    [{ email: 'x@example.com', password: undefined }, 400, /Missing required property: password/],
    [
      { email: '' },
      400,
      /^Payload validation error: 'Object didn't pass validation for format email: ' on property email/,
    ],
    [{ email: 'x@example.com', password: 'weak' }, 400, /^PasswordStrengthError: Password is too weak$/],
    [{ email: 'x@example.com', username: 'x' }, 400, /^Cannot set username for connection without requires_username$/],
    [{ email: 'x@example.com', connection: 'nowhere' }, 404, /^The connection does not exist$/],
    [{ email: 'x@example.com', identities: [] }, 400, /Additional properties not allowed: identities/],
    [{ email: 'x@example.com', phone_number: '5551' }, 400, /does not match pattern/],
    [{ email: 'x@example.com', connection: 'named' }, 400, /Missing required property: username/],
    [{ email: 'x@example.com', connection: 'named', username: 'x@example.com' }, 400, /must not be an email/],
    [{ email: 'x@example.com', connection: 'named', username: 'far-too-long-a-name' }, 400, /between 1 and 15/],
  ];
  for (const [body, status, message] of cases) {
    const answer = await create(body);
    assert.equal(answer.status, status, `${JSON.stringify(body)} ${answer.text}`);
    assert.match(answer.json.message, message);
  }
  assert.deepEqual((await search('email:"x@example.com"')).json, []);
});

test('metadata merges on its first level, null removes, an empty object clears', async () => {
  const { json } = await create({
    email: 'meta@example.com',
    user_metadata: { a: 1, b: { c: 1 } },
    app_metadata: { x: 1 },
  });
  const merged = await patch(json.user_id, { user_metadata: { b: { d: 2 }, a: null, e: 3 } });
  assert.deepEqual(merged.json.user_metadata, { b: { d: 2 }, e: 3 });
  const cleared = await patch(json.user_id, { user_metadata: {}, app_metadata: {} });
  assert.deepEqual(cleared.json.user_metadata, {});
  assert.equal('app_metadata' in cleared.json, false);
});

test('members are replaced, null unsets, updated_at moves', async () => {
  const { json } = await create({ email: 'edit@example.com', given_name: 'Old' });
  server.clock.advance(5);
  const edited = await patch(json.user_id, { given_name: null, nickname: 'Nick', blocked: true });
  assert.equal(edited.status, 200);
  assert.deepEqual([edited.json.given_name, edited.json.nickname, edited.json.blocked], [undefined, 'Nick', true]);
  assert.equal(edited.json.updated_at, new Date(server.clock.now()).toISOString());
});

test('a new address must be proved again, and is the one to sign in with', async () => {
  await create({ email: 'occupied@example.com' });
  const { json } = await create({ email: 'moving@example.com', email_verified: true });
  const moved = await patch(json.user_id, { email: 'Moved@example.com', verify_email: true });
  assert.deepEqual([moved.json.email, moved.json.email_verified], ['moved@example.com', false]);
  assert.equal((await server.messages({ to: 'moved@example.com' })).length, 1);
  assert.equal(await canLogIn('moved@example.com', PASSWORD), true);
  assert.equal(await canLogIn('moving@example.com', PASSWORD), false);
  const taken = await patch(json.user_id, { email: 'occupied@example.com', nickname: 'never' });
  assert.equal(taken.status, 409);
  assert.notEqual((await get(json.user_id)).json.nickname, 'never');
});

test('a new password ends sessions and refresh tokens and notes the time', async () => {
  const { json } = await create({ email: 'renew@example.com' });
  const user_id = json.user_id;
  const now = new Date(server.clock.now()).toISOString();
  const far = server.clock.now() + 1e9;
  await refreshTokensOf(server.ctx).insert({
    ...{ id: 'r1', token_hash: 'h1', family_id: 'f1', user_id, client_id: 'app', scope: [], rotating: false },
    ...{ created_at: now, last_used_at: server.clock.now(), expires_at: far },
  });
  const changed = await patch(user_id, { password: 'Another-horse-8' });
  assert.equal(changed.json.last_password_reset, now);
  assert.equal(await canLogIn('renew@example.com', 'Another-horse-8'), true);
  assert.equal(await refreshTokensOf(server.ctx).count({ user_id }), 0);
  assert.equal(await sessionsOf(server.ctx).count({ user_id }), 0);
});

test('pairs that may not change together, unknown members and weak passwords change nothing', async () => {
  const { json } = await create({ email: 'pair@example.com', username: 'pair', connection: 'named' });
  const cases: [object, RegExp][] = [
    [{ username: 'other', password: PASSWORD }, /^Cannot update username and password simultaneously$/],
    [{ username: 'other', email_verified: true }, /^Cannot update username and email_verified simultaneously$/],
    [{ password: PASSWORD, email_verified: true }, /^Cannot update password and email_verified simultaneously$/],
    [{ user_id: 'x', nickname: 'n' }, /Additional properties not allowed: user_id/],
    [{ password: 'weak', nickname: 'n' }, /PasswordStrengthError/],
    [{ username: null, nickname: 'n' }, /requires it/],
    [{ connection: 'sms', nickname: 'n' }, /no identity/],
    [{ client_id: 'x', nickname: 'n' }, /client_id/],
  ];
  for (const [body, message] of cases) {
    const answer = await patch(json.user_id, body);
    assert.equal(answer.status, 400, JSON.stringify(body));
    assert.match(answer.json.message, message);
  }
  assert.deepEqual((await get(json.user_id)).json, json);
});

test('a deleted user is gone with everything, and deleting again is fine', async () => {
  const { json } = await create({ email: 'gone@example.com' });
  const remove = () => server.request('DELETE', path(json.user_id), { bearer });
  assert.deepEqual([(await remove()).status, (await remove()).status], [204, 204]);
  const answer = await get(json.user_id);
  assert.deepEqual(answer.json, {
    statusCode: 404,
    error: 'Not Found',
    message: 'The user does not exist.',
    errorCode: 'inexistent_user',
  });
  assert.equal(await passwordCredentialsOf(server.ctx).count({ user_id: json.user_id }), 0);
  assert.equal((await create({ email: 'gone@example.com' })).status, 201);
});

test('fields choose members; totals come with the length', async () => {
  const { json } = await create({ email: 'fields@example.com' });
  assert.deepEqual((await get(json.user_id, { fields: 'email,user_id' })).json, {
    email: json.email,
    user_id: json.user_id,
  });
  assert.equal('email' in (await get(json.user_id, { fields: 'email', include_fields: 'false' })).json, false);
  assert.equal((await get(json.user_id, { fields: 'nonsense' })).status, 400);
  const totals = await search('email:"fields@example.com"', { include_totals: 'true', per_page: '10' });
  assert.deepEqual(totals.json, { start: 0, limit: 10, length: 1, users: [json], total: 1 });
  const byEmail = await server.get('/api/v2/users-by-email', { bearer, query: { email: json.email } });
  assert.deepEqual(byEmail.json, [json]);
});

test('search finds by what Auth0 documents', async () => {
  const ann = (
    await create({ email: 'ann@search.example', name: 'Ann Smith', user_metadata: { plan: { tier: 'gold' } } })
  ).json;
  const bob = (await create({ email: 'bob@search.example', name: 'Bob Smith', blocked: true, app_metadata: { n: 3 } }))
    .json;
  const found = async (q: string, query = {}) => {
    const answer = await search(`(${q}) AND email.domain:"search.example"`, query);
    assert.equal(answer.status, 200, answer.text);
    return answer.json.map((user: { user_id: string }) => user.user_id);
  };
  const cases: [string, string[]][] = [
    ['email:"ANN@search.example"', [ann.user_id]],
    ['name:"ann smith"', [ann.user_id]],
    ['name:*smith', [ann.user_id, bob.user_id]],
    ['name:bob*', [bob.user_id]],
    ['blocked:true', [bob.user_id]],
    ['NOT _exists_:blocked', [ann.user_id]],
    ['user_metadata.plan.tier:"gold"', [ann.user_id]],
    ['app_metadata.n:[2 TO 4]', [bob.user_id]],
    [`identities.connection:"${CONNECTION}" AND NOT blocked:true`, [ann.user_id]],
    [`user_id:"${bob.user_id}" OR email:"ann@search.example"`, [ann.user_id, bob.user_id]],
    ['created_at:[2026-01-01 TO *]', [ann.user_id, bob.user_id]],
    ['created_at:[2031-01-01 TO *]', []],
    ['nobody', []],
  ];
  for (const [q, ids] of cases) assert.deepEqual(await found(q, { sort: 'email:1' }), ids, q);
  assert.deepEqual(await found('*', { sort: 'name:-1' }), [bob.user_id, ann.user_id]);
  assert.equal((await search('email:')).json.errorCode, 'invalid_query_string');
  assert.equal((await search('*', { search_engine: 'v1' })).status, 400);
});

test('no query breaks the server', async () => {
  const piece = fc.constantFrom(
    ...[
      'email',
      'user_metadata.',
      'app_metadata.a',
      ':',
      '"',
      '(',
      ')',
      '[1 TO 2]',
      '*',
      'AND ',
      'OR ',
      'NOT ',
      ' ',
      'a',
      '\\',
      '.',
      '_exists_:',
      '>5',
      '%',
      "'",
      '$',
      '🙂',
      '2026-01-01',
      '{a TO *}',
    ],
  );
  const typed = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.array(piece, { maxLength: 20 }).map((parts) => parts.join('')),
  );
  await fc.assert(
    fc.asyncProperty(typed, async (q) => {
      const { status, text } = await search(q, { include_totals: 'true' });
      assert.ok(status === 200 || status === 400, `${status} ${text}`);
    }),
    { numRuns: 300 },
  );
});

test('tickets lead to the pages, for a user or an address in a connection', async () => {
  const { json } = await create({ email: 'ticket@example.com' });
  const ticket = (kind: string, body: object) => server.post(`/api/v2/tickets/${kind}`, { bearer, json: body });
  const reset = await ticket('password-change', {
    user_id: json.user_id,
    ttl_sec: 60,
    result_url: 'https://example.com/done',
  });
  assert.equal(reset.status, 201, reset.text);
  assert.match(reset.json.ticket, /^https:\/\/tenant\.test\/u\/reset-password\?ticket=[A-Za-z0-9]{32}#$/);
  const verify = await ticket('email-verification', { user_id: json.user_id });
  assert.match(verify.json.ticket, /\/u\/email-verification\?ticket=/);
  const connection = await findConnectionByName(server.ctx, CONNECTION);
  const byAddress = await ticket('password-change', { connection_id: connection?.id, email: 'ticket@example.com' });
  assert.equal(byAddress.status, 201);
  for (const body of [{}, { user_id: 'auth0|nobody' }, { user_id: json.user_id, email: 'a@example.com' }])
    assert.ok([400, 404].includes((await ticket('password-change', body)).status));
});

test('scopes about oneself do not reach others', async () => {
  const { json } = await create({ email: 'self@example.com' });
  const weak = await managementToken(server, ['read:current_user', 'update:users_app_metadata']);
  assert.equal((await server.get(path(json.user_id), { bearer: weak })).status, 403);
  const change = (body: object) => server.request('PATCH', path(json.user_id), { bearer: weak, json: body });
  assert.equal((await change({ app_metadata: { a: 1 } })).status, 200);
  assert.equal((await change({ nickname: 'n' })).status, 403);
});
