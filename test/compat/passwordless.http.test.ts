/** Codes and passkeys through `@auth0/auth0-auth-js` and the AuthenticationClient of `auth0/legacy`, unmodified, over TLS. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AuthClient, PasskeyGetTokenError, PasswordlessStartError } from '@auth0/auth0-auth-js';
import { AuthApiError, AuthenticationClient } from 'auth0/legacy';
import { connectionsOf } from '../../src/resources/connections/index.ts';
import { newAuthenticator } from '../authenticator.ts';
import { addPasswordless, addPasswordlessClient, otherThan, PASSWORDLESS_OTP, PHONE } from '../passwordless.ts';
import { addDatabase, type Credentials } from '../token-fixture.ts';
import { type RealServer, startRealServer } from './real-server.ts';

const PASSKEY = 'urn:okta:params:oauth:grant-type:webauthn';

let server: RealServer;
let client: Credentials;
let auth: AuthClient;
let legacy: AuthenticationClient;

before(async () => {
  server = await startRealServer();
  client = await addPasswordlessClient(server.ctx, { grant_types: ['refresh_token', PASSWORDLESS_OTP, PASSKEY] });
  await addPasswordless(server.ctx, 'email', [client.client_id]);
  await addPasswordless(server.ctx, 'sms', [client.client_id]);
  const database = await addDatabase(server.ctx, 'db', [client.client_id]);
  const options = { authentication_methods: { passkey: { enabled: true }, email_otp: { enabled: true } } };
  await connectionsOf(server.ctx).update(database.id, (one) => ({ ...one, options }));
  const { client_id: clientId, client_secret: clientSecret } = client;
  auth = new AuthClient({ domain: server.domain, clientId, clientSecret });
  legacy = new AuthenticationClient({ domain: server.domain, clientId, clientSecret, retry: { enabled: false } });
});
after(() => server.close());

const codeFor = async (to: string) => (await server.messages({ to }))[0]?.code ?? assert.fail('no message');

test('auth0-auth-js: a code by mail, and one by SMS', async () => {
  await auth.passwordless.sendEmail({ email: 'ada@example.test', send: 'code' });
  const code = await codeFor('ada@example.test');
  const byMail = await auth.getTokenByPasswordlessEmail({ email: 'ada@example.test', code, scope: 'openid email' });
  assert.equal(byMail.claims?.email, 'ada@example.test');
  await auth.passwordless.sendSms({ phoneNumber: PHONE });
  const bySms = await auth.getTokenByPasswordlessSms({
    phoneNumber: PHONE,
    code: await codeFor(PHONE),
    scope: 'openid',
  });
  assert.match(String(bySms.claims?.sub), /^sms\|/);
});

test('auth0-auth-js: a link by mail, and what is refused', async () => {
  await auth.passwordless.sendEmail({ email: 'link@example.test', send: 'link', authParams: { scope: 'openid' } });
  assert.match(
    (await server.messages({ to: 'link@example.test' }))[0]?.link ?? '',
    /\/passwordless\/verify_redirect\?/,
  );
  await assert.rejects(auth.passwordless.sendEmail({ email: 'foo', send: 'code' }), (error) => {
    assert.ok(error instanceof PasswordlessStartError);
    return true;
  });
});

test('auth0/legacy: a code, a wrong one, and one by SMS', async () => {
  await legacy.passwordless.sendEmail({ email: 'eve@example.test', send: 'code' });
  const code = await codeFor('eve@example.test');
  const email = 'eve@example.test';
  await assert.rejects(legacy.passwordless.loginWithEmail({ email, code: otherThan(code) }), (error) => {
    assert.ok(error instanceof AuthApiError, String(error));
    assert.deepEqual([error.statusCode, error.error], [403, 'invalid_grant']);
    assert.equal(error.error_description, 'Wrong email or verification code.');
    return true;
  });
  assert.ok((await legacy.passwordless.loginWithEmail({ email, code })).data.access_token);
  await legacy.passwordless.sendSMS({ phone_number: '+15557654321' });
  const login = { phone_number: '+15557654321', code: await codeFor('+15557654321') };
  assert.ok((await legacy.passwordless.loginWithSMS(login)).data.access_token);
});

test('auth0-auth-js: a passkey signs up and logs in', async () => {
  const key = newAuthenticator(new URL(server.url).origin);
  const made = await auth.passkey.register({ email: 'key@example.test', name: 'Key', realm: 'db' });
  const credential = key.create(made.authnParamsPublicKey);
  const tokens = await auth.passkey.getTokenByPasskey({
    authSession: made.authSession,
    credential: credential as never,
    realm: 'db',
    scope: 'openid email',
  });
  assert.equal(tokens.claims?.email, 'key@example.test');
  const asked = await auth.passkey.challenge({ realm: 'db' });
  const answer = key.get(asked.authnParamsPublicKey) as never;
  const again = await auth.passkey.getTokenByPasskey({
    authSession: asked.authSession,
    credential: answer,
    scope: 'openid',
  });
  assert.equal(again.claims?.sub, tokens.claims?.sub);
  await assert.rejects(
    auth.passkey.getTokenByPasskey({ authSession: asked.authSession, credential: answer }),
    (error) => error instanceof PasskeyGetTokenError && error.cause?.error === 'invalid_grant',
  );
});

test('auth0-auth-js: a code to a user of a database', async () => {
  const challenged = { connection: 'db', email: 'otp@example.test', allowSignup: true };
  const { authSession } = await auth.passwordless.challengeWithEmail(challenged);
  const otp = await codeFor('otp@example.test');
  const tokens = await auth.passwordless.getTokenByPasswordlessDbConnection({
    authSession,
    otp,
    scope: 'openid email',
  });
  assert.equal(tokens.claims?.email, 'otp@example.test');
});
