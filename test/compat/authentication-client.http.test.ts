/** The Authentication API through the AuthenticationClient that `auth0` still carries (`auth0/legacy`), unmodified, over TLS. */
import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { ManagementClient } from 'auth0';
import { AuthApiError, AuthenticationClient } from 'auth0/legacy';
import {
  addApplication,
  addManagementClient,
  addPerson,
  CONNECTION,
  type Credentials,
  PASSWORD,
  useFactors,
} from '../fixtures.ts';
import { addApi } from '../token-fixture.ts';
import { type RealServer, startRealServer } from './real-server.ts';
import { logInAt, newVisitor } from './visitor.ts';

const CALLBACK = 'https://app.test/callback';
const EMAIL = 'ada@example.test';

let server: RealServer;
let application: Credentials;
let client: AuthenticationClient;

before(async () => {
  server = await startRealServer();
  application = await addApplication(server.ctx, {
    callbacks: [CALLBACK],
    refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring' } as never,
  });
  await addPerson(server.ctx, EMAIL);
  client = new AuthenticationClient({
    domain: server.domain,
    clientId: application.client_id,
    clientSecret: application.client_secret,
    retry: { enabled: false },
  });
});
after(() => server.close());

async function refusal(call: Promise<unknown>): Promise<[number, string, string]> {
  try {
    await call;
  } catch (error) {
    assert.ok(error instanceof AuthApiError, String(error));
    return [error.statusCode, error.error, error.error_description];
  }
  assert.fail('it was not refused');
}

const passwordRequest = (scope: string) => ({ username: EMAIL, password: PASSWORD, realm: CONNECTION, scope });

test('client credentials', async () => {
  const machine = await addManagementClient(server.ctx);
  const robot = new AuthenticationClient({
    domain: server.domain,
    clientId: machine.client_id,
    clientSecret: machine.client_secret,
  });
  const { data } = await robot.oauth.clientCredentialsGrant({ audience: `${server.url}/api/v2/` });
  assert.deepEqual([data.token_type, data.expires_in], ['Bearer', 86400]);
  const unknown = robot.oauth.clientCredentialsGrant({ audience: 'https://nothing.test/' });
  assert.deepEqual(await refusal(unknown), [
    403,
    'access_denied',
    'Service not enabled within domain: https://nothing.test/',
  ]);
});

test('password: the ID token satisfies the client, a wrong password is refused', async () => {
  const { data } = await client.oauth.passwordGrant(passwordRequest('openid profile'));
  assert.ok(data.id_token && data.access_token);
  assert.equal(data.token_type, 'Bearer');
  const wrong = client.oauth.passwordGrant({ ...passwordRequest('openid'), password: 'nope' });
  assert.deepEqual(await refusal(wrong), [403, 'invalid_grant', 'Wrong email or password.']);
});

test('refresh: rotates; the one before is dead, and so is then the whole family', async () => {
  const first = await client.oauth.passwordGrant(passwordRequest('openid offline_access'));
  const old = first.data.refresh_token ?? '';
  const second = await client.oauth.refreshTokenGrant({ refresh_token: old });
  assert.ok(second.data.refresh_token && second.data.refresh_token !== old);
  const dead = [403, 'invalid_grant', 'Unknown or invalid refresh token.'];
  assert.deepEqual(await refusal(client.oauth.refreshTokenGrant({ refresh_token: old })), dead);
  assert.deepEqual(await refusal(client.oauth.refreshTokenGrant({ refresh_token: second.data.refresh_token })), dead);
});

test('refresh: narrowed, and for another API that a policy names', async () => {
  const scopes = [{ value: 'read:bills' }, { value: 'pay' }];
  await addApi(server.ctx, {
    identifier: 'https://billing.test/',
    name: 'Billing',
    scopes,
    skip_consent_for_verifiable_first_party_clients: true,
  });
  const policies = [{ audience: 'https://billing.test/', scope: ['read:bills'] }];
  const several = await addApplication(server.ctx, {
    refresh_token: { rotation_type: 'non-rotating', expiration_type: 'non-expiring', policies },
  });
  const { client_id: clientId, client_secret: clientSecret } = several;
  const sdk = new AuthenticationClient({ domain: server.domain, clientId, clientSecret, retry: { enabled: false } });
  const begun = await sdk.oauth.passwordGrant(passwordRequest('openid profile offline_access'));
  const refresh_token = begun.data.refresh_token ?? '';
  const narrowed = await sdk.oauth.refreshTokenGrant({ refresh_token, scope: 'openid' });
  assert.equal((narrowed.data as { scope?: string }).scope, 'openid');
  const audience = 'https://billing.test/';
  const billing = await sdk.oauth.refreshTokenGrant({ refresh_token, audience, scope: 'read:bills pay' } as never);
  assert.equal((billing.data as { scope?: string }).scope, 'read:bills');
  const refused = sdk.oauth.refreshTokenGrant({ refresh_token, audience: `https://${server.domain}/api/v2/` } as never);
  assert.deepEqual((await refusal(refused)).slice(0, 2), [403, 'access_denied']);
});

test('revoke: the refresh token is dead afterwards', async () => {
  const { data } = await client.oauth.passwordGrant(passwordRequest('openid offline_access'));
  await client.oauth.revokeRefreshToken({ token: data.refresh_token ?? '' });
  const [status, error] = await refusal(client.oauth.refreshTokenGrant({ refresh_token: data.refresh_token ?? '' }));
  assert.deepEqual([status, error], [403, 'invalid_grant']);
});

async function authorize(parameters: Record<string, string>): Promise<URL> {
  const url = new URL(`${server.url}/authorize`);
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: application.client_id,
    redirect_uri: CALLBACK,
    scope: 'openid email',
    ...parameters,
  }).toString();
  return logInAt(newVisitor(server.url), url, EMAIL, PASSWORD);
}

test('authorization code, with nonce and with PKCE; a code works once', async () => {
  const back = await authorize({ nonce: 'n-1', state: 's-1' });
  assert.equal(`${back.origin}${back.pathname}`, CALLBACK);
  assert.equal(back.searchParams.get('state'), 's-1');
  const code = back.searchParams.get('code') ?? '';
  const request = { code, redirect_uri: CALLBACK };
  const { data } = await client.oauth.authorizationCodeGrant(request, { idTokenValidateOptions: { nonce: 'n-1' } });
  assert.ok(data.id_token);
  assert.deepEqual(await refusal(client.oauth.authorizationCodeGrant(request)), [
    403,
    'invalid_grant',
    'Invalid authorization code',
  ]);
  const code_verifier = randomBytes(32).toString('base64url');
  const code_challenge = createHash('sha256').update(code_verifier).digest('base64url');
  const again = await authorize({ code_challenge, code_challenge_method: 'S256' });
  const pkce = { code: again.searchParams.get('code') ?? '', redirect_uri: CALLBACK };
  const wrong = client.oauth.authorizationCodeGrantWithPKCE({ ...pkce, code_verifier: 'w'.repeat(43) });
  assert.deepEqual(await refusal(wrong), [403, 'invalid_grant', 'Failed to verify code verifier']);
  const right = await authorize({ code_challenge, code_challenge_method: 'S256' });
  const rightCode = right.searchParams.get('code') ?? '';
  const exchanged = await client.oauth.authorizationCodeGrantWithPKCE({
    code: rightCode,
    redirect_uri: CALLBACK,
    code_verifier,
  });
  assert.ok(exchanged.data.access_token);
});

test('sign up, and what is wrong with a password', async () => {
  const { data } = await client.database.signUp({
    connection: CONNECTION,
    email: 'new@example.test',
    password: PASSWORD,
    user_metadata: { plan: 'silver' },
  });
  assert.match((data as unknown as { _id: string })._id, /^[0-9a-f]{24}$/);
  assert.deepEqual([data.email, data.email_verified], ['new@example.test', false]);
  const weak = client.database.signUp({ connection: CONNECTION, email: 'weak@example.test', password: 'short' });
  const [status, error] = await refusal(weak);
  assert.deepEqual([status, error], [400, 'invalid_password']);
  const twice = client.database.signUp({ connection: CONNECTION, email: 'new@example.test', password: PASSWORD });
  assert.deepEqual(await refusal(twice), [400, 'invalid_signup', 'Invalid sign up']);
});

test('change password: the same words for whoever asks, and a link to whoever exists', async () => {
  const words = "We've just sent you an email to reset your password.";
  const known = await client.database.changePassword({ connection: CONNECTION, email: EMAIL });
  const unknown = await client.database.changePassword({ connection: CONNECTION, email: 'nobody@example.test' });
  assert.deepEqual([known.data, unknown.data], [words, words]);
  const sent = await server.messages({ channel: 'email' });
  assert.deepEqual(
    sent.filter(({ link }) => link?.includes('reset')).map(({ to }) => to),
    [EMAIL],
  );
});

test('private_key_jwt: an assertion in place of a secret, used once', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const machine = await addManagementClient(server.ctx);
  const management = new ManagementClient({
    domain: server.domain,
    clientId: machine.client_id,
    clientSecret: machine.client_secret,
  });
  const made = await management.clients.create({
    name: 'With a key',
    app_type: 'regular_web',
    grant_types: ['password', 'http://auth0.com/oauth/grant-type/password-realm'],
    client_authentication_methods: {
      private_key_jwt: { credentials: [{ credential_type: 'public_key', pem: publicKey, alg: 'RS256' }] },
    },
  });
  const clientId = made.client_id ?? '';
  const { data: connections } = await management.connections.list({ name: CONNECTION });
  await management.connections.clients.update(connections[0]?.id ?? '', [{ client_id: clientId, status: true }]);
  const keyed = new AuthenticationClient({
    domain: server.domain,
    clientId,
    clientAssertionSigningKey: privateKey,
  });
  const { data } = await keyed.oauth.passwordGrant(passwordRequest('openid'));
  assert.ok(data.id_token);
  const posing = new AuthenticationClient({
    domain: server.domain,
    clientId,
    clientSecret: made.client_secret ?? 'none',
  });
  assert.equal((await refusal(posing.oauth.passwordGrant(passwordRequest('openid'))))[0], 401);
});

test('mfa_required: said with a token that goes on', async () => {
  await useFactors(server.ctx, ['otp'], ['all-applications']);
  try {
    await client.oauth.passwordGrant(passwordRequest('openid'));
    assert.fail('it was not refused');
  } catch (error) {
    assert.ok(error instanceof AuthApiError, String(error));
    const body = JSON.parse(error.body) as Record<string, unknown>;
    assert.deepEqual([error.statusCode, error.error], [403, 'mfa_required']);
    assert.equal(error.error_description, 'Multifactor authentication required');
    assert.equal(typeof body.mfa_token, 'string');
  } finally {
    await useFactors(server.ctx, [], []);
  }
});
