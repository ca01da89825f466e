/** Second factors through `@auth0/auth0-auth-js` and its MFA client, unmodified, over TLS. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AuthClient, isMfaRequiredError, type TokenResponse } from '@auth0/auth0-auth-js';
import { totpAt } from '../../src/platform/crypto/index.ts';
import { addApplication, addManagementClient, addPerson, CONNECTION, PASSWORD, useFactors } from '../fixtures.ts';
import { type RealServer, startRealServer } from './real-server.ts';
import { logInAt, newVisitor } from './visitor.ts';

const CALLBACK = 'https://app.test/callback';
const PHONE = '+15551234567';
const STEP_SECONDS = 30;

let server: RealServer;
let auth: AuthClient;

before(async () => {
  server = await startRealServer();
  const application = await addApplication(server.ctx, {
    callbacks: [CALLBACK],
    allowed_logout_urls: ['https://app.test/'],
  });
  await useFactors(server.ctx, ['otp', 'sms', 'recovery-code'], ['all-applications']);
  auth = new AuthClient({
    domain: server.domain,
    clientId: application.client_id,
    clientSecret: application.client_secret,
    authorizationParams: { redirect_uri: CALLBACK },
  });
});
after(() => server.close());

interface Demand {
  readonly token: string;
  readonly challenge: string[];
  readonly enroll: string[];
}

/** What the server demands of `username` after the password. */
async function demandOf(username: string): Promise<Demand> {
  try {
    await auth.getTokenByPassword({ username, password: PASSWORD, realm: CONNECTION, scope: 'openid' });
  } catch (error) {
    assert.ok(isMfaRequiredError(error), String(error));
    const { mfa_token = '', mfa_requirements = {} } = error.cause;
    return {
      token: mfa_token,
      challenge: (mfa_requirements.challenge ?? []).map(({ type }) => type),
      enroll: (mfa_requirements.enroll ?? []).map(({ type }) => type),
    };
  }
  assert.fail('no second factor was demanded');
}

/** The code of the last message to `PHONE`. */
async function sentCode(): Promise<string> {
  const [message] = await server.messages({ channel: 'sms', to: PHONE });
  assert.ok(message?.code, 'a message with a code');
  return message.code;
}

const codeOf = (secret: string) => totpAt(secret, server.clock.now());

/** Enrols an authenticator app on the way in. */
async function enrolApp(username: string): Promise<{ secret: string; recoveryCode: string; tokens: TokenResponse }> {
  const demand = await demandOf(username);
  assert.deepEqual(demand.challenge, []);
  assert.ok(demand.enroll.includes('otp') && demand.enroll.includes('phone'), demand.enroll.join());
  const enrolment = await auth.mfa.enrollAuthenticator({ authenticatorTypes: ['otp'], mfaToken: demand.token });
  assert.ok(enrolment.authenticatorType === 'otp');
  const recoveryCode = enrolment.recoveryCodes?.[0] ?? '';
  assert.match(recoveryCode, /^[A-Z1-9]{24}$/);
  assert.match(enrolment.barcodeUri, /^otpauth:\/\/totp\//);
  const otp = codeOf(enrolment.secret);
  const tokens = await auth.mfa.verify({ factorType: 'otp', mfaToken: demand.token, otp });
  return { secret: enrolment.secret, recoveryCode, tokens };
}

async function refusal(call: Promise<unknown>): Promise<{ error: string | undefined; text: string | undefined }> {
  try {
    await call;
  } catch (error) {
    const { cause } = error as { cause?: { error?: string; error_description?: string } };
    return { error: cause?.error, text: cause?.error_description };
  }
  assert.fail('it was not refused');
}

test('one-time passwords: enrolled on the way in, asked for the next time, never taken twice', async () => {
  await addPerson(server.ctx, 'app@example.test');
  const { secret, tokens } = await enrolApp('app@example.test');
  assert.ok(tokens.accessToken && tokens.idToken, 'the tokens that the password asked for');
  const demand = await demandOf('app@example.test');
  assert.ok(demand.challenge.includes('otp'), demand.challenge.join());
  const spent = auth.mfa.verify({ factorType: 'otp', mfaToken: demand.token, otp: codeOf(secret) });
  assert.deepEqual(await refusal(spent), { error: 'invalid_grant', text: 'Invalid otp_code.' });
  server.clock.advance(STEP_SECONDS);
  const challenge = await auth.mfa.challengeAuthenticator({ challengeType: 'otp', mfaToken: demand.token });
  assert.equal(challenge.challengeType, 'otp');
  const again = await auth.mfa.verify({ factorType: 'otp', mfaToken: demand.token, otp: codeOf(secret) });
  assert.ok(again.idToken);
  const late = auth.mfa.enrollAuthenticator({
    authenticatorTypes: ['otp'],
    mfaToken: (await demandOf('app@example.test')).token,
  });
  assert.deepEqual(await refusal(late), { error: 'access_denied', text: 'User is already enrolled.' });
});

test('SMS: enrolled on the way in, challenged the next time, with the code that was sent', async () => {
  await addPerson(server.ctx, 'phone@example.test');
  const demand = await demandOf('phone@example.test');
  const enrolment = await auth.mfa.enrollAuthenticator({
    authenticatorTypes: ['oob'],
    oobChannels: ['sms'],
    phoneNumber: PHONE,
    mfaToken: demand.token,
  });
  assert.ok(enrolment.authenticatorType === 'oob');
  assert.deepEqual([enrolment.oobChannel, enrolment.bindingMethod], ['sms', 'prompt']);
  const oobCode = enrolment.oobCode ?? '';
  const wrong = auth.mfa.verify({ factorType: 'oob', mfaToken: demand.token, oobCode, bindingCode: '000000' });
  assert.deepEqual(await refusal(wrong), { error: 'invalid_grant', text: 'Invalid binding_code.' });
  const right = { factorType: 'oob', mfaToken: demand.token, oobCode, bindingCode: await sentCode() } as const;
  assert.ok((await auth.mfa.verify(right)).accessToken);
  const next = await demandOf('phone@example.test');
  assert.ok(next.challenge.includes('phone'), next.challenge.join());
  const [phone] = (await auth.mfa.listAuthenticators({ mfaToken: next.token })).filter(({ type }) => type === 'phone');
  assert.ok(phone?.active);
  assert.equal(phone.name, 'XXXXXXXX4567');
  const challenge = await auth.mfa.challengeAuthenticator({
    challengeType: 'oob',
    authenticatorId: phone.id,
    mfaToken: next.token,
  });
  const verified = await auth.mfa.verify({
    factorType: 'oob',
    mfaToken: next.token,
    oobCode: challenge.oobCode ?? '',
    bindingCode: await sentCode(),
  });
  assert.ok(verified.idToken);
});

test('a recovery code lets somebody in once and is replaced', async () => {
  await addPerson(server.ctx, 'lost@example.test');
  const { recoveryCode } = await enrolApp('lost@example.test');
  const verify = (mfaToken: string) => auth.mfa.verify({ factorType: 'recovery-code', mfaToken, recoveryCode });
  const tokens = await verify((await demandOf('lost@example.test')).token);
  assert.ok(tokens.idToken);
  assert.match(tokens.recoveryCode ?? '', /^[A-Z1-9]{24}$/);
  assert.notEqual(tokens.recoveryCode, recoveryCode);
  assert.equal((await refusal(verify((await demandOf('lost@example.test')).token))).error, 'invalid_grant');
});

test('the MFA API: a logged-in user lists and deletes; an mfa_token may not delete', async () => {
  await addPerson(server.ctx, 'list@example.test');
  const { secret } = await enrolApp('list@example.test');
  server.clock.advance(STEP_SECONDS);
  const request = {
    username: 'list@example.test',
    password: PASSWORD,
    realm: CONNECTION,
    audience: `${server.url}/mfa/`,
    scope: 'enroll read:authenticators remove:authenticators',
  };
  let mfaToken = '';
  try {
    await auth.getTokenByPassword(request);
    assert.fail('an enrolled user is challenged before the MFA API');
  } catch (error) {
    assert.ok(isMfaRequiredError(error), String(error));
    mfaToken = error.cause.mfa_token ?? '';
  }
  const { accessToken } = await auth.mfa.verify({ factorType: 'otp', mfaToken, otp: codeOf(secret) });
  const listed = await auth.mfa.listAuthenticators({ mfaToken: accessToken });
  assert.deepEqual(listed.map(({ type }) => type).sort(), ['otp', 'recovery-code']);
  const app = listed.find(({ type }) => type === 'otp');
  assert.ok(app?.active);
  const posing = auth.mfa.deleteAuthenticator({
    authenticatorId: app.id,
    mfaToken: (await demandOf('list@example.test')).token,
  });
  assert.ok((await refusal(posing)).error);
  await auth.mfa.deleteAuthenticator({ authenticatorId: app.id, mfaToken: accessToken });
  const left = await auth.mfa.listAuthenticators({ mfaToken: accessToken });
  assert.deepEqual(
    left.filter(({ type }) => type === 'otp'),
    [],
  );
  assert.ok((await demandOf('list@example.test')).enroll.includes('otp'));
});

test('a login in the browser: code, userinfo, refresh, revocation, the URL to log out', async () => {
  await useFactors(server.ctx, [], []);
  const { user_id } = await addPerson(server.ctx, 'browser@example.test');
  const { authorizationUrl, codeVerifier } = await auth.buildAuthorizationUrl({
    authorizationParams: { scope: 'openid profile email offline_access' },
  });
  const back = await logInAt(newVisitor(server.url), authorizationUrl, 'browser@example.test', PASSWORD);
  const tokens = await auth.getTokenByCode(back, { codeVerifier });
  assert.equal(tokens.claims?.sub, user_id);
  const profile = await auth.getUserInfo({ accessToken: tokens.accessToken, expectedSubject: user_id });
  assert.equal(profile.email, 'browser@example.test');
  const refreshToken = tokens.refreshToken ?? '';
  assert.ok((await auth.getTokenByRefreshToken({ refreshToken })).accessToken);
  await auth.revokeToken({ token: refreshToken, tokenTypeHint: 'refresh_token' });
  await assert.rejects(auth.getTokenByRefreshToken({ refreshToken }));
  const logout = await auth.buildLogoutUrl({ returnTo: 'https://app.test/' });
  const gone = await newVisitor(server.url).open(logout);
  assert.ok(gone.status < 400, `${gone.status} ${gone.html}`);
});

test('client credentials', async () => {
  const machine = await addManagementClient(server.ctx);
  const robot = new AuthClient({
    domain: server.domain,
    clientId: machine.client_id,
    clientSecret: machine.client_secret,
  });
  const tokens = await robot.getTokenByClientCredentials({ audience: `${server.url}/api/v2/` });
  assert.ok(tokens.accessToken);
});
