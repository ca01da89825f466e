/** RFC 9396: details that are asked for at /authorize, allowed by the user and granted by the token endpoint. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Arrival, authorizeUrl, Browser, type Page } from '../../../test/browser.ts';
import {
  addApplication,
  addPerson,
  CONNECTION,
  type Credentials,
  PASSWORD,
  PASSWORD_REALM,
  useFactors,
} from '../../../test/fixtures.ts';
import { managementToken } from '../../../test/management.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { addApi, addClientGrant, payloadOf, refusalOf } from '../../../test/token-fixture.ts';
import { totpAt } from '../../platform/crypto/index.ts';
import { clientGrantsOf } from '../../resources/client-grants/index.ts';
import { refreshTokensOf } from '../../resources/refresh-tokens/index.ts';
import { resourceServersOf } from '../../resources/resource-servers/index.ts';
import { authorizationCodesOf } from '../authorization-code.store.ts';

const API = 'https://payments.test/';
const CAREFUL = 'https://careful.test/';
const TRANSFER = {
  type: 'money_transfer',
  instructedAmount: { amount: 2500, currency: 'USD' },
  beneficiary: 'Hanna <Herwitz>',
};
const READING = { type: 'account', actions: ['read', 'list'] };

let server: TestServer;
let app: Credentials;

before(async () => {
  server = await testServer();
  app = await addApplication(server.ctx, {
    grant_types: ['authorization_code', 'implicit', 'refresh_token', 'client_credentials', PASSWORD_REALM],
  });
  await addPerson(server.ctx);
  const authorization_details = [{ type: 'money_transfer' }, { type: 'account' }];
  const skip = { skip_consent_for_verifiable_first_party_clients: true, authorization_details };
  await addApi(server.ctx, { identifier: API, name: 'Payments', ...skip });
  const subject_type_authorization = {
    user: { policy: 'require_client_grant' },
    client: { policy: 'require_client_grant' },
  } as const;
  await addApi(server.ctx, { identifier: CAREFUL, ...skip, subject_type_authorization });
});
after(() => server.close());

const typed = { username: 'ada@example.test', password: PASSWORD };
type Parameters = Record<string, string | undefined>;
const ask = (details: unknown, more: Parameters = {}) =>
  authorizeUrl({
    client_id: app.client_id,
    audience: API,
    scope: 'openid offline_access',
    authorization_details: typeof details === 'string' ? details : JSON.stringify(details),
    ...more,
  });
const token = (form: Parameters) => server.post('/oauth/token', { form: { ...app, ...form } });
const redeem = ({ parameters }: Arrival, more: Parameters = {}) =>
  token({
    grant_type: 'authorization_code',
    code: parameters.code,
    redirect_uri: 'https://app.test/callback',
    ...more,
  });

async function consentTo(details: unknown, more: Parameters = {}): Promise<{ page: Page; arrival: Arrival }> {
  const browser = new Browser(server);
  const page = await browser.submitPage(await browser.openPage(ask(details, more)), typed);
  assert.equal(page.path, '/u/consent');
  return { page, arrival: await browser.submitApp(page, { action: 'accept' }) };
}

test('shown to the user whoever asks, then in the answer, the access token and what refreshes it', async () => {
  const { page, arrival } = await consentTo([TRANSFER, READING]);
  for (const shown of ['money_transfer', 'instructedAmount.amount', '2500', 'Hanna &lt;Herwitz&gt;', 'read, list'])
    assert.ok(page.html.includes(shown), shown);
  const { json } = await redeem(arrival);
  assert.deepEqual(json.authorization_details, [TRANSFER, READING]);
  assert.deepEqual(payloadOf(json.access_token).authorization_details, [TRANSFER, READING]);
  const refreshed = (await token({ grant_type: 'refresh_token', refresh_token: json.refresh_token })).json;
  assert.deepEqual(refreshed.authorization_details, [TRANSFER, READING]);
  assert.deepEqual(payloadOf(refreshed.access_token).authorization_details, [TRANSFER, READING]);
});

test('what was allowed once is asked again: a consent says nothing of the next transfer', async () => {
  const browser = new Browser(server);
  const first = await browser.submitPage(await browser.openPage(ask([TRANSFER])), typed);
  await browser.submitApp(first, { action: 'accept' });
  assert.equal((await browser.openPage(ask([TRANSFER]))).path, '/u/consent');
  const silent = await browser.openApp(ask([TRANSFER], { prompt: 'none' }));
  assert.deepEqual(
    [silent.parameters.error, silent.parameters.error_description],
    ['consent_required', 'Consent required'],
  );
  const declined = await browser.submitApp(await browser.openPage(ask([TRANSFER])), { action: 'deny' });
  assert.equal(declined.parameters.error, 'access_denied');
});

test('where the API wants it, every transaction is proved by a second factor: no session and no remembered browser counts', async () => {
  const policy = (consent_policy: 'transactional-authorization-with-mfa' | null) =>
    resourceServersOf(server.ctx)
      .find({ identifier: API })
      .then((api) => resourceServersOf(server.ctx).put({ ...api!, consent_policy } as typeof api & object));
  await useFactors(server.ctx, ['otp']);
  const { user_id } = await addPerson(server.ctx, 'carla@example.test');
  const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
  const bearer = await managementToken(server, ['create:authentication_methods']);
  const json = { type: 'totp', name: 'Phone', totp_secret: secret };
  const path = `/api/v2/users/${encodeURIComponent(user_id)}/authentication-methods`;
  assert.equal((await server.post(path, { bearer, json })).status, 201);
  const browser = new Browser(server);
  const carla = { username: 'carla@example.test', password: PASSWORD };
  await browser.submitApp(await browser.openPage(authorizeUrl({ client_id: app.client_id })), carla);
  assert.equal((await browser.openPage(ask([TRANSFER]))).path, '/u/consent', 'not without the policy');
  await policy('transactional-authorization-with-mfa');
  const silent = await browser.openApp(ask([TRANSFER], { prompt: 'none' }));
  assert.equal(silent.parameters.error_description, 'Multifactor authentication required');
  for (let times = 0; times < 2; times++) {
    server.clock.advance(60);
    const challenge = await browser.openPage(ask([TRANSFER]));
    assert.equal(challenge.path, '/u/mfa-otp-challenge');
    const code = totpAt(secret, server.clock.now());
    const consent = await browser.submitPage(challenge, { code, rememberBrowser: 'true' });
    assert.equal(consent.path, '/u/consent', consent.html);
    const arrival = await browser.submitApp(consent, { action: 'accept' });
    assert.equal(payloadOf((await redeem(arrival)).json.id_token).sub, user_id);
  }
  const plain = await browser.openApp(authorizeUrl({ client_id: app.client_id, audience: API }));
  assert.ok(plain.parameters.code, 'without a transaction the session is enough');
  await policy(null);
});

test('over the browser they are in the access token', async () => {
  const browser = new Browser(server);
  const page = await browser.submitPage(
    await browser.openPage(ask([TRANSFER], { response_type: 'token', scope: '' })),
    typed,
  );
  const { url } = await browser.submitApp(page, { action: 'accept' });
  const answered = new URLSearchParams(url.hash.slice(1));
  assert.deepEqual(payloadOf(answered.get('access_token') ?? '').authorization_details, [TRANSFER]);
});

test('a token request may ask for less, never for more; a refusal costs no code', async () => {
  const { arrival } = await consentTo([TRANSFER, READING]);
  const more = { ...TRANSFER, instructedAmount: { amount: 2501, currency: 'USD' } };
  for (const excess of [
    [more],
    [TRANSFER, TRANSFER],
    [TRANSFER, READING, { type: 'account' }],
    [{ type: 'unheard_of' }],
  ]) {
    const [status, error] = refusalOf(await redeem(arrival, { authorization_details: JSON.stringify(excess) }));
    assert.deepEqual([status, error], [400, 'invalid_authorization_details']);
  }
  assert.equal((await redeem(arrival, { authorization_details: '{}' })).json.error, 'invalid_authorization_details');
  const { json } = await redeem(arrival, { authorization_details: JSON.stringify([READING]) });
  assert.deepEqual(json.authorization_details, [READING]);
  const refresh = { grant_type: 'refresh_token', refresh_token: json.refresh_token };
  const wider = await token({ ...refresh, authorization_details: JSON.stringify([TRANSFER]) });
  assert.equal(wider.json.error, 'invalid_authorization_details');
  assert.deepEqual((await token(refresh)).json.authorization_details, [READING]);
});

const deep = (levels: number): object => (levels === 0 ? {} : { in: deep(levels - 1) });
const MALFORMED: readonly [string, unknown][] = [
  ['no JSON', '['],
  ['no array', TRANSFER],
  ['an empty array', []],
  ['six entries', Array.from({ length: 6 }, () => READING)],
  ['an entry that is no object', ['account']],
  ['an entry without a type', [{ actions: [] }]],
  ['a type that is no text', [{ type: 7 }]],
  ['an unknown type', [{ type: 'unheard_of' }]],
  ['a type named like something of the language', [{ type: 'constructor' }]],
  ['eleven properties', [Object.fromEntries(['type', ...'abcdefghij'].map((name) => [name, 'account']))]],
  ['a name with a space', [{ type: 'account', 'a b': 1 }]],
  ['a name of 256 characters', [{ type: 'account', ['a'.repeat(256)]: 1 }]],
  ['a value of 256 characters', [{ type: 'account', a: 'a'.repeat(256) }]],
  ['a value of 256 characters in a list', [{ type: 'account', a: ['a'.repeat(256)] }]],
  ['six levels of objects', [{ type: 'account', ...deep(5) }]],
  ['more than 5 KB', [{ type: 'account', a: Array.from({ length: 30 }, () => 'a'.repeat(200)) }]],
  ['a prototype', '[{"type":"account","__proto__":{"a":1}}]'],
];
for (const [name, details] of MALFORMED) {
  test(`${name}: invalid_authorization_details, sent to the application`, async () => {
    const { parameters } = await new Browser(server).openApp(ask(details));
    assert.equal(parameters.error, 'invalid_authorization_details');
    assert.match(parameters.error_description ?? '', /^Invalid authorization_details: /);
    assert.equal(parameters.state, 'xyz');
  });
}

test('five levels are allowed; an API without types, and /userinfo, know none', async () => {
  const reached = await new Browser(server).openPage(ask([{ type: 'account', ...deep(4) }]));
  assert.equal(reached.path, '/u/login');
  await addApi(server.ctx, { identifier: 'https://plain.test/' });
  for (const audience of ['https://plain.test/', undefined]) {
    const { parameters } = await new Browser(server).openApp(ask([READING], { audience }));
    assert.equal(parameters.error, 'invalid_authorization_details', audience ?? '');
  }
});

test('where the API wants a client grant, the grant names the types, for users and for the client itself', async () => {
  const careful = { audience: CAREFUL };
  await addClientGrant(server.ctx, app.client_id, [], 'user', CAREFUL);
  await addClientGrant(server.ctx, app.client_id, [], 'client', CAREFUL);
  const machine = () =>
    token({ grant_type: 'client_credentials', ...careful, authorization_details: JSON.stringify([READING]) });
  const refused = await new Browser(server).openApp(ask([READING], careful));
  assert.equal(refused.parameters.error, 'invalid_authorization_details');
  assert.equal((await machine()).json.error, 'invalid_authorization_details');
  const grants = clientGrantsOf(server.ctx);
  for (const { id } of await grants.list({ where: { audience: CAREFUL } }))
    await grants.update(id, (stored) => ({ ...stored, authorization_details_types: ['account'] }));
  const { arrival } = await consentTo([READING], careful);
  assert.deepEqual((await redeem(arrival)).json.authorization_details, [READING]);
  assert.deepEqual(payloadOf((await machine()).json.access_token).authorization_details, [READING]);
  const other = await new Browser(server).openApp(ask([TRANSFER], careful));
  assert.equal(other.parameters.error, 'invalid_authorization_details');
});

test('a type that the API no longer has is no longer granted; details are of one API alone', async () => {
  const { arrival } = await consentTo([TRANSFER, READING]);
  const { json } = await redeem(arrival);
  const [api] = await resourceServersOf(server.ctx).list({ where: { identifier: API } });
  assert.ok(api);
  await resourceServersOf(server.ctx).put({ ...api, authorization_details: [{ type: 'account' }] });
  const refreshed = await token({ grant_type: 'refresh_token', refresh_token: json.refresh_token });
  assert.deepEqual(refreshed.json.authorization_details, [READING]);
  await resourceServersOf(server.ctx).put(api);
});

test('nothing that no user allowed: a password grant has no details', async () => {
  const before = await refreshTokensOf(server.ctx).count();
  const asked = await token({
    grant_type: PASSWORD_REALM,
    realm: CONNECTION,
    audience: API,
    ...typed,
    authorization_details: JSON.stringify([READING]),
  });
  assert.deepEqual(refusalOf(asked).slice(0, 2), [400, 'invalid_authorization_details']);
  assert.equal(await refreshTokensOf(server.ctx).count(), before);
});

test('a refused request makes no code', async () => {
  const before = await authorizationCodesOf(server.ctx).count();
  await new Browser(server).openApp(ask([{ type: 'unheard_of' }]));
  assert.equal(await authorizationCodesOf(server.ctx).count(), before);
});
