import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import {
  ACCESS_TOKEN,
  CUSTOM,
  type ExchangeTenant,
  exchangeTenant,
  ID_TOKEN,
  key,
  TOKEN_EXCHANGE,
  TYPE,
  VERIFIER,
} from '../../../../../test/exchange-fixture.ts';
import { useFactors } from '../../../../../test/fixtures.ts';
import { type ForeignServer, foreignKey, foreignServer, foreignToken } from '../../../../../test/foreign-issuer.ts';
import type { TestServer } from '../../../../../test/server.ts';
import {
  API,
  addApi,
  addClient,
  type Credentials,
  changeSettings,
  logTypes,
  payloadOf,
  refusalOf,
} from '../../../../../test/token-fixture.ts';
import { importSecretSigner, signJwt } from '../../../../platform/crypto/index.ts';
import { type Client, clientsOf } from '../../../../resources/clients/index.ts';
import { type Connection, connectionsOf } from '../../../../resources/connections/index.ts';
import { logsOf } from '../../../../resources/logs/index.ts';
import {
  addMember,
  addOrganizationConnection,
  createOrganization,
  isMember,
} from '../../../../resources/organizations/index.ts';
import { resourceServersOf } from '../../../../resources/resource-servers/index.ts';
import { type User, usersOf } from '../../../../resources/users/index.ts';

let tenant: ExchangeTenant;
let server: TestServer;
let client: Credentials;
let connection: Connection;
let user: User;
let keys: ForeignServer;
const published = foreignKey('published');
let served: unknown = { keys: [published.jwk] };

before(async () => {
  keys = await foreignServer(() => ({ json: served }));
  tenant = await exchangeTenant({ COUNTERSIGN_OUTBOUND_ALLOWED_HOSTS: new URL(keys.url).host });
  ({ server, client, connection, user } = tenant);
});
after(async () => {
  await server.close();
  await keys.close();
});

beforeEach(() => tenant.useVerifier(VERIFIER));

const subject: ExchangeTenant['subject'] = (changes) => tenant.subject(changes);
const exchange: ExchangeTenant['exchange'] = (changes, ip) => tenant.exchange(changes, ip);
const useVerifier: ExchangeTenant['useVerifier'] = (verifier, type) => tenant.useVerifier(verifier, type);
const assertRefused: ExchangeTenant['assertRefused'] = (answer, expected, label) =>
  tenant.assertRefused(answer, expected, label);
const claims: ExchangeTenant['claims'] = (changes) => tenant.claims(changes);
const seconds = () => Math.floor(server.ctx.clock.now() / 1000);

const SKIPS = { skip_consent_for_verifiable_first_party_clients: true };
const invalid = [400, 'invalid_request', 'Invalid subject_token'] as const;
const combination = [
  400,
  'invalid_request',
  'Invalid subject_token_type and requested_token_type combination.',
] as const;

test('a token of the profile’s issuer, for all tokens of its user', async () => {
  const answer = await exchange({ audience: API, scope: 'openid email read:things offline_access' });
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.json.issued_token_type, ACCESS_TOKEN);
  assert.equal(answer.json.token_type, 'Bearer');
  assert.equal(answer.json.scope, 'openid email read:things offline_access');
  const access = payloadOf(answer.json.access_token);
  assert.deepEqual(
    [access.sub, access.azp, access.act, access.gty],
    [user.user_id, client.client_id, undefined, undefined],
  );
  assert.equal(payloadOf(answer.json.id_token).email, user.email);
  assert.ok(answer.json.refresh_token);
  const refreshed = await server.post('/oauth/token', {
    form: { grant_type: 'refresh_token', ...client, refresh_token: answer.json.refresh_token },
  });
  assert.equal(payloadOf(refreshed.json.access_token).sub, user.user_id);
  assert.equal((await usersOf(server.ctx).get(user.user_id))?.logins_count, 1);
  const [row] = await logsOf(server.ctx).list({ where: { type: 'secte' } });
  assert.deepEqual([row?.user_id, row?.client_id, row?.connection], [user.user_id, client.client_id, 'db']);
});

test('tokens that are not what the profile asks for', async () => {
  await tenant.remember();
  const other = foreignKey('k1');
  const hmac = await signJwt(importSecretSigner(Buffer.from(key.publicPem)), claims());
  const unsigned = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${Buffer.from(JSON.stringify(claims())).toString('base64url')}.`;
  const wrong: Record<string, string> = {
    'another issuer': await subject({ iss: 'https://evil.test/' }),
    'another audience': await subject({ aud: 'urn:others' }),
    'no audience': await subject({ aud: undefined }),
    expired: await subject({ exp: seconds() - 11 }),
    'without end': await subject({ exp: undefined }),
    'from the future': await subject({ nbf: seconds() + 60 }),
    'of nobody': await subject({ sub: undefined }),
    'of a number': await subject({ sub: 7 }),
    'another key': await foreignToken(other, claims()),
    'the public key as a secret': hmac,
    'no signature': unsigned,
    'cut off': (await subject()).slice(0, -4),
    nonsense: 'nonsense',
  };
  for (const [label, subject_token] of Object.entries(wrong))
    await assertRefused(await exchange({ subject_token }), invalid, label);
  assert.ok((await logTypes(server)).includes('fecte'));
  assert.equal((await exchange()).status, 200);
});

test('parameters', async () => {
  await tenant.remember();
  const missing = (name: string) => [400, 'invalid_request', `Missing required parameter: ${name}`];
  await assertRefused(await exchange({ subject_token: undefined }), missing('subject_token'));
  await assertRefused(await exchange({ subject_token_type: '' }), missing('subject_token_type'));
  await assertRefused(await exchange({ subject_token_type: 'urn:acme:unknown' }), combination);
  await assertRefused(await exchange({ requested_token_type: ACCESS_TOKEN }), combination);
  const pair = [400, 'invalid_request', 'actor_token and actor_token_type must be sent together'];
  await assertRefused(await exchange({ actor_token: 'x' }), pair);
  await assertRefused(await exchange({ actor_token_type: ID_TOKEN }), pair);
  const service = [403, 'access_denied', 'Service not enabled within domain: urn:none'];
  await assertRefused(await exchange({ audience: 'urn:none' }), service);
});

test('resource stands in for audience where the tenant has it so', async () => {
  const audience = async (form: Record<string, string>) => {
    const { access_token } = (await exchange({ scope: 'read:things', ...form })).json;
    return access_token.includes('..') ? 'opaque' : payloadOf(access_token).aud;
  };
  assert.equal(await audience({ resource: API }), API);
  assert.equal(await audience({ resource: 'urn:none', audience: API }), API);
  await changeSettings(server.ctx, { resource_parameter_profile: 'audience' });
  assert.equal(await audience({ resource: API }), 'opaque');
  await changeSettings(server.ctx, { resource_parameter_profile: 'compatibility' });
});

test('only first-party, OIDC conformant clients that were told so', async () => {
  await tenant.remember();
  const refused = [403, 'unauthorized_client', `Grant type '${TOKEN_EXCHANGE}' not allowed for the client.`];
  const unfit = [
    { token_exchange: undefined },
    { token_exchange: { allow_any_profile_of_type: ['on_behalf_of_token_exchange'] } },
    { is_first_party: false },
    { oidc_conformant: false },
  ];
  for (const body of unfit) {
    const other = await addClient(server.ctx, { ...CUSTOM, grant_types: [TOKEN_EXCHANGE], ...body } as Partial<Client>);
    await assertRefused(await exchange(other), refused, JSON.stringify(body));
  }
  const wrongSecret = await exchange({ client_secret: 'wrong' });
  assert.deepEqual(refusalOf(wrongSecret), [401, 'access_denied', 'Unauthorized']);
});

test('an API that wants consent', async () => {
  await tenant.remember();
  const api = await resourceServersOf(server.ctx).find({ identifier: API });
  await resourceServersOf(server.ctx).put({ ...api!, skip_consent_for_verifiable_first_party_clients: false });
  const answer = await exchange({ audience: API });
  await resourceServersOf(server.ctx).put(api!);
  assert.deepEqual(refusalOf(answer).slice(0, 2), [403, 'access_denied']);
});

test('users who are unknown, blocked, or of a connection that the client may not use', async () => {
  await tenant.remember();
  await assertRefused(await exchange({ subject_token: await subject({ sub: 'auth0|nobody' }) }), [
    400,
    'invalid_request',
    'User not found',
  ]);
  await usersOf(server.ctx).update(user.user_id, (row) => ({ ...row, blocked: true }));
  await assertRefused(await exchange(), [403, 'unauthorized', 'user is blocked']);
  await usersOf(server.ctx).update(user.user_id, (row) => ({ ...row, blocked: false }));
  await connectionsOf(server.ctx).put({ ...connection, enabled_clients: [] });
  await assertRefused(await exchange(), [403, 'invalid_request', 'the connection was disabled']);
  await connectionsOf(server.ctx).put(connection);
});

test('ids within a connection; unknown people are made known where the profile says so', async () => {
  await useVerifier({ ...VERIFIER, connection: 'db', user_id_claim: 'uid' });
  const uid = user.user_id.slice('auth0|'.length);
  const known = await exchange({ subject_token: await subject({ sub: 'x', uid }), scope: 'openid' });
  assert.equal(payloadOf(known.json.id_token).sub, user.user_id);
  const newcomer = await subject({ uid: 'newcomer', email: 'New@example.test', email_verified: true, name: 'New' });
  assert.equal((await exchange({ subject_token: newcomer })).json.error_description, 'User not found');
  await useVerifier({ ...VERIFIER, connection: 'db', user_id_claim: 'uid', creation_behavior: 'create_if_not_exists' });
  const both = await Promise.all([1, 2, 3].map(() => exchange({ subject_token: newcomer, scope: 'openid email' })));
  for (const { status, json } of both) {
    assert.equal(status, 200);
    const { sub, email, email_verified } = payloadOf(json.id_token);
    assert.deepEqual([sub, email, email_verified], ['auth0|newcomer', 'new@example.test', true]);
  }
  const stored = await usersOf(server.ctx).get('auth0|newcomer');
  assert.deepEqual(stored?.identities, [{ connection: 'db', user_id: 'newcomer', provider: 'auth0', isSocial: false }]);
  const taken = await subject({ uid: 'thief', email: user.email });
  assert.equal((await exchange({ subject_token: taken })).status, 400);
});

test('somebody of another connection with the same id is not taken for this one’s', async () => {
  const other = { ...connection, id: 'con_other', name: 'other-db', realms: ['other-db'] };
  await connectionsOf(server.ctx).put(other);
  await useVerifier({ ...VERIFIER, connection: 'other-db' });
  const uid = user.user_id.slice('auth0|'.length);
  const answer = await exchange({ subject_token: await subject({ sub: uid }) });
  assert.equal(answer.json.error_description, 'User not found');
  await connectionsOf(server.ctx).delete('con_other');
});

test('a token that is good once is redeemed once, however many try', async () => {
  await useVerifier({ ...VERIFIER, single_use: true });
  const subject_token = await subject({ jti: 'once' });
  const answers = await Promise.all(Array.from({ length: 30 }, () => exchange({ subject_token })));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  assert.equal((await exchange()).json.error_description, 'Invalid subject_token');
  const refused = await subject({ jti: 'again' });
  assert.equal((await exchange({ subject_token: refused, audience: 'urn:none' })).status, 403);
  assert.equal((await exchange({ subject_token: refused })).status, 200);
  const long = await subject({ jti: 'long', exp: seconds() + 90_000 });
  assert.equal((await exchange({ subject_token: long })).status, 400);
});

test('keys that the issuer publishes: kept, looked for again, and only where the server may go', async () => {
  const { public_key: _none, ...rest } = VERIFIER;
  await useVerifier({ ...rest, jwks_uri: `${keys.url}/jwks` });
  const signed = () => foreignToken(published, claims());
  assert.equal((await exchange({ subject_token: await signed() })).status, 200);
  assert.equal((await exchange({ subject_token: await signed() })).status, 200);
  assert.equal(keys.requests.length, 1);
  const rotated = foreignKey('rotated');
  served = { keys: [rotated.jwk] };
  const fresh = await foreignToken(rotated, claims());
  assert.deepEqual(refusalOf(await exchange({ subject_token: fresh })), invalid);
  server.clock.advance(31);
  assert.equal((await exchange({ subject_token: await foreignToken(rotated, claims()) })).status, 200);
  assert.equal(keys.requests.length, 2);
  for (const jwks_uri of ['http://127.0.0.1:9/jwks', 'https://169.254.169.254/latest']) {
    await useVerifier({ ...rest, jwks_uri });
    const answer = await exchange({ subject_token: await signed() });
    assert.deepEqual([answer.status, answer.json.error], [503, 'temporarily_unavailable'], jwks_uri);
  }
  served = { keys: [] };
});

test('ten wrong tokens from one address; then nothing more is told, until a while has passed', async () => {
  const ip = '203.0.113.9';
  for (let tried = 0; tried < 10; tried++)
    assert.deepEqual(refusalOf(await exchange({ subject_token: 'wrong' }, ip)), invalid);
  const blocked = [
    429,
    'too_many_attempts',
    'We have detected suspicious login behavior and further attempts will be blocked. Please contact the administrator.',
  ];
  assert.deepEqual(refusalOf(await exchange({ subject_token: 'wrong' }, ip)), blocked);
  assert.deepEqual(refusalOf(await exchange({}, ip)), blocked);
  assert.equal((await exchange()).status, 200);
  assert.ok((await logTypes(server)).includes('limit_mu'));
  server.clock.advance(600);
  assert.equal((await exchange({}, ip)).status, 200);
  const many = await Promise.all(
    Array.from({ length: 40 }, () => exchange({ subject_token: 'wrong' }, '203.0.113.10')),
  );
  assert.equal(many.filter(({ status }) => status === 400).length, 10);
});

test('an organization, for its members and for clients that may use one', async () => {
  const organization = await createOrganization(server.ctx, { name: 'acme' });
  const wanted = { organization: organization.id, scope: 'openid' };
  await tenant.remember();
  const denied = [400, 'invalid_request', 'parameter organization is not allowed for this client'];
  await assertRefused(await exchange(wanted), denied);
  await clientsOf(server.ctx).update(client.client_id, (stored) => ({ ...stored, organization_usage: 'allow' }));
  const stranger = [403, 'access_denied', `user ${user.user_id} is not part of the ${organization.id} organization`];
  await assertRefused(await exchange(wanted), stranger);
  await addMember(server.ctx, organization.id, user.user_id);
  await addOrganizationConnection(server.ctx, organization.id, { connection_id: connection.id });
  assert.equal(payloadOf((await exchange(wanted)).json.id_token).org_id, organization.id);
  await clientsOf(server.ctx).update(client.client_id, (stored) => ({ ...stored, organization_usage: 'deny' }));
});

test('a profile is its own tenant’s', async () => {
  const there = await addClient(server.other.ctx, CUSTOM);
  const form = { grant_type: TOKEN_EXCHANGE, ...there, subject_token_type: TYPE, subject_token: await subject() };
  assert.deepEqual(refusalOf(await server.other.post('/oauth/token', { form })), combination);
});

test('nobody is made of a token that does not make anybody', async () => {
  await useVerifier({ ...VERIFIER, connection: 'db', creation_behavior: 'create_if_not_exists' });
  await tenant.remember();
  const fine = { sub: 'partner-9', email: 'partner-9@example.test' };
  for (const claims of [
    { sub: 'a\u0000b' },
    { sub: 'a b' },
    { sub: 'x'.repeat(256) },
    { email: 'nowhere' },
    { email: 7 },
  ]) {
    const answer = await exchange({ subject_token: await subject({ ...fine, ...claims }) });
    await assertRefused(answer, [400, 'invalid_request', 'Invalid subject_token'], JSON.stringify(claims));
  }
  const answer = await exchange({ subject_token: await subject({ ...fine, email: 'Partner-9@Example.test' }) });
  assert.equal(answer.status, 200, answer.text);
  assert.equal((await usersOf(server.ctx).get('auth0|partner-9'))?.email, fine.email);
  await useVerifier(VERIFIER);
});

test('nobody is made by a request that is refused, whatever for; a second factor is asked of somebody who is', async () => {
  const stored = (await clientsOf(server.ctx).get(client.client_id))!;
  const changeClient = (changes: object) => clientsOf(server.ctx).put({ ...stored, ...changes } as typeof stored);
  await useVerifier({ ...VERIFIER, connection: 'db', creation_behavior: 'create_if_not_exists', single_use: true });
  const newcomer = await subject({ sub: 'late', jti: 'late', email: 'late@example.test' });
  const asking = (changes: Record<string, string> = {}) => exchange({ subject_token: newcomer, ...changes });
  const organization = await createOrganization(server.ctx, { name: 'newcomers' });
  await addOrganizationConnection(server.ctx, organization.id, { connection_id: connection.id });
  await tenant.remember();
  await changeClient({ organization_usage: 'allow' });
  const stranger = [403, 'access_denied', `user auth0|late is not part of the ${organization.id} organization`];
  await assertRefused(await asking({ organization: organization.id }), stranger);
  const closed = { client: { policy: 'deny_all' }, user: { policy: 'require_client_grant' } } as const;
  await addApi(server.ctx, { ...SKIPS, identifier: 'urn:closed', subject_type_authorization: closed });
  const unauthorized = `Client "${client.client_id}" is not authorized to access resource server "urn:closed".`;
  await assertRefused(await asking({ audience: 'urn:closed' }), [403, 'access_denied', unauthorized]);
  const proof_of_possession = { mechanism: 'mtls', required: true } as const;
  await addApi(server.ctx, { ...SKIPS, identifier: 'urn:bound', proof_of_possession });
  const unbound = await asking({ audience: 'urn:bound' });
  assert.equal(unbound.status, 400, unbound.text);
  await assertRefused(unbound, refusalOf(unbound), 'no proof of possession');
  await useFactors(server.ctx, ['otp'], ['all-applications']);
  const pending = await asking();
  await useFactors(server.ctx, []);
  assert.deepEqual([pending.json.error, typeof pending.json.mfa_token], ['mfa_required', 'string']);
  assert.equal((await usersOf(server.ctx).get('auth0|late'))?.email, 'late@example.test');
  await changeClient({});
});

test('somebody new becomes a member where the organization’s connection has it so', async () => {
  await useVerifier({ ...VERIFIER, connection: 'db', creation_behavior: 'create_if_not_exists' });
  await clientsOf(server.ctx).update(client.client_id, (stored) => ({ ...stored, organization_usage: 'allow' }));
  const { id } = await createOrganization(server.ctx, { name: 'joined' });
  const joining = { connection_id: connection.id, assign_membership_on_login: true };
  await addOrganizationConnection(server.ctx, id, joining);
  const subject_token = await subject({ sub: 'joins', email: 'joins@example.test' });
  const answer = await exchange({ subject_token, organization: id, scope: 'openid' });
  assert.equal(payloadOf(answer.json.id_token).org_id, id, answer.text);
  assert.equal(await isMember(server.ctx, id, 'auth0|joins'), true);
});
