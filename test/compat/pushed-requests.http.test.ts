/** Pushed requests as Auth0's own SDKs make them, unmodified, over TLS. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AuthClient } from '@auth0/auth0-auth-js';
import { AuthApiError, AuthenticationClient } from 'auth0/legacy';
import { addApplication, addPerson, type Credentials, PASSWORD } from '../fixtures.ts';
import { addApi, changeSettings } from '../token-fixture.ts';
import { type RealServer, startRealServer } from './real-server.ts';
import { newVisitor } from './visitor.ts';

const CALLBACK = 'https://app.test/callback';
const EMAIL = 'ada@example.test';
const API = 'https://payments.test/';

let server: RealServer;
let app: Credentials;

before(async () => {
  server = await startRealServer();
  await changeSettings(server.ctx, { pushed_authorization_requests_supported: true });
  app = await addApplication(server.ctx, { callbacks: [CALLBACK] });
  await addPerson(server.ctx, EMAIL);
  await addApi(server.ctx, { identifier: API, authorization_details: [{ type: 'payment' }] });
});
after(() => server.close());

async function logInAt(address: string | URL): Promise<URL> {
  const visitor = newVisitor(server.url);
  const fields = { username: EMAIL, password: PASSWORD, action: 'default' };
  const page = await visitor.submit(await visitor.open(address), fields);
  return page.url.pathname === '/u/consent' ? (await visitor.submit(page, { action: 'accept' })).url : page.url;
}

test('@auth0/auth0-auth-js finds the endpoint in the metadata, pushes, and gets its tokens', async () => {
  const auth = new AuthClient({
    domain: server.domain,
    clientId: app.client_id,
    clientSecret: app.client_secret,
    authorizationParams: { redirect_uri: CALLBACK },
  });
  const { authorizationUrl, codeVerifier } = await auth.buildAuthorizationUrl({
    pushedAuthorizationRequests: true,
    authorizationParams: { scope: 'openid profile offline_access', prompt: 'login' },
  });
  assert.deepEqual([...authorizationUrl.searchParams.keys()].sort(), ['client_id', 'request_uri']);
  const tokens = await auth.getTokenByCode(await logInAt(authorizationUrl), { codeVerifier });
  assert.equal(tokens.claims?.name, EMAIL);
  assert.ok(tokens.refreshToken);
});

test('auth0: pushes, with authorization_details, and exchanges the code', async () => {
  const client = new AuthenticationClient({
    domain: server.domain,
    clientId: app.client_id,
    clientSecret: app.client_secret,
    retry: { enabled: false },
  });
  const details = [{ type: 'payment', amount: 1 }];
  const { data } = await client.oauth.pushedAuthorization({
    client_id: app.client_id,
    response_type: 'code',
    redirect_uri: CALLBACK,
    scope: 'openid',
    audience: API,
    authorization_details: JSON.stringify(details),
  });
  assert.equal(data.expires_in, 30);
  const query = new URLSearchParams({ client_id: app.client_id, request_uri: data.request_uri });
  const back = await logInAt(`${server.url}/authorize?${query}`);
  const code = back.searchParams.get('code') ?? '';
  const { data: tokens } = await client.oauth.authorizationCodeGrant({ code, redirect_uri: CALLBACK });
  assert.deepEqual((tokens as { authorization_details?: unknown }).authorization_details, details);
  const foreign = { client_id: app.client_id, response_type: 'code', redirect_uri: 'https://evil.test/' };
  const refused = client.oauth.pushedAuthorization(foreign);
  await assert.rejects(refused, (error: unknown) => {
    assert.ok(error instanceof AuthApiError);
    assert.deepEqual([error.statusCode, error.error], [400, 'unauthorized_client']);
    return true;
  });
});
