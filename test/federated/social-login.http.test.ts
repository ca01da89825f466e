/** Well-known providers, and plain OAuth 2.0 servers. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { payloadOf } from '../token-fixture.ts';
import { type House, openHouse } from './federated-house.ts';

let google: House;
let github: House;
let plain: House;

before(async () => {
  google = await openHouse('https://accounts.google.com');
  google.provider.aliases = { 'GET /oauth2/v3/certs': 'GET /jwks', 'GET /v1/userinfo': 'GET /userinfo' };
  await google.connect('google-oauth2', {
    strategy: 'google-oauth2',
    options: { client_id: 'us', client_secret: 'secret', calendar: true, freeform_scopes: ['more'] },
  });
  github = await openHouse('https://github.com');
  github.provider.aliases = { 'POST /login/oauth/access_token': 'POST /token', 'GET /user': 'GET /userinfo' };
  const options = { client_id: 'us', client_secret: 'secret', email: true };
  await github.connect('hub', { strategy: 'github', options });
  plain = await openHouse('https://plain.test');
});
after(async () => {
  for (const house of [google, github, plain]) await house.server.close();
});

/** A place in a template of an attribute map. */
const at = (path: string) => `\${context.${path}}`;

const OAUTH2 = (more: object = {}) => ({
  client_id: 'us',
  client_secret: 'secret',
  authorizationURL: 'https://plain.test/authorize',
  tokenURL: 'https://plain.test/token',
  userinfo_endpoint: 'https://plain.test/userinfo',
  ...more,
});

test('Google: an ID token is asked for and checked, whatever the switches say', async () => {
  const { provider } = google;
  const { browser, address } = await google.leave({
    connection: 'google-oauth2',
    access_type: 'offline',
    approval_prompt: 'force',
    prompt: 'login select_account',
    max_age: '60',
  });
  const { url, parameters, back } = await provider.approve(address);
  assert.equal(url.pathname, '/o/oauth2/v2/auth');
  const { state, nonce, code_challenge, ...rest } = parameters;
  assert.ok(nonce);
  assert.deepEqual(rest, {
    client_id: 'us',
    redirect_uri: 'https://tenant.test/login/callback',
    response_type: 'code',
    scope: 'openid https://www.googleapis.com/auth/calendar email profile more',
    access_type: 'offline',
    approval_prompt: 'force',
    prompt: 'select_account',
    code_challenge_method: 'S256',
  });
  const tokens = await google.redeem(await browser.openApp(back));
  const { sub } = payloadOf(tokens.id_token ?? '');
  assert.equal(sub, 'google-oauth2|ada-1');
  const user = (await google.manage('GET', `/api/v2/users/${encodeURIComponent(String(sub))}`)).json;
  const [{ provider: name, user_id, connection, isSocial }] = user.identities;
  assert.deepEqual([name, user_id, connection, isSocial], ['google-oauth2', 'ada-1', 'google-oauth2', true]);
  provider.claims = { iss: 'https://evil.test' };
  assert.equal((await google.logIn({ connection: 'google-oauth2' })).parameters.error, 'access_denied');
});

test('GitHub: a number becomes the id; the primary address counts as verified where GitHub says so', async () => {
  github.provider.person = {
    id: 583231,
    login: 'octocat',
    name: 'The Octocat',
    avatar_url: 'https://a.test/u/1',
    plan: 'x',
  };
  github.provider.answers = {
    'GET /user/emails': () => ({
      status: 200,
      body: [
        { email: 'other@example.test', primary: false, verified: true },
        { email: 'Octo@Example.test', primary: true, verified: true },
      ],
    }),
  };
  await github.logIn({ connection: 'hub' });
  const user = (await github.manage('GET', '/api/v2/users/github%7C583231')).json;
  const { name, nickname, email, email_verified, picture, plan } = user;
  assert.deepEqual(
    { name, nickname, email, email_verified, picture, plan },
    {
      name: 'The Octocat',
      nickname: 'octocat',
      email: 'octo@example.test',
      email_verified: true,
      picture: 'https://a.test/u/1',
      plan: undefined,
    },
  );
  github.provider.answers = {
    'GET /user/emails': () => ({ status: 200, body: [{ email: 'new@example.test', primary: true, verified: false }] }),
  };
  await github.logIn({ connection: 'hub' });
  const later = (await github.manage('GET', '/api/v2/users/github%7C583231')).json;
  assert.deepEqual([later.email, later.email_verified], ['new@example.test', false]);
});

test('OAuth 2.0: the profile is read, its members renamed, and an ID token is not even looked at', async () => {
  const fieldsMap = { user_id: 'account.uid', email: 'mail', name: 'account.label' };
  await plain.connect('plain', { strategy: 'oauth2', options: OAUTH2({ fieldsMap, pkce_enabled: true }) });
  plain.provider.claims = { iss: 'https://whoever.test', aud: 'whoever' };
  plain.provider.person = { account: { uid: 77, label: 'Ada L.' }, mail: 'ada@example.test', team: 'blue' };
  const tokens = await plain.redeem(await plain.logIn({ connection: 'plain', login_hint: 'not handed on' }));
  assert.equal(payloadOf(tokens.id_token ?? '').sub, 'oauth2|plain|77');
  const user = (await plain.manage('GET', '/api/v2/users/oauth2%7Cplain%7C77')).json;
  assert.deepEqual(
    [user.name, user.email, user.email_verified, user.team, user.identities[0].user_id, user.identities[0].isSocial],
    ['Ada L.', 'ada@example.test', false, 'blue', 'plain|77', true],
  );
  assert.equal('id_token' in user.identities[0], false);
});

test('OAuth 2.0: without PKCE unless switched on, with parameters of its own, scopes by commas or spaces', async () => {
  const options = OAUTH2({
    scope: ['read', 'write'],
    authParams: { tenant: 'x' },
    authParamsMap: { audience: 'resource', login_hint: 'who' },
    upstream_params: { screen: { alias: 'ui_locales' }, fixed: { value: 'yes' }, absent: { alias: 'display' } },
    customHeaders: { 'x-custom': 'y' },
  });
  const made = await plain.connect('custom', { strategy: 'oauth2', options });
  const asked = { connection: 'custom', login_hint: 'ada', ui_locales: 'de en', connection_scope: 'more' };
  plain.provider.person = { id: 9 };
  const { browser, address } = await plain.leave(asked);
  const { parameters, back } = await plain.provider.approve(address);
  const { state, ...rest } = parameters;
  assert.deepEqual(rest, {
    client_id: 'us',
    redirect_uri: 'https://tenant.test/login/callback',
    response_type: 'code',
    scope: 'read,write,more',
    tenant: 'x',
    who: 'ada',
    screen: 'de en',
    fixed: 'yes',
  });
  assert.ok((await browser.openApp(back)).parameters.code);
  assert.equal(plain.provider.tokenHeaders['x-custom'], 'y');
  await plain.manage('PATCH', `/api/v2/connections/${made.id}`, { options: { ...options, useOauthSpecScope: true } });
  const again = await plain.leave(asked);
  assert.equal((await plain.provider.approve(again.address)).parameters.scope, 'read write more');
});

test('set_user_root_attributes, and what an administrator may change', async () => {
  const rename = (strategy: string, json: object) =>
    plain.manage('PATCH', `/api/v2/users/oauth2%7C${strategy}%7C1`, json);
  const nameOf = async (name: string) => (await plain.manage('GET', `/api/v2/users/oauth2%7C${name}%7C1`)).json.name;
  for (const [name, rule] of [
    ['each', undefined],
    ['first', 'on_first_login'],
    ['never', 'never_on_login'],
  ] as const)
    await plain.connect(name, { strategy: 'oauth2', options: OAUTH2(rule ? { set_user_root_attributes: rule } : {}) });
  plain.provider.person = { id: 1, name: 'Old', email: 'x@example.test' };
  for (const name of ['each', 'first']) await plain.logIn({ connection: name });
  const stranger = await plain.logIn({ connection: 'never' });
  assert.equal(stranger.parameters.error, 'access_denied');
  assert.equal((await rename('first', { name: 'Mine' })).status, 200);
  const refused = await rename('each', { name: 'Mine' });
  assert.equal(refused.status, 400);
  assert.match(
    refused.json.message,
    /^The following user attributes cannot be updated: name\. The connection \(each\)/,
  );
  assert.equal((await rename('first', { email: 'mine@example.test' })).status, 400);
  assert.equal((await rename('each', { user_metadata: { a: 1 }, blocked: false })).status, 200);
  plain.provider.person = { id: 1, name: 'New', email: 'y@example.test' };
  for (const name of ['each', 'first']) await plain.logIn({ connection: name });
  assert.deepEqual([await nameOf('each'), await nameOf('first')], ['New', 'Mine']);
  const first = (await plain.manage('GET', '/api/v2/users/oauth2%7Cfirst%7C1')).json;
  assert.equal(first.email, 'y@example.test');
});

test('members that are not to be kept are not kept', async () => {
  const options = OAUTH2({ non_persistent_attrs: ['secret_number', 'picture'] });
  await plain.connect('forgetful', { strategy: 'oauth2', options });
  plain.provider.person = { id: 5, email: 'z@example.test', secret_number: 42, picture: 'https://p.test/', kept: true };
  await plain.logIn({ connection: 'forgetful' });
  const user = (await plain.manage('GET', '/api/v2/users/oauth2%7Cforgetful%7C5')).json;
  assert.deepEqual(['secret_number' in user, user.kept], [false, true]);
  assert.notEqual(user.picture, 'https://p.test/');
});

test('an attribute map fills members by templates', async () => {
  await plain.connect('mapped', {
    strategy: 'oidc',
    options: {
      client_id: 'us',
      client_secret: 'secret',
      type: 'back_channel',
      discovery_url: 'https://plain.test/.well-known/openid-configuration',
      attribute_map: {
        mapping_mode: 'use_map',
        attributes: {
          name: `${at('tokenset.given_name')} ${at('tokenset.family_name')}`,
          email: at('tokenset.email'),
          groups: at('userinfo.groups'),
          source: 'corp',
          gone: at('tokenset.nothing'),
          app_metadata: at('tokenset.admin'),
        },
      },
    },
  });
  plain.provider.claims = {};
  const person = {
    sub: 'm1',
    given_name: 'Ada',
    family_name: 'Lovelace',
    email: 'm@example.test',
    admin: { role: 'x' },
  };
  plain.provider.person = person;
  plain.provider.userinfo = { ...person, groups: ['a', 'b'] };
  await plain.logIn({ connection: 'mapped' });
  const user = (await plain.manage('GET', '/api/v2/users/oidc%7Cmapped%7Cm1')).json;
  const { name, email, groups, source } = user;
  assert.deepEqual(
    { name, email, groups, source },
    { name: 'Ada Lovelace', email: 'm@example.test', groups: ['a', 'b'], source: 'corp' },
  );
  assert.deepEqual(['gone' in user, 'app_metadata' in user, 'given_name' in user], [false, false, false]);
  plain.provider.userinfo = undefined;
});
