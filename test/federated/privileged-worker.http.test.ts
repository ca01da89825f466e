/** The token vault for a client that names the user itself: what it must prove, from where, and how far it goes. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { federatedTokensetsOf } from '../../src/resources/federated-tokensets/index.ts';
import { addMember, createOrganization } from '../../src/resources/organizations/index.ts';
import { usersOf } from '../../src/resources/users/index.ts';
import { addClientKey, type ClientKey } from '../client-keys.ts';
import { addClient, refusalOf } from '../token-fixture.ts';
import { changeClient, type House, oidcOptions, openHouse } from './federated-house.ts';

const GRANT = 'urn:auth0:params:oauth:grant-type:token-exchange:federated-connection-access-token';
const ISSUED = 'http://auth0.com/oauth/token-type/token-vault-access-token';
const JWT = 'urn:ietf:params:oauth:token-type:jwt';
const TYP = 'token-vault-req+jwt';
const USER = 'oidc|cal|ada-1';
const SCOPES = ['openid', 'profile', 'email'];

let house: House;
let key: ClientKey;
let serial = 0;

const access = (change: object = {}) => ({
  credentials: [{ id: key.id }],
  ip_allowlist: ['192.0.2.0/24', '2001:db8::7'],
  grants: [{ connection: 'cal', scopes: SCOPES }],
  ...change,
});

before(async () => {
  house = await openHouse('https://worker.test');
  const vault = { federated_connections_access_tokens: { active: true } };
  await house.connect('cal', { strategy: 'oidc', options: oidcOptions(house.provider, vault) });
  await house.connect('other', { strategy: 'oidc', options: oidcOptions(house.provider, vault) });
  await house.logIn({ connection: 'cal' });
  key = await addClientKey(house.server.ctx, house.client.client_id, []);
});
after(() => house.server.close());
beforeEach(() =>
  changeClient(house, {
    grant_types: ['authorization_code', GRANT],
    oidc_conformant: true,
    is_first_party: true,
    token_vault_privileged_access: access(),
  }),
);

const now = () => Math.floor(house.server.clock.now() / 1000);

function subject(claims: object = {}, header: object = {}, signer = key): Promise<string> {
  serial += 1;
  const own = { iss: house.client.client_id, sub: USER, aud: house.server.issuer, iat: now(), jti: `jti-${serial}` };
  return signer.sign({ ...own, audit_context: 'Nightly report', ...claims }, { typ: TYP, ...header });
}

const send = async (form: Record<string, string | undefined> = {}, from = '192.0.2.9') =>
  house.server.post('/oauth/token', {
    from,
    form: {
      grant_type: GRANT,
      ...house.client,
      subject_token: await subject(),
      subject_token_type: JWT,
      requested_token_type: ISSUED,
      connection: 'cal',
      ...form,
    },
  });

/** Refused, with nothing handed out, and the vault as it was. */
async function refuses(
  why: string,
  expected: readonly [number, string],
  form: Record<string, string | undefined> = {},
  from?: string,
): Promise<void> {
  const vault = await federatedTokensetsOf(house.server.ctx).list();
  const answer = await send(form, from);
  assert.deepEqual(refusalOf(answer).slice(0, 2), expected, `${why}: ${answer.text}`);
  assert.equal('access_token' in answer.json, false);
  assert.deepEqual(await federatedTokensetsOf(house.server.ctx).list(), vault);
}

test('the token of a user who is not there, and why it was wanted in the log', async () => {
  const answer = await send();
  assert.equal(answer.status, 200, answer.text);
  const { access_token, ...rest } = answer.json;
  assert.match(access_token, /^upstream-access-/);
  assert.deepEqual(rest, {
    scope: 'openid profile email',
    expires_in: 3600,
    issued_token_type: ISSUED,
    token_type: 'Bearer',
  });
  const row = (await house.logged('seta')).at(-1);
  assert.deepEqual([row?.user_id, row?.connection, row?.details], [USER, 'cal', { audit_context: 'Nightly report' }]);
  assert.equal((await send({}, '2001:db8::7')).status, 200);
  assert.equal((await send({}, '::ffff:192.0.2.1')).status, 200);
});

test('each request works once, however many come at the same time', async () => {
  const subject_token = await subject();
  const answers = await Promise.all(Array.from({ length: 100 }, () => send({ subject_token })));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  await refuses('used', [401, 'invalid_request'], { subject_token });
});

test('a refusal has not used it up', async () => {
  const subject_token = await subject();
  await refuses('from elsewhere', [403, 'access_denied'], { subject_token }, '198.51.100.1');
  await refuses('another connection', [403, 'access_denied'], { subject_token, connection: 'other' });
  assert.equal((await send({ subject_token })).status, 200);
});

test('what the token must be', async () => {
  const stranger = await addClientKey(house.server.ctx, (await addClient(house.server.ctx)).client_id, []);
  for (const [why, token] of [
    ['no JWT', 'x'],
    ['too long', await subject({ x: 'x'.repeat(5000) })],
    ['an assertion', await subject({}, { typ: 'JWT' })],
    ['a request', await subject({}, { typ: 'oauth-authz-req+jwt' })],
    ['without a type', await subject({}, { typ: null })],
    ['of another client', await subject({ iss: 'other' })],
    ['for another tenant', await subject({ aud: house.server.other.issuer })],
    ['for several', await subject({ aud: [house.server.issuer, 'https://other.test/'] })],
    ['without a time', await subject({ iat: undefined })],
    ['old', await subject({ iat: now() - 61, exp: now() + 600 })],
    ['to come', await subject({ iat: now() + 11 })],
    ['over', await subject({ exp: now() - 10 })],
    ['not yet', await subject({ nbf: now() + 11 })],
    ['without an id', await subject({ jti: undefined })],
    ['with a long id', await subject({ jti: 'x'.repeat(65) })],
    ['without a reason', await subject({ audit_context: undefined })],
    ['with an empty reason', await subject({ audit_context: '' })],
    ['with a long reason', await subject({ audit_context: 'x'.repeat(257) })],
    ['about nobody', await subject({ sub: 'auth0|nobody' })],
    ['about no text', await subject({ sub: { $ne: '' } })],
    ['signed by a stranger', await subject({}, { kid: key.id }, stranger)],
    ['signed by another algorithm', await subject({}, { alg: 'RS384' })],
  ] as const)
    await refuses(why, [401, 'invalid_request'], { subject_token: token });
});

test('which client may do it', async () => {
  for (const [why, change] of [
    ['no access', { token_vault_privileged_access: null }],
    ['no key', { token_vault_privileged_access: access({ credentials: [] }) }],
    ['no addresses', { token_vault_privileged_access: access({ ip_allowlist: undefined }) }],
    ['no grants', { token_vault_privileged_access: access({ grants: [] }) }],
    ['no scopes', { token_vault_privileged_access: access({ grants: [{ connection: 'cal', scopes: [] }] }) }],
    [
      'another connection',
      { token_vault_privileged_access: access({ grants: [{ connection: 'other', scopes: SCOPES }] }) },
    ],
    [
      'fewer scopes than the token has',
      { token_vault_privileged_access: access({ grants: [{ connection: 'cal', scopes: ['openid'] }] }) },
    ],
    ['not conformant', { oidc_conformant: false }],
  ] as const) {
    await changeClient(house, change);
    await refuses(why, [403, 'access_denied']);
    await changeClient(house, { oidc_conformant: true, token_vault_privileged_access: access() });
  }
  await changeClient(house, { is_first_party: false });
  await refuses('a third party', [403, 'unauthorized_client']);
  await changeClient(house, { is_first_party: true, grant_types: ['authorization_code'] });
  await refuses('without the grant', [403, 'unauthorized_client']);
  await refuses('a wrong secret', [401, 'access_denied'], { client_secret: 'wrong' });
});

test('fewer scopes are not given by giving all', async () => {
  await refuses('one of them', [403, 'access_denied'], { scope: 'openid' });
  await refuses('none of them', [403, 'access_denied'], { scope: 'calendar' });
  assert.equal((await send({ scope: 'openid profile email calendar' })).status, 200, 'what may not be had is left out');
  const [row] = await federatedTokensetsOf(house.server.ctx).list();
  assert.ok(row);
  const { scope: _unknown, ...silent } = row;
  await federatedTokensetsOf(house.server.ctx).put(silent);
  await refuses('a token that might be good for anything', [403, 'access_denied']);
  await federatedTokensetsOf(house.server.ctx).put(row);
});

test('types that do not belong together', async () => {
  const federated = 'http://auth0.com/oauth/token-type/federated-connection-access-token';
  await refuses('the type of the others', [400, 'invalid_request'], { requested_token_type: federated });
  const REFRESH = 'urn:ietf:params:oauth:token-type:refresh_token';
  await refuses('a refresh token', [400, 'invalid_request'], { subject_token_type: REFRESH });
});

test('a user who is blocked, and an organization that is not theirs', async () => {
  await refuses('an organization', [403, 'invalid_grant'], {
    subject_token: await subject({ org_id: 'org_0000000000000000' }),
  });
  await refuses('no text', [401, 'invalid_request'], { subject_token: await subject({ org_id: 7 }) });
  const { id: org_id } = await createOrganization(house.server.ctx, { name: 'acme' });
  const subject_token = await subject({ org_id });
  await refuses('an organization of others', [403, 'invalid_grant'], { subject_token });
  await addMember(house.server.ctx, org_id, USER);
  assert.equal((await send({ subject_token })).status, 200);
  assert.equal((await house.logged('seta')).at(-1)?.organization_id, org_id);
  await usersOf(house.server.ctx).update(USER, (user) => ({ ...user, blocked: true }));
  const [status] = refusalOf(await send());
  assert.equal(status, 403);
  await usersOf(house.server.ctx).update(USER, (user) => ({ ...user, blocked: false }));
});
