/** Bad input and bad credentials at every endpoint: always a clear refusal, never a fault, never a way in. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import type { Endpoint } from '../src/kernel/index.ts';
import { decodeJwt, signJwt, verifyJwt } from '../src/platform/crypto/index.ts';
import { compileEndpoint } from '../src/platform/http/index.ts';
import { currentSigner, publicKeys } from '../src/resources/keys/index.ts';
import {
  ALL_GRANTS,
  addApplication,
  addManagementClient,
  addPerson,
  CONNECTION,
  PASSWORD,
  useFactors,
} from './fixtures.ts';
import { assertCivil, hostileRequests } from './hostile-requests.ts';
import { type Answer, type TestServer, type TestTenant, testServer } from './server.ts';

const RUNS = 60;
/** Of a single answer, on a busy machine. */
const PATIENCE_MS = 5_000;

let server: TestServer;
const tokens: Record<'management' | 'mfa' | 'userinfo', string> = { management: '', mfa: '', userinfo: '' };
/** The same of the other tenant. */
const foreign = { ...tokens };
/** Values that endpoints take: with wrong ones beside them they lead to everything that can go wrong later. */
const plausible = [
  ...ALL_GRANTS,
  CONNECTION,
  'ada@example.test',
  PASSWORD,
  'https://app.test/callback',
  'code',
  'openid offline_access',
  'otp',
  'oob',
  'sms',
  'default',
  '+15551234567',
  '2026-01-15T10:00:00.000Z',
];

before(async () => {
  server = await testServer();
  await useFactors(server.ctx, ['otp', 'sms', 'email', 'recovery-code', 'push-notification']);
  await useFactors(server.other.ctx, ['otp', 'sms']);
  const { client_id, client_secret } = await addApplication(server.ctx);
  plausible.push(client_id, client_secret);
  await obtain(server, tokens);
  await obtain(server.other, foreign);
});
after(() => server.close());

/** Good tokens of `tenant` for each API. */
async function obtain(tenant: TestTenant, into: typeof tokens): Promise<void> {
  const machine = await addManagementClient(tenant.ctx);
  const client = await addApplication(tenant.ctx);
  await addPerson(tenant.ctx);
  const form = (more: Record<string, string>) => tenant.post('/oauth/token', { form: more });
  const login = {
    grant_type: 'http://auth0.com/oauth/grant-type/password-realm',
    realm: 'Username-Password-Authentication',
    username: 'ada@example.test',
    password: PASSWORD,
    ...client,
  };
  const audience = `${tenant.issuer}api/v2/`;
  into.management = tokenOf(await form({ grant_type: 'client_credentials', audience, ...machine }));
  into.mfa = tokenOf(
    await form({
      ...login,
      audience: `${tenant.issuer}mfa/`,
      scope: 'enroll read:authenticators remove:authenticators',
    }),
  );
  into.userinfo = tokenOf(await form({ ...login, scope: 'openid profile email' }));
}

function tokenOf(answer: Answer): string {
  assert.equal(answer.status, 200, answer.text);
  return answer.json.access_token as string;
}

test('every endpoint has schemas that compile', () => {
  assert.ok(server.app.endpoints.length > 50);
  for (const endpoint of server.app.endpoints) compileEndpoint(endpoint, 'start');
});

/** Paths that would disturb the tests themselves. */
const LEFT_OUT = new Set(['/_dev/clock', '/_dev/page/clock']);

describe('whatever is sent, no endpoint fails, and each refuses in its own words', () => {
  test('all endpoints', async (t) => {
    for (const endpoint of server.app.endpoints) {
      if (LEFT_OUT.has(endpoint.path)) continue;
      await t.test(`${endpoint.method} ${endpoint.path}`, () => bombard(endpoint));
    }
  });
});

async function bombard(endpoint: Endpoint): Promise<void> {
  const right = endpoint.surface === 'management' ? tokens.management : tokens.mfa;
  const bearers = [right, right, right, ...Object.values(tokens), 'nonsense', 'a.b.c'];
  const report = await fc.check(
    fc.asyncProperty(hostileRequests(endpoint, { bearers, values: plausible }), async (request) => {
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
        ...(request.body && endpoint.method !== 'GET' ? { payload: request.body } : {}),
      });
      assert.ok(performance.now() - started < PATIENCE_MS, `slow: ${endpoint.path}`);
      const type = String(answered.headers['content-type'] ?? '');
      assertCivil(endpoint, { status: answered.statusCode, type, text: answered.payload });
    }),
    { numRuns: RUNS, seed: 1 },
  );
  if (report.failed) assert.fail(`${report.errorInstance}\n${JSON.stringify(report.counterexample).slice(0, 1000)}`);
}

/** Where each kind of token opens a door, and what a stranger is told there. */
const DOORS = {
  management: { path: '/api/v2/clients', statuses: [401] },
  mfa: { path: '/mfa/authenticators', statuses: [401, 403] },
  userinfo: { path: '/userinfo', statuses: [401] },
} as const;
type Door = keyof typeof DOORS;

const knock = (door: Door, bearer: string, tenant: TestTenant = server) => tenant.get(DOORS[door].path, { bearer });

function decode(part: string | undefined): Record<string, unknown> {
  return JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;
}
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A JWT that one of these doors opens for: userinfo tokens are opaque, the others are not. */
const JWT_DOORS = ['management', 'mfa'] as const;

/** The token with other claims, signed by the tenant itself. */
async function resign(token: string, changes: Record<string, unknown>): Promise<string> {
  const decoded = decodeJwt(token);
  assert.ok(decoded, 'a JWT');
  return signJwt(
    await currentSigner(server.ctx),
    { ...decoded.payload, ...changes },
    { typ: String(decoded.header.typ) },
  );
}

describe('tokens that are no good', () => {
  for (const door of Object.keys(DOORS) as Door[]) {
    test(`${door}: the good one opens`, async () => {
      const answer = await knock(door, tokens[door]);
      assert.equal(answer.status, 200, answer.text);
    });

    test(`${door}: none, nonsense, one for something else, one of another tenant`, async () => {
      const elsewhere = (Object.keys(DOORS) as Door[]).filter((one) => one !== door).map((one) => tokens[one]);
      for (const bearer of ['nonsense', 'a.b.c', `${tokens[door]}x`, foreign[door], ...elsewhere])
        refused(door, await knock(door, bearer));
      refused(door, await server.get(DOORS[door].path));
      refused(door, await knock(door, tokens[door], server.other));
      assert.equal((await knock(door, foreign[door], server.other)).status, 200);
    });
  }

  for (const door of JWT_DOORS) {
    test(`${door}: alg none, HS256 with the public key, a changed claim under the old signature`, async () => {
      const [header = '', claims = '', signature = ''] = tokens[door].split('.');
      const none = `${encode({ ...decode(header), alg: 'none' })}.${claims}.`;
      refused(door, await knock(door, none));
      refused(door, await knock(door, `${none}${signature}`));
      for (const key of await publicSecrets()) {
        const signed = `${encode({ ...decode(header), alg: 'HS256' })}.${claims}`;
        const mac = createHmac('sha256', key).update(signed).digest('base64url');
        refused(door, await knock(door, `${signed}.${mac}`));
      }
      const more = encode({ ...decode(claims), scope: 'everything', exp: 9_999_999_999 });
      refused(door, await knock(door, `${header}.${more}.${signature}`));
    });

    test(`${door}: wrong aud, expired, not yet valid, without end`, async () => {
      assert.equal((await knock(door, await resign(tokens[door], {}))).status, 200, 'signing again changes nothing');
      const now = Math.floor(server.clock.now() / 1000);
      for (const changes of [
        { aud: 'https://elsewhere.test/' },
        { aud: undefined },
        { exp: now - 1 },
        { exp: undefined },
        { nbf: now + 3600 },
      ]) {
        const answer = await knock(door, await resign(tokens[door], changes));
        assert.ok(answer.status === 401 || answer.status === 403, `${JSON.stringify(changes)} → ${answer.status}`);
      }
    });
  }
});

/** Everything public that could be mistaken for a shared secret. */
async function publicSecrets(): Promise<string[]> {
  const jwks = (await server.get('/.well-known/jwks.json')).json as { keys: { n: string; x5c: string[] }[] };
  return jwks.keys.flatMap(({ n, x5c: [der = ''] }) => [
    n,
    der,
    `-----BEGIN CERTIFICATE-----\n${der.match(/.{1,64}/g)?.join('\n')}\n-----END CERTIFICATE-----\n`,
  ]);
}

function refused(door: Door, answer: Answer): void {
  const statuses: readonly number[] = DOORS[door].statuses;
  assert.ok(statuses.includes(answer.status), `${door}: ${answer.status} ${answer.text}`);
  if (door === 'management') assert.equal(answer.json.statusCode, answer.status);
}

test('ids of another tenant name nothing here', async () => {
  const stranger = await addApplication(server.other.ctx);
  const person = await addPerson(server.other.ctx, 'foreign@example.test');
  for (const path of [`/api/v2/clients/${stranger.client_id}`, `/api/v2/users/${encodeURIComponent(person.user_id)}`]) {
    for (const method of ['GET', 'PATCH']) {
      const answer = await server.request(method, path, {
        bearer: tokens.management,
        ...(method === 'PATCH' ? { json: { name: 'mine now' } } : {}),
      });
      assert.equal(answer.status, 404, `${method} ${path} ${answer.text}`);
    }
    await server.request('DELETE', path, { bearer: tokens.management });
  }
  const there = { ...stranger, grant_type: 'client_credentials', audience: `${server.other.issuer}api/v2/` };
  const answer = await server.other.post('/oauth/token', { form: there });
  assert.equal(answer.json.error, 'access_denied', answer.text);
  assert.match(
    answer.json.error_description,
    /is not authorized to access resource server/,
    'the client is still there',
  );
  const here = await server.post('/oauth/token', { form: there });
  assert.deepEqual([here.status, here.json.error_description], [401, 'Unauthorized']);
});

test('the tenant signs what it verifies, and nothing but RS256', async () => {
  const keys = await publicKeys(server.ctx);
  const audience = `${server.issuer}api/v2/`;
  const options = { algorithms: ['RS256'] as const, audience, nowMs: server.clock.now(), keys };
  assert.ok((await verifyJwt(tokens.management, options)).payload.sub);
});
