/** ID tokens over the browser, as `openid-client` checks them; the first one is what `express-openid-connect` asks for by default. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as oidc from 'openid-client';
import { ALL_GRANTS, addApplication, addPerson, type Credentials, PASSWORD } from '../fixtures.ts';
import { type RealServer, startRealServer } from './real-server.ts';
import { newVisitor, type Page, unescapeHtml } from './visitor.ts';

const CALLBACK = 'https://app.test/callback';
const EMAIL = 'ada@example.test';

let server: RealServer;
let app: Credentials;

before(async () => {
  server = await startRealServer();
  app = await addApplication(server.ctx, { callbacks: [CALLBACK], grant_types: [...ALL_GRANTS, 'implicit'] });
  await addPerson(server.ctx, EMAIL);
});
after(() => server.close());

async function discover(responseType: (config: oidc.Configuration) => void): Promise<oidc.Configuration> {
  const authentication = oidc.ClientSecretPost(app.client_secret);
  return oidc.discovery(new URL(server.url), app.client_id, undefined, authentication, { execute: [responseType] });
}

/** Logs in at `url` and answers where that ends: the callback, or a page. */
async function logInAt(url: URL): Promise<Page> {
  const visitor = newVisitor(server.url);
  return visitor.submit(await visitor.open(url), { username: EMAIL, password: PASSWORD, action: 'default' });
}

/** What the browser sends when the form on `page` posts itself. */
function postedBy({ html }: Page): Request {
  const action = unescapeHtml(/<form method="post" action="([^"]*)"/.exec(html)?.[1] ?? '');
  const fields = [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)];
  const body = new URLSearchParams(
    fields.map(([, name = '', value = '']) => [unescapeHtml(name), unescapeHtml(value)]),
  );
  return new Request(action, { method: 'POST', body });
}

test('response_type=id_token, response_mode=form_post', async () => {
  const config = await discover(oidc.useIdTokenResponseType);
  const metadata = config.serverMetadata();
  assert.ok(metadata.response_types_supported?.includes('id_token'));
  assert.ok(metadata.response_modes_supported?.includes('form_post'));
  const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
  const scope = 'openid profile email';
  const parameters = { redirect_uri: CALLBACK, scope, response_mode: 'form_post', state, nonce };
  const page = await logInAt(oidc.buildAuthorizationUrl(config, parameters));
  const claims = await oidc.implicitAuthentication(config, postedBy(page), nonce, { expectedState: state });
  assert.deepEqual([claims.email, claims.email_verified, claims.nickname], [EMAIL, true, 'ada']);
  assert.equal(typeof claims.sid, 'string');
  const refused = oidc.implicitAuthentication(config, postedBy(page), 'another', { expectedState: state });
  await assert.rejects(refused, { code: 'OAUTH_JWT_CLAIM_COMPARISON_FAILED' });
});

test('response_type=code id_token: the code fits the ID token, and both ID tokens are of one login', async () => {
  const config = await discover(oidc.useCodeIdTokenResponseType);
  const verifier = oidc.randomPKCECodeVerifier();
  const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK,
    scope: 'openid email',
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
  });
  const back = (await logInAt(url)).url;
  const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce };
  const tampered = new URL(back);
  tampered.hash = back.hash.replace(/code=[^&]{4}/, 'code=AAAA');
  await assert.rejects(oidc.authorizationCodeGrant(config, tampered, checks), ({ cause }) =>
    /c_hash/.test(String(cause)),
  );
  const tokens = await oidc.authorizationCodeGrant(config, back, checks);
  assert.equal(tokens.claims()?.email, EMAIL);
});
