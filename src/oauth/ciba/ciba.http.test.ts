import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { addBackchannelClient, ask, asked, personWithApp, poll } from '../../../test/ciba-fixture.ts';
import type { Credentials } from '../../../test/fixtures.ts';
import { type GuardianApp, strangersSigner } from '../../../test/mfa/guardian-app.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { API, addApi, payloadOf, refusalOf } from '../../../test/token-fixture.ts';
import { approvePush, listPushes, rejectPush } from '../../mfa/index.ts';
import { hashToken } from '../../platform/crypto/index.ts';
import { authenticatorsOf } from '../../resources/authentication-methods/index.ts';
import { logsOf } from '../../resources/logs/index.ts';
import { usersOf } from '../../resources/users/index.ts';

const PENDING = [400, 'authorization_pending', 'The end-user authorization is pending'] as const;
const DECLINED = [
  400,
  'access_denied',
  'The end-user denied the authorization request or it has been expired',
] as const;
const UNKNOWN = [400, 'invalid_grant', 'Invalid or expired auth_req_id'] as const;
const YES = { auth0_guardian_accepted: true };
const NO = { auth0_guardian_accepted: false };

let server: TestServer;
let client: Credentials;
let app: GuardianApp;
let ada: string;

before(async () => {
  server = await testServer();
  client = await addBackchannelClient(server.ctx);
  await addApi(server.ctx, { authorization_details: [{ type: 'money_transfer' }] } as never);
  ({ app, user_id: ada } = await personWithApp(server, 'ada@example.test'));
});
after(() => server.close());
// Allowances of the tests before are full again.
beforeEach(() => server.clock.advance(600));

const logged = (type: string) => logsOf(server.ctx).list({ where: { type } });

test('approved in the app: tokens, once', async () => {
  const scope = 'openid profile offline_access read:things';
  const answer = await ask(server, client, ada, { scope, audience: API });
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.headers['content-type'], 'application/json; charset=utf-8');
  const { auth_req_id, ...rest } = answer.json;
  assert.match(auth_req_id, /^[\w-]{64}$/);
  assert.deepEqual(rest, { expires_in: 300, interval: 5 });
  assert.deepEqual(refusalOf(await poll(server, client, auth_req_id)), PENDING);
  assert.equal((await app.resolve(await app.notification(), YES)).status, 204);
  const tokens = await poll(server, client, auth_req_id);
  assert.equal(tokens.status, 200, tokens.text);
  const { access_token, id_token, refresh_token, ...plain } = tokens.json;
  assert.deepEqual(plain, { scope, expires_in: 86_400, token_type: 'Bearer' });
  assert.deepEqual([payloadOf(access_token).sub, payloadOf(access_token).gty], [ada, undefined]);
  assert.deepEqual([payloadOf(id_token).sub, payloadOf(id_token).aud], [ada, client.client_id]);
  assert.deepEqual(refusalOf(await poll(server, client, auth_req_id)), UNKNOWN);
  const refreshed = await server.post('/oauth/token', {
    form: { grant_type: 'refresh_token', ...client, refresh_token },
  });
  assert.equal(refreshed.status, 200, refreshed.text);
  const [started] = await logged('ciba_start_succeeded');
  assert.deepEqual([started?.client_id, started?.user_id, started?.audience], [client.client_id, ada, API]);
  assert.equal((await logged('ciba_exchange_succeeded'))[0]?.user_id, ada);
  assert.equal((await logged('ciba_exchange_failed')).length, 1);
});

test('rejected in the app', async () => {
  const auth_req_id = await asked(server, client, ada);
  await app.resolve(await app.notification(), NO);
  assert.deepEqual(refusalOf(await poll(server, client, auth_req_id)), DECLINED);
  assert.deepEqual(refusalOf(await poll(server, client, auth_req_id)), DECLINED);
});

test('the app learns what is asked for, by a proof of its key', async () => {
  const details = [{ type: 'money_transfer', amount: { value: 2500, currency: 'USD' } }];
  const auth_req_id = await asked(server, client, ada, {
    audience: API,
    scope: 'openid read:things unheard:of',
    authorization_details: JSON.stringify(details),
    requested_expiry: '120',
  });
  const { txtkn = '', txlnkid = '', ...data } = await app.notification();
  assert.match(txlnkid, /^cns_\w{16}$/);
  const now = Math.floor(server.clock.now() / 1000);
  const proof = async (changes: object = {}, signer = undefined as never) => {
    const url = `${server.issuer}rich-consents/${txlnkid}`;
    const claims = { htu: url, htm: 'GET', ath: hashToken(txtkn), jti: 'j', iat: now, ...changes };
    return app.signProof(claims, signer);
  };
  const read = (authorization: string, jwt: string, id = txlnkid) =>
    server.get(`/rich-consents/${id}`, { headers: { authorization, 'mfa-dpop': jwt } });
  const mine = `MFA-DPoP ${txtkn}`;
  const consent = await read(mine, await proof());
  assert.equal(consent.status, 200, consent.text);
  assert.deepEqual(consent.json, {
    id: txlnkid,
    requested_details: {
      audience: API,
      scope: ['openid', 'read:things'],
      binding_message: 'TEST-BINDING-MESSAGE',
      authorization_details: details,
    },
    created_at: now,
    expires_at: now + 120,
  });
  const refused = [
    await read(`Bearer ${txtkn}`, await proof()),
    await read(mine, ''),
    await read(mine, await proof({ htm: 'POST' })),
    await read(mine, await proof({ htu: `${server.issuer}rich-consents/cns_other` })),
    await read(mine, await proof({ ath: hashToken('another') })),
    await read(mine, await proof({ iat: now - 61 })),
    await read(mine, await proof({ iat: undefined })),
    await read(mine, await proof({}, strangersSigner as never)),
  ];
  for (const answer of refused) assert.deepEqual([answer.status, answer.json.errorCode], [401, 'invalid_token']);
  const lost = [await read('MFA-DPoP made-up', await proof()), await read(mine, await proof(), 'cns_other')];
  for (const answer of lost) assert.deepEqual([answer.status, answer.json.errorCode], [404, 'consent_not_found']);
  await app.resolve({ ...data, txtkn }, YES);
  const tokens = (await poll(server, client, auth_req_id)).json;
  assert.deepEqual(tokens.authorization_details, details);
  assert.deepEqual(payloadOf(tokens.access_token).authorization_details, details);
  assert.equal(tokens.scope, 'openid read:things');
});

test('in development a person sees what is asked for and answers in place of the app', async () => {
  const approved = await asked(server, client, ada);
  const [waiting] = await listPushes(server.ctx);
  assert.deepEqual([waiting?.status, waiting?.asked?.binding_message], ['pending', 'TEST-BINDING-MESSAGE']);
  assert.match((await server.get('/_dev')).text, /TEST-BINDING-MESSAGE/);
  await approvePush(server.ctx, waiting?.id ?? '');
  assert.equal((await poll(server, client, approved)).status, 200);
  server.clock.advance(1);
  const rejected = await asked(server, client, ada);
  await rejectPush(server.ctx, (await listPushes(server.ctx))[0]?.id ?? '');
  assert.deepEqual(refusalOf(await poll(server, client, rejected)), DECLINED);
});

test('who asks too often is slowed down, and five seconds more each time', async () => {
  const auth_req_id = await asked(server, client, ada);
  const tooFast = (answer: Awaited<ReturnType<typeof poll>>, seconds: number) => {
    assert.equal(answer.status, 400);
    assert.deepEqual(answer.json, {
      error: 'slow_down',
      error_description: `You are polling faster than allowed. Try again in ${seconds} seconds.`,
      interval: seconds,
    });
    assert.equal(answer.headers['retry-after'], String(seconds));
  };
  assert.deepEqual(refusalOf(await poll(server, client, auth_req_id)), PENDING);
  server.clock.advance(4);
  tooFast(await poll(server, client, auth_req_id), 10);
  server.clock.advance(9);
  tooFast(await poll(server, client, auth_req_id), 15);
  server.clock.advance(15);
  assert.deepEqual(refusalOf(await poll(server, client, auth_req_id)), PENDING);
});

test('a request expires when it was asked to, approved or not', async () => {
  const auth_req_id = await asked(server, client, ada, { requested_expiry: '30' });
  const data = await app.notification();
  server.clock.advance(29);
  assert.equal((await app.resolve(data, YES)).status, 204);
  server.clock.advance(1);
  assert.deepEqual(refusalOf(await poll(server, client, auth_req_id)), DECLINED);
  const late = await asked(server, client, ada, { requested_expiry: '1' });
  server.clock.advance(1);
  assert.equal((await app.resolve(await app.notification(), YES)).status, 404);
  assert.deepEqual(refusalOf(await poll(server, client, late)), DECLINED);
});

test('a hundred polls at once: one gets the tokens', async () => {
  const auth_req_id = await asked(server, client, ada);
  await app.resolve(await app.notification(), YES);
  const answers = await Promise.all(Array.from({ length: 100 }, () => poll(server, client, auth_req_id)));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  for (const answer of answers.filter(({ status }) => status !== 200)) assert.deepEqual(refusalOf(answer), UNKNOWN);
});

test('blocked, or with another password, or without the device since: nothing is issued', async () => {
  const approved = async () => {
    const auth_req_id = await asked(server, client, ada);
    await app.resolve(await app.notification(), YES);
    return auth_req_id;
  };
  const changeAda = (changes: object) => usersOf(server.ctx).update(ada, (user) => ({ ...user, ...changes }));
  const first = await approved();
  await changeAda({ blocked: true });
  assert.deepEqual(refusalOf(await poll(server, client, first)), [403, 'unauthorized', 'user is blocked']);
  await changeAda({ blocked: false });
  assert.equal((await poll(server, client, first)).status, 200, 'the refusal consumed nothing');
  const second = await approved();
  await changeAda({ last_password_reset: new Date(server.clock.now() + 1).toISOString() });
  assert.deepEqual(refusalOf(await poll(server, client, second)), UNKNOWN);
  server.clock.advance(60);
  const third = await approved();
  const [device] = await authenticatorsOf(server.ctx).list({ where: { user_id: ada } });
  assert.ok(device);
  const jwt = await app.sign({ iss: device.id, sub: ada }, 'api/device-accounts');
  const removed = await server.request('DELETE', `/appliance-mfa/api/device-accounts/${device.id}`, { bearer: jwt });
  assert.equal(removed.status, 204, removed.text);
  assert.deepEqual(refusalOf(await poll(server, client, third)), PENDING);
});
