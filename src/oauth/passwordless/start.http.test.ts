import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import {
  addPasswordless,
  addPasswordlessClient,
  changeOptions,
  codeFor,
  otherThan,
  PERSON,
  PHONE,
  redeem,
  start,
} from '../../../test/passwordless.ts';
import { type TestServer, type TestServerOptions, testServer } from '../../../test/server.ts';
import { addDatabase, type Credentials, changeSettings, logTypes, refusalOf } from '../../../test/token-fixture.ts';
import type { Message } from '../../kernel/index.ts';
import { MessageNotSent } from '../../platform/messages/index.ts';
import { type Connection, createConnection } from '../../resources/connections/index.ts';
import { logsOf } from '../../resources/logs/index.ts';

let server: TestServer;
let client: Credentials;
let email: Connection;

async function open(options?: TestServerOptions): Promise<void> {
  server = await testServer(options);
  client = await addPasswordlessClient(server.ctx, { name: 'Travel <Desk>' });
  email = await addPasswordless(server.ctx, 'email', [client.client_id]);
}
beforeEach(() => open());
afterEach(() => server.close());

const BAD: [string, Record<string, unknown>, string, string][] = [
  ['no client', { client_id: undefined }, 'bad.client_id', 'Missing required property: client_id'],
  ['no connection', { connection: undefined }, 'bad.connection', 'Missing required property: connection'],
  ['an unknown connection', { connection: 'nothing' }, 'bad.connection', 'Connection does not exist'],
  ['a disabled connection', { connection: 'sms' }, 'bad.connection', 'Connection is disabled'],
  [
    'a database',
    { connection: 'db' },
    'bad.connection',
    'Invalid connection strategy. It must either be a passwordless connection',
  ],
  ['no address', { email: undefined }, 'bad.email', 'Missing required property: email'],
  ['no such address', { email: 'foo' }, 'bad.email', 'error in email - email format validation failed: foo'],
  [
    'parameters that are no object',
    { authParams: 'scope=openid' },
    'bad.authParams',
    'error in authParams - invalid type: string (expected object)',
  ],
  [
    'more than is known',
    { password: 'x', realm: 'y' },
    'bad.request',
    'the following properties are not allowed: password, realm',
  ],
  ['another way', { send: 'pigeon' }, 'bad.send', 'error in send - it must be one of code, link'],
];

test('what is wrong is told in Auth0’s words, and nothing is sent', async () => {
  await addDatabase(server.ctx, 'db', [client.client_id]);
  await addPasswordless(server.ctx, 'sms', []);
  for (const [what, json, error, description] of BAD) {
    const answer = await start(server, client, json);
    assert.deepEqual(refusalOf(answer), [400, error, description], what);
  }
  assert.deepEqual(await server.messages(), []);
});

test('an SMS needs a number, and never brings a link', async () => {
  await addPasswordless(server.ctx, 'sms', [client.client_id]);
  const sms = (json: object) =>
    start(server, client, { connection: 'sms', email: undefined, send: undefined, ...json });
  const missing = await sms({});
  assert.deepEqual(refusalOf(missing), [400, 'bad.phone_number', 'Missing required property: phone_number']);
  const local = await sms({ phone_number: '5551234567' });
  const pattern = 'String does not match pattern: ^\\+[0-9]{1,15}$';
  assert.deepEqual(refusalOf(local), [400, 'bad.phone_number', pattern]);
  const link = await sms({ phone_number: PHONE, send: 'link' });
  assert.deepEqual(refusalOf(link), [400, 'bad.send', 'error in send - it must be one of code']);
  const sent = await server.post('/passwordless/start', {
    json: { ...client, connection: 'sms', phone_number: PHONE },
    headers: { 'x-request-language': 'fr' },
  });
  assert.deepEqual(Object.keys(sent.json), ['_id', 'phone_number', 'phone_verified', 'request_language']);
  assert.equal(sent.headers['content-type'], 'application/json; charset=utf-8');
});

test('a client that has a secret must show it, unless the tenant does not insist', async () => {
  const { client_id } = client;
  const needed = [401, 'unauthorized_client', 'Client authentication is required'];
  assert.deepEqual(refusalOf(await start(server, { client_id })), needed);
  const wrong = await start(server, { client_id, client_secret: 'wrong' });
  assert.deepEqual(refusalOf(wrong), [401, 'access_denied', 'Unauthorized']);
  const nobody = await start(server, { client_id: 'nobody' });
  assert.deepEqual(refusalOf(nobody), [401, 'access_denied', 'Unauthorized']);
  await changeSettings(server.ctx, { flags: { enforce_client_authentication_on_passwordless_start: false } });
  assert.equal((await start(server, { client_id })).status, 200);
  assert.equal((await start(server, { client_id, client_secret: 'wrong' })).status, 401);
});

test('a public client needs none', async () => {
  const spa = await addPasswordlessClient(server.ctx, { token_endpoint_auth_method: 'none', app_type: 'spa' });
  await addPasswordless(server.ctx, 'sms', [spa.client_id]);
  const json = { connection: 'sms', phone_number: PHONE, email: undefined };
  assert.equal((await start(server, { client_id: spa.client_id }, json)).status, 200);
});

test('mail speaks the templates’ language, with what people may be called made harmless', async () => {
  const body =
    "<p>{% if send == 'link' or send == 'link_ios' %}<a href=\"{{ link }}\">{{ application.name }}</a>{% else %}{{ code }}{% endif %}</p>";
  const subject = '{{ application.name }} {% if request_language contains "dk" %}DK{% else %}EN{% endif %}';
  await changeOptions(server.ctx, email, { email: { from: '{{application.name}} <a@b.test>', subject, body } });
  await start(server, client, { send: 'link' });
  const [mail] = await server.messages({ to: PERSON });
  assert.equal(mail?.subject, 'Travel <Desk> EN');
  assert.equal(mail?.from, 'Travel <Desk> <a@b.test>');
  assert.match(mail?.html ?? '', /^<p><a href="https?:[^"<>]*&amp;[^"<>]*">Travel &lt;Desk&gt;<\/a><\/p>$/);
});

test('texts that could not be filled in are refused when they are set', async () => {
  const make = (strategy: string, options: object) =>
    createConnection(server.ctx, { name: 'x', strategy, options: options as Record<string, unknown> });
  const refused: [string, object, RegExp][] = [
    [
      'email',
      { email: { body: '{{ user.secret }}' } },
      /options.email.body is not supported: "user.secret" is not one of/,
    ],
    ['email', { email: { subject: '{% for a in b %}' } }, /options.email.subject is not supported/],
    ['sms', { template: '{{ code | upcase }}' }, /options.template is not supported/],
    ['sms', { provider: 'pigeon' }, /options.provider pigeon is not supported/],
    ['sms', { provider: 'sms_gateway' }, /gateway_url must be/],
    ['sms', { provider: 'sms_gateway', gateway_url: 'file:///etc/passwd' }, /gateway_url must be/],
    ['sms', { twilio_sid: 'x' }, /belong together/],
  ];
  for (const [strategy, options, reason] of refused) await assert.rejects(make(strategy, options), reason);
  await make('sms', { template: '{% if a %}@@password@@', syntax: 'md_with_macros' });
});

test('a magic link carries what was asked for, and never another’s name', async () => {
  const authParams = {
    scope: 'openid',
    state: 'a&b',
    redirect_uri: 'https://app.test/callback',
    email: 'eve@example.test',
  };
  await changeOptions(server.ctx, email, { authParams: { scope: 'openid profile', audience: 'https://api.test/' } });
  assert.equal((await start(server, client, { send: undefined, authParams })).status, 200);
  const [mail] = await server.messages({ to: PERSON });
  const link = new URL(mail?.link ?? '');
  assert.equal(link.origin + link.pathname, `${server.issuer}passwordless/verify_redirect`);
  const { verification_code, ...rest } = Object.fromEntries(link.searchParams);
  assert.match(verification_code ?? '', /^\d{6}$/);
  assert.deepEqual(rest, {
    response_type: 'code',
    scope: 'openid',
    audience: 'https://api.test/',
    state: 'a&b',
    redirect_uri: 'https://app.test/callback',
    email: PERSON,
    connection: 'email',
    client_id: client.client_id,
  });
});

test('what could not be sent is told and logged, and leaves no code', async () => {
  await server.close();
  const sent: Message[] = [];
  const deliver = async (message: Message) => {
    sent.push(message);
    throw new MessageNotSent('smtp: out of order');
  };
  await open({ messenger: { deliver } });
  const answer = await start(server, client);
  assert.deepEqual([answer.status, answer.json.error], [400, 'email_provider_error']);
  const rows = await logsOf(server.ctx).list({ where: { type: 'fn' } });
  assert.deepEqual(
    rows.map(({ details }) => details),
    [{ error: 'smtp: out of order' }],
  );
  assert.equal((await redeem(server, client, sent[0]?.code ?? '')).json.error, 'invalid_grant');
});

test('one address asks fifty times an hour, one account is asked for ten times at once', async () => {
  for (let at = 0; at < 10; at += 1) assert.equal((await start(server, client)).status, 200);
  const same = await start(server, client);
  assert.deepEqual([same.status, same.json.error], [429, 'too_many_requests']);
  for (let at = 11; at < 50; at += 1)
    assert.equal((await start(server, client, { email: `p${at}@example.test` })).status, 200, String(at));
  const more = await start(server, client, { email: 'more@example.test' });
  assert.deepEqual([more.status, more.headers['x-ratelimit-remaining']], [429, '0']);
  server.clock.advance(72);
  assert.equal((await start(server, client, { email: 'more@example.test' })).status, 200);
});

test('codes and the requests for them are the same on both sides of the log, without the code', async () => {
  await start(server, client);
  const [row] = await logsOf(server.ctx).list({ where: { type: 'cls' } });
  assert.deepEqual([row?.connection, row?.user_name, row?.client_id], ['email', PERSON, client.client_id]);
  assert.ok(!JSON.stringify(row).includes(await codeFor(server)));
});

test('/passwordless/verify tells a right code from a wrong one, counts guesses, and uses nothing up', async () => {
  await start(server, client);
  const code = await codeFor(server);
  const verify = (json: object) =>
    server.post('/passwordless/verify', {
      json: { client_id: client.client_id, connection: 'email', email: PERSON, verification_code: code, ...json },
    });
  for (const _ of [1, 2, 3, 4]) assert.equal((await verify({})).status, 200);
  const missing = await verify({ email: undefined });
  assert.deepEqual(refusalOf(missing), [400, 'invalid_request', 'missing email parameter']);
  assert.equal((await verify({ client_id: 'nobody' })).json.error, 'unauthorized_client');
  assert.equal((await verify({ grant_type: 'password' })).json.error, 'unsupported_grant_type');
  for (const _ of [1, 2]) assert.equal((await verify({ verification_code: otherThan(code) })).status, 403);
  assert.equal((await redeem(server, client, code)).status, 200);
  assert.equal((await verify({})).status, 403);
  assert.ok(!(await logTypes(server)).includes('fepotpft'));
});

test('what counts is the network of whoever asks, and of the user whose address a trusted client forwards', async () => {
  const trusted = await addPasswordlessClient(server.ctx, { is_token_endpoint_ip_header_trusted: true });
  await addPasswordless(server.ctx, 'sms', [trusted.client_id]);
  const ask = (at: number, ip: string) =>
    server.post('/passwordless/start', {
      json: { ...trusted, connection: 'sms', phone_number: `+1555000${1000 + at}` },
      headers: { 'auth0-forwarded-for': ip },
    });
  for (let at = 0; at < 50; at += 1) assert.equal((await ask(at, `2001:db8::${at}`)).status, 200, String(at));
  assert.equal((await ask(50, '2001:db8::ffff')).status, 429);
  assert.equal((await ask(51, '2001:db8:0:1::1')).status, 200);
});
