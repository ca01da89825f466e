import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { federatedIdentitiesOf, usersOf } from '../../src/resources/users/index.ts';
import { asArrival, authorizeUrl, Browser } from '../browser.ts';
import { managementToken } from '../management.ts';
import { payloadOf } from '../token-fixture.ts';
import { type House, oidcOptions, openHouse } from './federated-house.ts';

let house: House;

before(async () => {
  house = await openHouse('https://oidc-login.test');
  await house.connect('corp', { strategy: 'oidc', options: oidcOptions(house.provider) });
});
after(() => house.server.close());
beforeEach(() => {
  Object.assign(house.provider, { claims: {}, tokens: {}, answers: {}, userinfo: undefined, forges: false });
});

test('a login by the code flow: straight to the provider, back, and a user with an identity', async () => {
  const { provider } = house;
  const { browser, address } = await house.leave({
    connection: 'corp',
    login_hint: 'ada@example.test',
    connection_scope: 'calendar',
  });
  const { parameters, back } = await provider.approve(address);
  const { state, nonce, code_challenge, ...rest } = parameters;
  assert.ok(state && nonce && code_challenge);
  assert.deepEqual(rest, {
    client_id: 'us',
    redirect_uri: 'https://tenant.test/login/callback',
    response_type: 'code',
    scope: 'openid profile email calendar',
    login_hint: 'ada@example.test',
    code_challenge_method: 'S256',
  });
  const arrival = await browser.openApp(back);
  assert.equal(arrival.parameters.state, 'xyz');
  const sent = provider.exchanges.at(-1);
  assert.deepEqual([sent?.client_id, sent?.client_secret], ['us', 'our secret there']);
  const claims = payloadOf((await house.redeem(arrival)).id_token ?? '');
  assert.deepEqual([claims.sub, claims.name, claims.email], ['oidc|corp|ada-1', 'Ada Lovelace', 'ada@example.test']);
  const { json } = await house.manage('GET', '/api/v2/users/oidc%7Ccorp%7Cada-1');
  const [identity] = json.identities;
  assert.match(identity.access_token, /^upstream-access-/);
  assert.match(identity.refresh_token, /^upstream-refresh-/);
  const { access_token, refresh_token, ...shown } = identity;
  assert.deepEqual(shown, {
    provider: 'oidc',
    user_id: 'corp|ada-1',
    connection: 'corp',
    isSocial: false,
    expires_in: 3600,
  });
  assert.deepEqual([json.logins_count, json.email_verified], [1, true]);
  const [row] = await house.logged('s');
  assert.deepEqual([row?.connection, row?.user_id], ['corp', 'oidc|corp|ada-1']);
});

test('tokens of the provider are sealed at rest and hidden from those who may only read users', async () => {
  await house.logIn({ connection: 'corp' });
  const stored = JSON.stringify(await federatedIdentitiesOf(house.server.ctx).list());
  assert.doesNotMatch(stored, /upstream-/);
  assert.doesNotMatch(JSON.stringify(await usersOf(house.server.ctx).list()), /upstream-/);
  const bearer = await managementToken(house.server, ['read:users']);
  const { text } = await house.server.get('/api/v2/users/oidc%7Ccorp%7Cada-1', { bearer });
  assert.doesNotMatch(text, /upstream-|token/);
  assert.match((await house.manage('GET', '/api/v2/users')).text, /upstream-access/);
});

test('the second login is the same user; single sign-on asks the provider nothing', async () => {
  const first = await house.leave({ connection: 'corp' });
  await first.browser.openApp((await house.provider.approve(first.address)).back);
  house.provider.person = { ...house.provider.person, name: 'Countess Lovelace' };
  const { browser, address } = await house.leave({ connection: 'corp' });
  await browser.openApp((await house.provider.approve(address)).back);
  const user = await usersOf(house.server.ctx).get('oidc|corp|ada-1');
  assert.equal(user?.name, 'Countess Lovelace');
  const silent = authorizeUrl({ client_id: house.client.client_id, connection: 'corp', prompt: 'none' });
  assert.ok((await browser.openApp(silent)).parameters.code);
  const stranger = asArrival(await new Browser(house.server).open(silent));
  assert.equal(stranger.parameters.error, 'login_required');
});

test('prompt and max_age go along, and the provider is held to max_age', async () => {
  const { browser, address } = await house.leave({ connection: 'corp', prompt: 'login', max_age: '60' });
  const { parameters, back } = await house.provider.approve(address);
  assert.deepEqual([parameters.prompt, parameters.max_age], ['login', '60']);
  assert.ok((await browser.openApp(back)).parameters.code);
  house.provider.claims = { auth_time: Math.floor(house.server.clock.now() / 1000) - 600 };
  const stale = await house.logIn({ connection: 'corp', max_age: '60' });
  assert.equal(stale.parameters.error, 'access_denied');
});

test('what the provider refuses is told to the application in its words', async () => {
  const { browser, address } = await house.leave({ connection: 'corp' });
  const { parameters } = await house.provider.approve(address);
  const refused = new URLSearchParams({
    error: 'access_denied',
    error_description: 'No thanks',
    state: parameters.state ?? '',
  });
  const arrival = await browser.openApp(`/login/callback?${refused}`);
  assert.deepEqual(arrival.parameters, { error: 'access_denied', error_description: 'No thanks', state: 'xyz' });
  const row = (await house.logged('f')).at(-1);
  assert.deepEqual([row?.description, row?.connection], ['No thanks', 'corp']);
});
