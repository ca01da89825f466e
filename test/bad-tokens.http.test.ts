/** Tokens and ids that are no good, on the Management API, the MFA API and `/userinfo`: each is refused, none is a way in. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { decodeJwt, signJwt, verifyJwt } from '../src/platform/crypto/index.ts';
import { currentSigner, publicKeys } from '../src/resources/keys/index.ts';
import { addApplication, addPerson, useFactors } from './fixtures.ts';
import { type Answer, type TestServer, type TestTenant, testServer } from './server.ts';
import { obtainTokens, type Tokens } from './tokens-of.ts';

let server: TestServer;
let tokens: Tokens;
/** The same of the other tenant. */
let foreign: Tokens;

before(async () => {
  server = await testServer();
  for (const { ctx } of [server, server.other]) await useFactors(ctx, ['otp', 'sms']);
  tokens = await obtainTokens(server);
  foreign = await obtainTokens(server.other);
});
after(() => server.close());

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
