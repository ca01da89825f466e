/** What a dishonest provider, a dishonest application or somebody on the way might try. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { usersOf } from '../../src/resources/users/index.ts';
import { asPage, authorizeUrl, Browser } from '../browser.ts';
import { managementToken } from '../management.ts';
import { testServer } from '../server.ts';
import { addClient, addDatabase, addUser, EMAIL, payloadOf } from '../token-fixture.ts';
import { type House, oidcOptions, openHouse } from './federated-house.ts';

let house: House;

before(async () => {
  house = await openHouse('https://attacked.test');
  await house.connect('corp', { strategy: 'oidc', options: oidcOptions(house.provider) });
  await house.connect('front', { strategy: 'oidc', options: oidcOptions(house.provider, { type: 'front_channel' }) });
  await house.connect('plain', {
    strategy: 'oauth2',
    options: {
      client_id: 'us',
      client_secret: 'secret',
      authorizationURL: `${house.provider.issuer}/authorize`,
      tokenURL: `${house.provider.issuer}/token`,
      userinfo_endpoint: `${house.provider.issuer}/userinfo`,
      pkce_enabled: true,
    },
  });
});
after(() => house.server.close());
beforeEach(() => {
  const person = { sub: 'ada-1', name: 'Ada Lovelace', email: EMAIL, email_verified: true };
  Object.assign(house.provider, { claims: {}, tokens: {}, answers: {}, userinfo: undefined, forges: false, person });
});

/** Nobody was logged in, and the application was told so. */
async function refuses(work: Promise<{ parameters: Readonly<Record<string, string>> }>, error = 'access_denied') {
  const users = await usersOf(house.server.ctx).count();
  const { parameters } = await work;
  assert.deepEqual([parameters.error, parameters.code, parameters.state], [error, undefined, 'xyz']);
  assert.ok(parameters.error_description);
  assert.equal(await usersOf(house.server.ctx).count(), users);
}

test('an answer counts once', async () => {
  const { browser, address } = await house.leave({ connection: 'corp' });
  const { back } = await house.provider.approve(address);
  assert.ok((await browser.openApp(back)).parameters.code);
  const again = asPage(await browser.open(back));
  assert.equal(again.status, 400);
});

test('of a hundred answers at once one is exchanged', async () => {
  const { browser, address } = await house.leave({ connection: 'corp' });
  const { back } = await house.provider.approve(address);
  const before = house.provider.exchanges.length;
  const path = back.slice('https://tenant.test'.length);
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => house.server.get(path, { jar: { ...browser.jar } })),
  );
  assert.equal(answers.filter(({ status }) => status === 302).length, 1);
  assert.equal(house.provider.exchanges.length, before + 1);
});

test('an answer in another browser is nobody’s, and is not used up by the attempt', async () => {
  const { browser, address } = await house.leave({ connection: 'corp' });
  const { back } = await house.provider.approve(address);
  const victim = new Browser(house.server);
  assert.equal(asPage(await victim.open(back)).status, 400);
  await house.leave({ connection: 'corp' }, victim);
  assert.equal(asPage(await victim.open(back)).status, 400, 'though it has a login of its own');
  assert.ok((await browser.openApp(back)).parameters.code);
});

test('an answer without a state, with an unknown one, or too late', async () => {
  const browser = new Browser(house.server);
  for (const path of ['/login/callback', '/login/callback?code=x', '/login/callback?code=x&state=unknown'])
    assert.equal(asPage(await browser.open(path)).status, 400);
  assert.equal((await house.server.post('/login/callback', { form: { id_token: 'x', state: 'y' } })).status, 400);
  const late = await house.leave({ connection: 'corp' });
  const { back } = await house.provider.approve(late.address);
  house.server.clock.advance(3601);
  assert.equal(asPage(await late.browser.open(back)).status, 400);
});

test('mix-up: an answer that names another server is not exchanged', async () => {
  for (const connection of ['corp', 'plain']) {
    const before = house.provider.exchanges.length;
    await refuses(house.logIn({ connection }, { iss: 'https://evil.test' }));
    assert.equal(house.provider.exchanges.length, before, connection);
    assert.ok((await house.logIn({ connection }, { iss: house.provider.issuer })).parameters.code, connection);
  }
});

test('a state of one connection cannot bring in the answer of another', async () => {
  const [first, second] = [await house.leave({ connection: 'corp' }), await house.leave({ connection: 'plain' })];
  const { back } = await house.provider.approve(second.address);
  const swapped = new URL(back);
  swapped.searchParams.set('state', new URL(first.address).searchParams.get('state') ?? '');
  await refuses(first.browser.openApp(swapped));
});

const CLAIMS: [string, Record<string, unknown>][] = [
  ['of another issuer', { iss: 'https://evil.test' }],
  ['for another client', { aud: 'somebody-else' }],
  ['for several, without saying for whom', { aud: ['us', 'somebody-else'] }],
  ['for several, and for another', { aud: ['us', 'somebody-else'], azp: 'somebody-else' }],
  ['that expired', { exp: 1_700_000_000 }],
  ['that never expires', { exp: undefined }],
  ['with another nonce', { nonce: 'another' }],
  ['without a nonce', { nonce: undefined }],
  ['without a subject', { sub: undefined }],
];
for (const connection of ['corp', 'front'])
  for (const [what, claims] of CLAIMS)
    test(`${connection}: an ID token ${what} is refused`, async () => {
      house.provider.claims = claims;
      if (connection === 'corp') await refuses(house.logIn({ connection }));
      else await refuses(postIdToken());
    });

/** The front channel: the provider's page posts the ID token. */
async function postIdToken(change: (token: string) => string = (token) => token) {
  const { browser, address } = await house.leave({ connection: 'front' });
  const state = new URL(address).searchParams.get('state') ?? '';
  const form = { state, id_token: change(await house.provider.idToken(address)) };
  const answer = await house.server.post('/login/callback', { jar: browser.jar, form });
  assert.equal(answer.status, 302, answer.text);
  return browser.openApp(answer.headers.location ?? '');
}

test('front channel: an ID token by form post, with a nonce, and nothing is exchanged', async () => {
  const before = house.provider.exchanges.length;
  const { address } = await house.leave({ connection: 'front' });
  const asked = Object.fromEntries(new URL(address).searchParams);
  assert.deepEqual([asked.response_type, asked.response_mode], ['id_token', 'form_post']);
  assert.ok(asked.nonce);
  const arrival = await postIdToken();
  const claims = payloadOf((await house.redeem(arrival)).id_token ?? '');
  assert.equal(claims.sub, 'oidc|front|ada-1');
  assert.equal(house.provider.exchanges.length, before);
});

test('a signature of another key, or none, is refused on both channels', async () => {
  house.provider.forges = true;
  await refuses(house.logIn({ connection: 'corp' }));
  await refuses(postIdToken());
  house.provider.forges = false;
  const unsigned = (token: string) => {
    const header = Buffer.from('{"alg":"none"}').toString('base64url');
    return `${header}.${token.split('.')[1]}.`;
  };
  await refuses(postIdToken(unsigned));
});

test('a profile of somebody else than the ID token is refused', async () => {
  house.provider.userinfo = { sub: 'grace-1', email: 'grace@example.test' };
  await refuses(house.logIn({ connection: 'corp' }));
});

test('an address that a provider claims leads to no account that was there before', async () => {
  const database = await addDatabase(house.server.ctx, 'db', [house.client.client_id]);
  const victim = await addUser(house.server.ctx, database, 'victim@example.test');
  house.provider.person = { sub: 'mallory', email: 'victim@example.test', email_verified: true };
  const tokens = await house.redeem(await house.logIn({ connection: 'corp' }));
  assert.equal(payloadOf(tokens.id_token ?? '').sub, 'oidc|corp|mallory');
  assert.deepEqual(await usersOf(house.server.ctx).get(victim.user_id), victim);
});

test('no claim sets what is ours to say', async () => {
  house.provider.person = {
    sub: 'eve',
    email: 'eve@example.test',
    user_id: 'auth0|admin',
    identities: [],
    app_metadata: { role: 'admin' },
    user_metadata: { a: 1 },
    blocked: true,
    logins_count: 99,
    last_password_reset: 'x',
    phone_number: '+1555',
    team: 'blue',
    name: { not: 'a text' },
  };
  await house.logIn({ connection: 'corp' });
  const user = (await house.manage('GET', '/api/v2/users/oidc%7Ccorp%7Ceve')).json;
  assert.equal(user.team, 'blue');
  assert.deepEqual(
    ['app_metadata', 'user_metadata', 'blocked', 'last_password_reset', 'phone_number'].filter((name) => name in user),
    [],
  );
  assert.deepEqual([user.user_id, user.logins_count, user.name], ['oidc|corp|eve', 1, 'eve@example.test']);
});

test('a sub that cannot be part of a user_id is refused', async () => {
  for (const sub of ['', 'a b', `${'x'.repeat(256)}`, 'ünicode', 'new\nline']) {
    house.provider.person = { sub };
    await refuses(house.logIn({ connection: 'corp' }));
  }
});

test('blocked users, and connections that were switched off on the way, are refused', async () => {
  house.provider.person = { sub: 'blocked-one', email: 'blocked@example.test' };
  await house.logIn({ connection: 'corp' });
  const path = '/api/v2/users/oidc%7Ccorp%7Cblocked-one';
  assert.equal((await house.manage('PATCH', path, { blocked: true })).status, 200);
  house.provider.person = { sub: 'blocked-one', email: 'changed@example.test' };
  await refuses(house.logIn({ connection: 'corp' }), 'unauthorized');
  assert.equal((await house.manage('GET', path)).json.email, 'blocked@example.test');
  const { id } = await house.connect('brief', { strategy: 'oidc', options: oidcOptions(house.provider) });
  const { browser, address } = await house.leave({ connection: 'brief' });
  await house.manage('PATCH', `/api/v2/connections/${id}`, { authentication: { active: false } });
  const { back } = await house.provider.approve(address);
  await refuses(browser.openApp(back), 'invalid_request');
});

test('a provider that fails in any way gives the application an error and never a fault', async () => {
  const failures: [string, number, unknown, string][] = [
    ['POST /token', 500, 'oops', 'access_denied'],
    ['POST /token', 400, { error: 'invalid_client', error_description: 'who?' }, 'access_denied'],
    ['POST /token', 200, { access_token: 'x' }, 'access_denied'],
    ['POST /token', 200, 'no json', 'access_denied'],
    ['GET /userinfo', 503, {}, 'temporarily_unavailable'],
    ['GET /userinfo', 200, '"text"', 'access_denied'],
  ];
  for (const [place, status, body, error] of failures) {
    house.provider.answers = { [place]: () => ({ status, body }) };
    await refuses(house.logIn({ connection: 'corp' }), error);
  }
});

test('addresses inside the network are not asked, whichever option names them', async () => {
  const server = await testServer();
  try {
    const { client_id } = await addClient(server.ctx);
    const bearer = await managementToken(server, ['create:connections']);
    const inside = 'https://169.254.169.254/latest/meta-data';
    const whole = { issuer: inside, authorization_endpoint: inside, jwks_uri: inside, token_endpoint: inside };
    const outside = 'https://idp.test/authorize';
    const ways: [string, Record<string, unknown>][] = [
      ['discovered', { discovery_url: inside }],
      ['exchanged', { ...whole, authorization_endpoint: outside }],
    ];
    for (const [name, more] of ways) {
      const options = { client_id: 'us', type: 'back_channel', ...more };
      const json = { name, strategy: 'oidc', options, enabled_clients: [client_id] };
      assert.equal((await server.post('/api/v2/connections', { bearer, json })).status, 201);
      const browser = new Browser(server);
      const away = await browser.openApp(authorizeUrl({ client_id, connection: name }));
      const state = away.parameters.state ?? '';
      const arrival = name === 'discovered' ? away : await browser.openApp(`/login/callback?code=x&state=${state}`);
      assert.equal(arrival.parameters.error, 'temporarily_unavailable', name);
    }
  } finally {
    await server.close();
  }
});
