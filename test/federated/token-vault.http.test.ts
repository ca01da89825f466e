import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { OutboundFailed } from '../../src/platform/outbound/index.ts';
import type { Client } from '../../src/resources/clients/index.ts';
import { federatedTokensetsOf } from '../../src/resources/federated-tokensets/index.ts';
import { guardianCollection, guardianSettings } from '../../src/resources/guardian/index.ts';
import {
  addMember,
  addOrganizationConnection,
  createOrganization,
  removeMember,
} from '../../src/resources/organizations/index.ts';
import { usersOf } from '../../src/resources/users/index.ts';
import { API, addApi, addClient, addCode, type Credentials, refusalOf } from '../token-fixture.ts';
import { changeClient, type House, oidcOptions, openHouse } from './federated-house.ts';

const GRANT = 'urn:auth0:params:oauth:grant-type:token-exchange:federated-connection-access-token';
const VAULT_TOKEN = 'http://auth0.com/oauth/token-type/federated-connection-access-token';
const REFRESH = 'urn:ietf:params:oauth:token-type:refresh_token';
const ACCESS = 'urn:ietf:params:oauth:token-type:access_token';
const NOT_FOUND = [
  401,
  'federated_connection_refresh_token_not_found',
  'Federated connection Refresh Token not found.',
];
const USER = 'oidc|cal|ada-1';
const PATH = `/api/v2/users/${encodeURIComponent(USER)}/federated-connections-tokensets`;

let house: House;
let connectionId: string;
let refresh_token: string;

before(async () => {
  house = await openHouse('https://vault.test');
  await addApi(house.server.ctx);
  await changeClient(house, { grant_types: ['authorization_code', 'refresh_token', GRANT] });
  const vault = { federated_connections_access_tokens: { active: true } };
  const made = await house.connect('cal', { strategy: 'oidc', options: oidcOptions(house.provider, vault) });
  connectionId = made.id;
});
after(() => house.server.close());

/** Logs in at the provider, which fills the vault anew. */
async function fill(): Promise<void> {
  const tokens = await house.redeem(await house.logIn({ connection: 'cal', scope: 'openid offline_access' }));
  refresh_token = tokens.refresh_token ?? '';
}

beforeEach(async () => {
  Object.assign(house.provider, { claims: {}, tokens: {}, answers: {}, rotates: false });
  await federatedTokensetsOf(house.server.ctx).deleteWhere({});
  await fill();
});

const ask = (form: Record<string, string | undefined> = {}, credentials: Credentials = house.client) =>
  house.server.post('/oauth/token', {
    form: {
      grant_type: GRANT,
      ...credentials,
      subject_token: refresh_token,
      subject_token_type: REFRESH,
      requested_token_type: VAULT_TOKEN,
      connection: 'cal',
      ...form,
    },
  });

const stored = async () => (await federatedTokensetsOf(house.server.ctx).list())[0];

test('a refresh token, for the access token of the provider', async () => {
  const answer = await ask();
  assert.equal(answer.status, 200, answer.text);
  const { access_token, ...rest } = answer.json;
  assert.match(access_token, /^upstream-access-/);
  assert.deepEqual(rest, {
    scope: 'openid profile email',
    expires_in: 3600,
    issued_token_type: VAULT_TOKEN,
    token_type: 'Bearer',
  });
  assert.equal((await ask({ login_hint: 'ada-1' })).json.access_token, access_token);
  const row = (await house.logged('seta')).at(-1);
  assert.deepEqual([row?.user_id, row?.connection, row?.client_id], [USER, 'cal', house.client.client_id]);
});

test('scopes that the provider granted may be named; one that it did not is refused', async () => {
  assert.equal((await ask({ scope: 'email profile' })).json.scope, 'openid profile email');
  const refused = await ask({ scope: 'email calendar' });
  const text = 'The connection was not granted the scopes: calendar';
  assert.deepEqual(refusalOf(refused), [400, 'invalid_scope', text]);
});

test('with the vault on, the tokens are not with the identity, and sealed at rest', async () => {
  const { json } = await house.manage('GET', `/api/v2/users/${encodeURIComponent(USER)}`);
  assert.equal('access_token' in json.identities[0], false);
  assert.equal('refresh_token' in json.identities[0], false);
  assert.doesNotMatch(JSON.stringify(await stored()), /upstream-/);
});

test('one that has ended is renewed, and saved before it is handed out', async () => {
  const first = (await ask()).json.access_token;
  house.server.clock.advance(3595);
  const renewed = await ask();
  assert.equal(renewed.status, 200, renewed.text);
  assert.notEqual(renewed.json.access_token, first);
  assert.equal(renewed.json.expires_in, 3600);
  assert.equal((await ask()).json.access_token, renewed.json.access_token);
});

test('of a hundred at once one renews, and a refresh token that rotates is saved', async () => {
  house.provider.rotates = true;
  for (let round = 0; round < 3; round++) {
    house.server.clock.advance(3600);
    const before = house.provider.exchanges.length;
    const answers = await Promise.all(Array.from({ length: 100 }, () => ask()));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    assert.equal(new Set(answers.map(({ json }) => json.access_token)).size, 1);
    assert.equal(house.provider.exchanges.length, before + 1);
  }
});

test('a renewal that fails changes nothing, and can be tried again', async () => {
  house.server.clock.advance(3600);
  const before = await stored();
  house.provider.answers = { 'POST /token': () => Promise.reject(new OutboundFailed('timeout', 'down')) };
  const down = await ask();
  assert.deepEqual([down.status, down.json.error], [503, 'temporarily_unavailable']);
  house.provider.answers = {
    'POST /token': () => ({ status: 400, body: { error: 'invalid_grant', error_description: 'revoked' } }),
  };
  assert.deepEqual(refusalOf(await ask()), [
    401,
    'federated_connection_refresh_token_flow_failed',
    'Federated connection Refresh Token flow failed: revoked',
  ]);
  assert.deepEqual(await stored(), before);
  house.provider.answers = {};
  assert.equal((await ask()).status, 200);
  assert.equal((await house.logged('feta')).at(-1)?.user_id, USER);
});

test('a renewal under way in another process is not run into', async () => {
  house.server.clock.advance(3600);
  const { id } = (await stored())!;
  const renewing_until = house.server.clock.now() + 20_000;
  await federatedTokensetsOf(house.server.ctx).update(id, (row) => ({ ...row, renewing_until }));
  const before = house.provider.exchanges.length;
  assert.equal((await ask()).status, 503);
  assert.equal(house.provider.exchanges.length, before);
  house.server.clock.advance(21);
  assert.equal((await ask()).status, 200);
});

test('a login while a renewal is under way: whichever refresh token is the living one is kept', async () => {
  for (const brings of [true, false]) {
    house.provider.rotates = true;
    house.server.clock.advance(3600);
    house.provider.tokens = brings ? {} : { refresh_token: undefined };
    const away = await house.leave({ connection: 'cal', scope: 'openid offline_access' });
    const { back } = await house.provider.approve(away.address);
    house.provider.answers = {
      'POST /token': async () => {
        house.provider.answers = {};
        await away.browser.openApp(back);
        return undefined;
      },
    };
    assert.equal((await ask()).status, 200);
    house.provider.tokens = {};
    house.server.clock.advance(3600);
    assert.equal((await ask()).status, 200, String(brings));
  }
});

test('first logins of the same person at once make one user and one tokenset', async () => {
  house.provider.person = { sub: 'twins', email: 'twins@example.test' };
  const away = await Promise.all(Array.from({ length: 10 }, () => house.leave({ connection: 'cal' })));
  const backs = await Promise.all(away.map(({ address }) => house.provider.approve(address)));
  const arrivals = await Promise.all(away.map(({ browser }, n) => browser.openApp(backs[n]?.back ?? '')));
  assert.deepEqual([...new Set(arrivals.map(({ parameters }) => parameters.error))], [undefined]);
  assert.equal(await federatedTokensetsOf(house.server.ctx).count({ user_id: 'oidc|cal|twins' }), 1);
  house.provider.person = { sub: 'ada-1', name: 'Ada Lovelace', email: 'ada@example.test', email_verified: true };
});

test('a provider that gave no refresh token: good until it ends', async () => {
  await federatedTokensetsOf(house.server.ctx).deleteWhere({});
  house.provider.tokens = { refresh_token: undefined };
  await fill();
  assert.equal((await ask()).status, 200);
  house.server.clock.advance(3600);
  assert.deepEqual(refusalOf(await ask()), NOT_FOUND);
});

test('a login without a refresh token keeps the one that is known', async () => {
  house.provider.tokens = { refresh_token: undefined };
  await fill();
  house.server.clock.advance(3600);
  assert.equal((await ask()).status, 200);
});

test('refusals use nothing up', async () => {
  const other = await addClient(house.server.ctx, { grant_types: [GRANT] });
  await house.connect('unvaulted', { strategy: 'oidc', options: oidcOptions(house.provider) });
  await house.connect('elsewhere', { strategy: 'oidc', options: oidcOptions(house.provider), enabled_clients: [] });
  const cases: [Record<string, string | undefined>, Credentials, readonly unknown[]][] = [
    [{ login_hint: 'grace' }, house.client, NOT_FOUND],
    [{ connection: 'nowhere' }, house.client, [400, 'invalid_request', 'the connection was not found']],
    [{ connection: 'elsewhere' }, house.client, [400, 'invalid_request', 'the connection was disabled']],
    [
      { connection: 'unvaulted' },
      house.client,
      [400, 'invalid_request', 'Token Vault is not enabled for the provided connection'],
    ],
    [{ connection: undefined }, house.client, [400, 'invalid_request', 'Missing required parameter: connection']],
    [{ subject_token: 'v1.Mnothing' }, house.client, [403, 'invalid_grant', 'Unknown or invalid refresh token.']],
    [{}, other, [403, 'invalid_grant', 'Unknown or invalid refresh token.']],
    [{ subject_token_type: 'x' }, house.client, [400, 'invalid_request', 'Unsupported subject_token_type: x']],
    [{ requested_token_type: 'x' }, house.client, [400, 'invalid_request', 'Unsupported requested_token_type: x']],
    [
      { subject_token_type: ACCESS },
      house.client,
      [403, 'unauthorized_client', 'Only a client that stands for an API can exchange access tokens.'],
    ],
  ];
  for (const [form, credentials, expected] of cases)
    assert.deepEqual(refusalOf(await ask(form, credentials)), expected, JSON.stringify(form));
  await usersOf(house.server.ctx).update(USER, (user) => ({ ...user, blocked: true }));
  assert.deepEqual(refusalOf(await ask()), [403, 'unauthorized', 'user is blocked']);
  await usersOf(house.server.ctx).update(USER, (user) => ({ ...user, blocked: false }));
  assert.equal((await ask()).status, 200);
});

test('not for clients whose tokens rotate, that lack the grant, or cannot keep a secret', async () => {
  await changeClient(house, { refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring' } });
  assert.equal((await ask()).json.error, 'invalid_request');
  await changeClient(house, { refresh_token: undefined, grant_types: ['refresh_token'] });
  assert.equal((await ask()).json.error, 'unauthorized_client');
  await changeClient(house, { grant_types: [GRANT], token_endpoint_auth_method: 'none' });
  assert.equal((await ask({ client_secret: undefined })).json.error, 'unauthorized_client');
  await changeClient(house, {
    grant_types: ['authorization_code', 'refresh_token', GRANT],
    token_endpoint_auth_method: 'client_secret_post',
  });
  assert.equal((await ask()).status, 200);
});

test('where the policy asks for a second factor, a login without one gets nothing', async () => {
  const guardian = await guardianSettings(house.server.ctx);
  const demanding = {
    ...guardian,
    factors: { ...guardian.factors, otp: true },
    policies: ['all-applications'] as const,
  };
  await house.server.ctx.store.collection(guardianCollection).put(demanding);
  assert.deepEqual([(await ask()).status, (await ask()).json.error], [403, 'access_denied']);
  await house.server.ctx.store.collection(guardianCollection).put(guardian);
  assert.equal((await ask()).status, 200);
});

test('an access token, by the client that stands for its API and by no other', async () => {
  const body: Partial<Client> = { app_type: 'resource_server', resource_server_identifier: API, grant_types: [GRANT] };
  const api = await addClient(house.server.ctx, body);
  await addApi(house.server.ctx, { identifier: 'https://second.test/' });
  const wrong = await addClient(house.server.ctx, { ...body, resource_server_identifier: 'https://second.test/' });
  const code = await addCode(house.server.ctx, {
    client_id: house.client.client_id,
    user_id: USER,
    audience: API,
    scope: ['openid', 'read:things'],
    redirect_uri_given: false,
  });
  const form = { grant_type: 'authorization_code', code, ...house.client };
  const { access_token, id_token } = (await house.server.post('/oauth/token', { form })).json;
  const subject = { subject_token: access_token, subject_token_type: ACCESS };
  const answer = await ask(subject, api);
  assert.equal(answer.status, 200, answer.text);
  assert.match(answer.json.access_token, /^upstream-access-/);
  assert.equal((await ask(subject, wrong)).status, 401);
  assert.equal((await ask({ ...subject, subject_token: id_token }, api)).status, 401);
  house.server.clock.advance(90_000);
  assert.equal((await ask(subject, api)).status, 401);
});

test('/api/v2/users/{id}/federated-connections-tokensets', async () => {
  await ask();
  const { status, json } = await house.manage('GET', PATH);
  assert.equal(status, 200);
  const { id, issued_at, ...rest } = json[0];
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const now = house.server.clock.now();
  assert.deepEqual([json.length, issued_at], [1, new Date(now).toISOString()]);
  assert.deepEqual(rest, {
    connection: 'cal',
    scope: 'openid profile email',
    expires_at: new Date(now + 3_600_000).toISOString(),
    last_used_at: new Date(now).toISOString(),
  });
  assert.equal((await house.manage('GET', PATH.replace('ada-1', 'nobody'))).status, 404);
  assert.equal((await house.manage('DELETE', `${PATH.replace('ada-1', 'nobody')}/${id}`)).status, 204);
  assert.equal((await house.manage('GET', PATH)).json.length, 1);
  assert.equal((await house.manage('DELETE', `${PATH}/${id}`)).status, 204);
  assert.deepEqual((await house.manage('GET', PATH)).json, []);
  assert.deepEqual(refusalOf(await ask()), NOT_FOUND);
});

test('of a login to an organization, only as long as the user belongs to it', async () => {
  const organization = await createOrganization(house.server.ctx, { name: 'acme' });
  await addOrganizationConnection(house.server.ctx, organization.id, { connection_id: connectionId });
  await addMember(house.server.ctx, organization.id, USER);
  await changeClient(house, { organization_usage: 'allow' });
  const parameters = { connection: 'cal', scope: 'openid offline_access', organization: organization.id };
  const tokens = await house.redeem(await house.logIn(parameters));
  const subject_token = tokens.refresh_token;
  assert.equal((await ask({ subject_token })).status, 200);
  await removeMember(house.server.ctx, organization.id, USER);
  assert.equal((await ask({ subject_token })).json.error, 'invalid_grant');
  await changeClient(house, { organization_usage: undefined });
});

test('with the connection go its users and their tokens', async () => {
  assert.equal((await house.manage('DELETE', `/api/v2/connections/${connectionId}`)).status, 202);
  assert.equal(await federatedTokensetsOf(house.server.ctx).count(), 0);
  assert.equal(await usersOf(house.server.ctx).get(USER), undefined);
});
