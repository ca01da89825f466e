/** Confirming and challenging with every kind of client: public, post, basic, assertion; and with both kinds of token. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, test } from 'node:test';
import { importSigner, signJwt } from '../../src/platform/crypto/index.ts';
import { clientCredentialsOf, clientsOf } from '../../src/resources/clients/index.ts';
import {
  addApplication,
  addPerson,
  addPublicApplication,
  CONNECTION,
  type Credentials,
  MFA_OOB,
  PASSWORD,
  PASSWORD_REALM,
  useFactors,
} from '../fixtures.ts';
import { type RequestOptions, type TestServer, testServer } from '../server.ts';

const SMS = { authenticator_types: ['oob'], oob_channels: ['sms'], phone_number: '+15551239167' };

let server: TestServer;
let people = 0;

before(async () => {
  server = await testServer();
  await useFactors(server.ctx, ['sms']);
});
after(() => server.close());

/** How a client says who it is, for one request. */
type Identify = () => Promise<{ form: Record<string, string>; headers?: Record<string, string> }>;

async function tokenRequest(identify: Identify, form: Record<string, string>) {
  const own = await identify();
  const options: RequestOptions = { form: { ...own.form, ...form }, headers: own.headers ?? {} };
  return server.post('/oauth/token', options);
}

/** Enrols while logged in, then logs in with the factor. */
async function goThrough(identify: Identify): Promise<void> {
  people += 1;
  const email = `person${people}@example.test`;
  await addPerson(server.ctx, email);
  const login = { grant_type: PASSWORD_REALM, realm: CONNECTION, username: email, password: PASSWORD };
  const first = await tokenRequest(identify, { ...login, audience: `${server.issuer}mfa/`, scope: 'enroll' });
  const access = first.json.access_token;
  const begun = (await server.post('/mfa/associate', { bearer: access, json: SMS })).json;
  const code = async () => (await server.messages({ channel: 'sms' }))[0]?.code ?? '';
  const confirm = { grant_type: MFA_OOB, mfa_token: access, oob_code: begun.oob_code, binding_code: await code() };
  const confirmed = await tokenRequest(identify, confirm);
  assert.equal(confirmed.status, 200, confirmed.text);
  assert.equal(confirmed.json.scope, 'enroll read:authenticators remove:authenticators');

  await useFactors(server.ctx, ['sms'], ['all-applications']);
  const { mfa_token } = (await tokenRequest(identify, login)).json;
  const own = await identify();
  const challenged = await server.post('/mfa/challenge', {
    json: { ...own.form, mfa_token, challenge_type: 'oob' },
    headers: own.headers ?? {},
  });
  assert.equal(challenged.status, 200, challenged.text);
  const { oob_code } = challenged.json;
  const tokens = await tokenRequest(identify, { grant_type: MFA_OOB, mfa_token, oob_code, binding_code: await code() });
  assert.equal(tokens.status, 200, tokens.text);
  await useFactors(server.ctx, ['sms']);
}

async function identifyByKey({ client_id }: Credentials): Promise<Identify> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const id = 'cred_aaaaaaaaaaaaaaaaaaaaaa';
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  await clientCredentialsOf(server.ctx).insert({
    id,
    client_id,
    credential_type: 'public_key',
    name: 'key',
    kid: 'test-key',
    alg: 'RS256',
    pem,
    public_jwk: publicKey.export({ format: 'jwk' }) as Record<string, unknown>,
    created_at: '2026-01-01T00:00:00.000Z',
    updated_at: '2026-01-01T00:00:00.000Z',
  } as never);
  await clientsOf(server.ctx).update(client_id, (stored) => ({
    ...stored,
    token_endpoint_auth_method: null,
    client_authentication_methods: { private_key_jwt: { credentials: [{ id }] } },
  }));
  const signer = importSigner(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 'test-key', 'RS256');
  let calls = 0;
  return async () => {
    const now = Math.floor(server.clock.now() / 1000);
    const claims = {
      iss: client_id,
      sub: client_id,
      aud: server.issuer,
      iat: now,
      exp: now + 60,
      jti: `call-${calls++}`,
    };
    return {
      form: {
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: await signJwt(signer, claims),
      },
    };
  };
}

test('a public client', async () => {
  const { client_id } = await addPublicApplication(server.ctx);
  await goThrough(async () => ({ form: { client_id } }));
});

test('a client with its secret in the body', async () => {
  const credentials = await addApplication(server.ctx);
  await goThrough(async () => ({ form: { ...credentials } }));
});

test('a client with its secret in the header', async () => {
  const { client_id, client_secret } = await addApplication(server.ctx, {
    token_endpoint_auth_method: 'client_secret_basic',
  });
  const basic = Buffer.from(`${client_id}:${client_secret}`).toString('base64');
  await goThrough(async () => ({ form: { client_id }, headers: { authorization: `Basic ${basic}` } }));
});

test('a client with a key', async () => {
  await goThrough(await identifyByKey(await addApplication(server.ctx)));
});
