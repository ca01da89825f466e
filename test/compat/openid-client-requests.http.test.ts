/** Pushed, signed and rich requests, and ID tokens over the browser, as `openid-client` makes and checks them, over TLS. */
import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { after, before, test } from 'node:test';
import * as oidc from 'openid-client';
import { addClientKey } from '../client-keys.ts';
import { ALL_GRANTS, addApplication, addPerson, type Credentials, PASSWORD } from '../fixtures.ts';
import { addApi, changeSettings } from '../token-fixture.ts';
import { type RealServer, startRealServer } from './real-server.ts';
import { newVisitor } from './visitor.ts';

const CALLBACK = 'https://app.test/callback';
const EMAIL = 'ada@example.test';
const API = 'https://payments.test/';

let server: RealServer;
let app: Credentials;
let signer: oidc.PrivateKey;
let config: oidc.Configuration;

before(async () => {
  server = await startRealServer();
  await changeSettings(server.ctx, {
    pushed_authorization_requests_supported: true,
    authorization_response_iss_parameter_supported: true,
  });
  app = await addApplication(server.ctx, { callbacks: [CALLBACK], grant_types: [...ALL_GRANTS, 'implicit'] });
  const { id, privateKeyPem } = await addClientKey(server.ctx, app.client_id, ['request']);
  const pkcs8 = createPrivateKey(privateKeyPem).export({ type: 'pkcs8', format: 'der' });
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  signer = { key: await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']), kid: id };
  await addPerson(server.ctx, EMAIL);
  await addApi(server.ctx, { identifier: API, authorization_details: [{ type: 'payment' }] });
  const authentication = oidc.ClientSecretPost(app.client_secret);
  config = await oidc.discovery(new URL(server.url), app.client_id, undefined, authentication);
  oidc.enableNonRepudiationChecks(config);
});
after(() => server.close());

async function prepare(extra: Record<string, string> = {}) {
  const verifier = oidc.randomPKCECodeVerifier();
  const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
  const parameters = {
    redirect_uri: CALLBACK,
    scope: 'openid profile',
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...extra,
  };
  const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
  return { parameters, checks };
}

/** Logs in, allows what is asked, and answers where that ends. */
async function logInAt(address: URL): Promise<URL> {
  const visitor = newVisitor(server.url);
  const fields = { username: EMAIL, password: PASSWORD, action: 'default' };
  const page = await visitor.submit(await visitor.open(address), fields);
  return page.url.pathname === '/u/consent' ? (await visitor.submit(page, { action: 'accept' })).url : page.url;
}

test('PAR: nothing of the request is in the address', async () => {
  const { parameters, checks } = await prepare();
  const address = await oidc.buildAuthorizationUrlWithPAR(config, parameters);
  assert.deepEqual([...address.searchParams.keys()].sort(), ['client_id', 'request_uri']);
  const tokens = await oidc.authorizationCodeGrant(config, await logInAt(address), checks);
  assert.equal(tokens.claims()?.aud, app.client_id);
});

test('JAR, brought and pushed', async () => {
  const brought = await prepare();
  const address = await oidc.buildAuthorizationUrlWithJAR(config, brought.parameters, signer);
  assert.ok(await oidc.authorizationCodeGrant(config, await logInAt(address), brought.checks));
  const pushed = await prepare();
  const signed = await oidc.buildAuthorizationUrlWithJAR(config, pushed.parameters, signer);
  const reference = await oidc.buildAuthorizationUrlWithPAR(config, signed.searchParams);
  assert.ok(await oidc.authorizationCodeGrant(config, await logInAt(reference), pushed.checks));
});

test('RAR in a pushed and in a signed request', async () => {
  const details = [{ type: 'payment', amount: { value: 12.5, currency: 'EUR' } }];
  const wish = { audience: API, authorization_details: JSON.stringify(details) };
  const pushed = await prepare(wish);
  const reference = await oidc.buildAuthorizationUrlWithPAR(config, pushed.parameters);
  const first = await oidc.authorizationCodeGrant(config, await logInAt(reference), pushed.checks);
  assert.deepEqual(first.authorization_details, details);
  const signed = await prepare(wish);
  const address = await oidc.buildAuthorizationUrlWithJAR(config, signed.parameters, signer);
  const second = await oidc.authorizationCodeGrant(config, await logInAt(address), signed.checks);
  assert.deepEqual(second.authorization_details, details);
});

test('a pushed request that is refused, and one that has ended', async () => {
  const bad = await prepare({ scope: 'openid "' });
  await assert.rejects(oidc.buildAuthorizationUrlWithPAR(config, bad.parameters), { error: 'invalid_scope' });
  const { parameters } = await prepare();
  const address = await oidc.buildAuthorizationUrlWithPAR(config, parameters);
  assert.ok((await logInAt(address)).searchParams.get('code'));
  const again = await newVisitor(server.url).open(address);
  assert.equal(again.status, 400);
  assert.match(again.html, /invalid_request_uri/);
});

test('an answer from elsewhere is recognised by its iss', async () => {
  const { parameters, checks } = await prepare();
  const back = await logInAt(oidc.buildAuthorizationUrl(config, parameters));
  const planted = new URL(back);
  planted.searchParams.set('iss', 'https://attacker.test/');
  await assert.rejects(oidc.authorizationCodeGrant(config, planted, checks), { code: 'OAUTH_INVALID_RESPONSE' });
  assert.ok(await oidc.authorizationCodeGrant(config, back, checks));
});
