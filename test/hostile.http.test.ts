/** Whatever is sent to whatever endpoint: a clear answer in the words of its surface, never a fault. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import type { Endpoint } from '../src/kernel/index.ts';
import { compileEndpoint } from '../src/platform/http/index.ts';
import { findConnectionByName } from '../src/resources/connections/index.ts';
import { publicKeys } from '../src/resources/keys/index.ts';
import { addMember } from '../src/resources/organizations/index.ts';
import { findResourceServer } from '../src/resources/resource-servers/index.ts';
import { assertCivil } from './civil-answer.ts';
import { ALL_GRANTS, addApplication, addPerson, CONNECTION, PASSWORD, useFactors } from './fixtures.ts';
import { hostileRequests } from './hostile-requests.ts';
import { managementToken } from './management.ts';
import { type TestServer, testServer } from './server.ts';
import { obtainTokens, SOMEBODY, type Tokens } from './tokens-of.ts';

/** Requests an endpoint: to look deeper than every run of the tests does, `HOSTILE_RUNS=1000 HOSTILE_SEED=7`. */
const RUNS = Number(process.env.HOSTILE_RUNS ?? 60);
const SEED = Number(process.env.HOSTILE_SEED ?? 1);
/** Of a single answer, on a busy machine. */
const PATIENCE_MS = 5_000;

/** Somebody with a phone as second factor. */
const ENROLLED = 'target@example.test';

let server: TestServer;
let tokens: Tokens;
/** Names of members and parameters, and values that are right for them. */
const named: Record<string, string[]> = {
  grant_type: ALL_GRANTS,
  connection: [CONNECTION],
  realm: [CONNECTION],
  username: [SOMEBODY, ENROLLED],
  email: ['ada@example.test', 'new@example.test'],
  password: [PASSWORD, 'wrong'],
  response_type: ['code'],
  redirect_uri: ['https://app.test/callback'],
  scope: ['openid offline_access', 'openid enroll'],
  action: ['default', 'resend-code', 'pick-authenticator', 'back', 'accept', 'sms', 'otp'],
  code: ['123456'],
  phone_number: ['+15551234567'],
  challenge_type: ['otp', 'oob', 'otp oob'],
};
/** Ids of what is there. */
const ids: string[] = [];
/** Of a browser in the middle of several logins. */
const jar: Record<string, string> = {};
/** For the My Organization API. */
let organizationToken: string;

before(async () => {
  server = await testServer();
  await useFactors(server.ctx, ['otp', 'sms']);
  tokens = await obtainTokens(server);
  await preparePlausible();
});
after(() => server.close());

/** Fills `named`, `ids` and `jar`. */
async function preparePlausible(): Promise<void> {
  const { client_id, client_secret } = await addApplication(server.ctx);
  const { user_id } = await addPerson(server.ctx, ENROLLED);
  const phone = { bearer: tokens.management, json: { type: 'phone', phone_number: '+15551234567' } };
  const method = await server.post(`/api/v2/users/${encodeURIComponent(user_id)}/authentication-methods`, phone);
  assert.equal(method.status, 201, method.text);
  const connection = await findConnectionByName(server.ctx, CONNECTION);
  const api = await findResourceServer(server.ctx, `${server.issuer}api/v2/`);
  const [key] = await publicKeys(server.ctx);
  ids.push(client_id, user_id, connection?.id ?? '', api?.id ?? '', method.json.id, key?.kid ?? '');
  const audience = [`${server.issuer}api/v2/`, `${server.issuer}mfa/`];
  Object.assign(named, { client_id: [client_id], client_secret: [client_secret], audience, mfa_token: [tokens.mfa] });
  await useFactors(server.ctx, ['otp', 'sms', 'email', 'recovery-code', 'push-notification'], ['all-applications']);
  await prepareOrganization(client_id, user_id);
  named.state = [
    await beginLogin(client_id),
    await beginLogin(client_id, SOMEBODY),
    await beginLogin(client_id, ENROLLED),
  ];
}

/** An organization that may set things up, with an identity provider and a domain of its own. */
async function prepareOrganization(client_id: string, user_id: string): Promise<void> {
  const manage = async (method: string, path: string, json: object) => {
    const answer = await server.request(method, `/api/v2/${path}`, { bearer: tokens.management, json });
    assert.ok(answer.status < 300, answer.text);
    return answer.json;
  };
  const email = { description: 'x', label: 'x', profile_required: true, auth0_mapping: 'email' };
  const profiles = {
    connection_profile_id: (await manage('POST', 'connection-profiles', { name: 'x' })).id,
    user_attribute_profile_id: (
      await manage('POST', 'user-attribute-profiles', { name: 'x', user_attributes: { email } })
    ).id,
  };
  const allowed = { allowed_strategies: ['oidc', 'okta', 'samlp'], connection_deletion_behavior: 'allow' };
  await manage('PATCH', `clients/${client_id}`, { my_organization_configuration: { ...profiles, ...allowed } });
  const audience = `${server.issuer}my-org/`;
  const { scopes } = await manage('POST', 'resource-servers', { identifier: audience });
  const organization = await manage('POST', 'organizations', { name: 'hostile' });
  await addMember(server.ctx, organization.id, user_id);
  const claims = { aud: audience, azp: client_id, sub: user_id, org_id: organization.id };
  organizationToken = await managementToken(
    server,
    scopes.map(({ value }: { value: string }) => value),
    claims,
  );
  const call = { bearer: organizationToken };
  const domain = await server.post('/my-org/v1/domains', { ...call, json: { domain: 'hostile.test' } });
  const options = { domain: 'idp.test', client_id: 'x', client_secret: 'x' };
  const idp = await server.post('/my-org/v1/identity-providers', {
    ...call,
    json: { name: 'x', strategy: 'okta', options },
  });
  assert.deepEqual([domain.status, idp.status], [201, 201], idp.text);
  ids.push(domain.json.id, idp.json.id, organization.id);
}

/** The state of a login that waits for a password or, with one of `username`, for a second factor. */
async function beginLogin(client_id: string, username?: string): Promise<string> {
  const request = { client_id, response_type: 'code', redirect_uri: 'https://app.test/callback', scope: 'openid' };
  const { headers } = await server.get('/authorize', { query: request, jar });
  const state = new URL(headers.location ?? '', server.url).searchParams.get('state') ?? '';
  if (!username) return state;
  const answer = await server.post('/u/login', {
    query: { state },
    form: { state, username, password: PASSWORD },
    jar,
  });
  assert.equal(answer.status, 302, answer.text);
  return state;
}

test('every endpoint has schemas that compile', () => {
  assert.ok(server.app.endpoints.length > 50);
  for (const endpoint of server.app.endpoints) compileEndpoint(endpoint, 'start');
});

/** Paths that would disturb the tests themselves. */
const LEFT_OUT = new Set(['/_dev/clock', '/_dev/page/clock']);

describe('whatever is sent, no endpoint fails, and each refuses in its own words', () => {
  test('all endpoints', async (t) => {
    const gentleFirst = server.app.endpoints.toSorted(
      (a, b) => Number(a.method === 'DELETE') - Number(b.method === 'DELETE'),
    );
    for (const endpoint of gentleFirst) {
      if (LEFT_OUT.has(endpoint.path)) continue;
      await t.test(`${endpoint.method} ${endpoint.path}`, () => bombard(endpoint));
    }
  });
});

/** A token with which the endpoint is reached. */
function rightFor({ surface }: Endpoint): string {
  if (surface === 'my_organization') return organizationToken;
  return surface === 'management' ? tokens.management : tokens.mfa;
}

async function bombard(endpoint: Endpoint): Promise<void> {
  const right = rightFor(endpoint);
  const bearers = [right, right, right, ...Object.values(tokens), 'nonsense', 'a.b.c'];
  const report = await fc.check(
    fc.asyncProperty(hostileRequests(endpoint, { bearers, ids, named }), async (request) => {
      const path = endpoint.path.replace(/:[a-zA-Z_]+/g, () => request.place);
      const started = performance.now();
      const answered = await server.app.http.app.inject({
        method: endpoint.method as 'POST',
        url: request.query ? `${path}?${request.query}` : path,
        headers: {
          host: server.host,
          ...request.headers,
          ...(request.contentType ? { 'content-type': request.contentType } : {}),
        },
        cookies: jar,
        ...(request.body && endpoint.method !== 'GET' ? { payload: request.body } : {}),
      });
      assert.ok(performance.now() - started < PATIENCE_MS, `slow: ${endpoint.path}`);
      const type = String(answered.headers['content-type'] ?? '');
      assertCivil(endpoint, { status: answered.statusCode, type, text: answered.payload });
    }),
    { numRuns: RUNS, seed: SEED },
  );
  if (report.failed) assert.fail(`${report.errorInstance}\n${JSON.stringify(report.counterexample).slice(0, 1000)}`);
}
