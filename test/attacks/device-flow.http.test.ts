/** Attacks on the device flow: guessing user codes, having a victim approve an attacker's device unseen, taking another's tokens. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { logsOf } from '../../src/resources/logs/index.ts';
import { Browser } from '../browser.ts';
import { activate, addDeviceClient, newCodes, poll, typeCode } from '../device-fixture.ts';
import { addPerson, PASSWORD } from '../fixtures.ts';
import { type TestServer, testServer } from '../server.ts';
import { refusalOf } from '../token-fixture.ts';

const UNKNOWN = [403, 'invalid_grant', 'Invalid or expired device code.'] as const;

let server: TestServer;
let client: string;

before(async () => {
  server = await testServer();
  client = await addDeviceClient(server.ctx);
  await addPerson(server.ctx);
});
after(() => server.close());
beforeEach(() => server.clock.advance(600));

const guess = (user_code: string, ip = '192.0.2.1') =>
  server.post('/activate', { form: { user_code }, headers: { 'x-forwarded-for': ip } });

test('guessing a user code: ten tries from a network, however many come at once, then one in half a minute', async () => {
  const { user_code } = await newCodes(server, client);
  const tries = await Promise.all(
    Array.from({ length: 100 }, (_, at) => guess(`BBBB-BB${String(at).padStart(2, 'B')}`)),
  );
  const count = (status: number) => tries.filter((answer) => answer.status === status).length;
  assert.deepEqual([count(400), count(429)], [10, 90]);
  assert.equal((await logsOf(server.ctx).list({ where: { type: 'fdeac' } })).length, 10);
  // Even the right one is not looked up any more, neither typed nor by its link.
  assert.equal((await guess(user_code)).status, 429);
  assert.equal((await server.get('/activate', { query: { user_code } })).status, 429);
  server.clock.advance(30);
  assert.equal((await guess(user_code)).status, 302);
});

test('right codes cost nothing: a household may activate as many devices as it has', async () => {
  for (let device = 0; device < 15; device++) {
    const { user_code } = await newCodes(server, client);
    assert.equal((await guess(user_code)).status, 302);
  }
});

test('no page of another site, and no link, connects a device: the victim must press the button in their own browser', async () => {
  const victim = new Browser(server);
  await activate(victim, (await newCodes(server, client)).user_code);
  const stolen = await newCodes(server, client);
  // A link that the victim opens, and a form that another site posts, end on the page that asks.
  assert.equal((await victim.openPage(stolen.verification_uri_complete)).path, '/u/device-confirmation');
  assert.equal((await typeCode(victim, stolen.user_code)).path, '/u/device-confirmation');
  // What the attacker's own page has for a state is worth nothing in the victim's browser.
  const attacker = new Browser(server);
  const page = await typeCode(attacker, stolen.user_code);
  const forged = await server.post('/u/device-confirmation', {
    form: { state: page.fields.state ?? '', action: 'accept' },
    jar: victim.jar,
  });
  assert.equal(forged.status, 400);
  // Nor does it help to skip the page.
  const state = new URL(page.url).searchParams.get('state') ?? '';
  const skipped = await server.get('/authorize/resume', { query: { state }, jar: attacker.jar });
  assert.match(skipped.headers.location ?? '', /^\/u\/device-confirmation/);
  assert.equal((await poll(server, client, stolen.device_code)).json.error, 'authorization_pending');
});

test('a page that was answered cannot be answered again, nor by the other button', async () => {
  const { device_code, user_code } = await newCodes(server, client);
  const browser = new Browser(server);
  const confirmation = await typeCode(browser, user_code);
  assert.equal((await browser.submitPage(confirmation, { action: 'deny' })).path, '/device/failure');
  assert.equal((await browser.submitPage(confirmation, { action: 'accept' })).status, 400);
  assert.equal((await poll(server, client, device_code)).json.error, 'access_denied');
});

test('two browsers with the same code: who decides first decides', async () => {
  const { device_code, user_code } = await newCodes(server, client);
  const [one, other] = [new Browser(server), new Browser(server)];
  const [first, second] = [await typeCode(one, user_code), await typeCode(other, user_code)];
  const login = await other.submitPage(second, { action: 'accept' });
  assert.equal((await one.submitPage(first, { action: 'deny' })).path, '/device/failure');
  const late = await other.submitPage(login, { username: 'ada@example.test', password: PASSWORD });
  assert.equal(late.path, '/device/failure');
  assert.equal((await poll(server, client, device_code)).json.error, 'access_denied');
});

test('another client gets nothing for a device code, and uses nothing up', async () => {
  const thief = await addDeviceClient(server.ctx);
  const { device_code, user_code } = await newCodes(server, client);
  await activate(new Browser(server), user_code);
  for (let tries = 0; tries < 5; tries++) assert.deepEqual(refusalOf(await poll(server, thief, device_code)), UNKNOWN);
  assert.equal((await poll(server, client, device_code)).status, 200);
  assert.deepEqual(refusalOf(await poll(server, client, device_code)), UNKNOWN);
});

test('neither code is known to another tenant', async () => {
  const { other } = server;
  const theirs = await addDeviceClient(other.ctx);
  const { device_code, user_code } = await newCodes(server, client);
  assert.deepEqual(refusalOf(await poll(other, theirs, device_code)), UNKNOWN);
  assert.equal((await typeCode(new Browser(other), user_code)).status, 400);
  assert.equal((await poll(server, client, device_code)).json.error, 'authorization_pending');
});

test('the user code is no device code', async () => {
  const { user_code } = await newCodes(server, client);
  await activate(new Browser(server), user_code);
  assert.deepEqual(refusalOf(await poll(server, client, user_code)), UNKNOWN);
});
