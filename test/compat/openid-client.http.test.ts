/** OpenID Connect through `openid-client`, which checks everything that the specifications let it check, over TLS. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as oidc from 'openid-client';
import { decodeJwt } from '../../src/platform/crypto/index.ts';
import { createClientGrant } from '../../src/resources/client-grants/index.ts';
import { findConnectionByName } from '../../src/resources/connections/index.ts';
import { addMember, addOrganizationConnection, createOrganization } from '../../src/resources/organizations/index.ts';
import { createResourceServer } from '../../src/resources/resource-servers/index.ts';
import {
  addApplication,
  addPerson,
  addPublicApplication,
  CONNECTION,
  type Credentials,
  PASSWORD,
} from '../fixtures.ts';
import { type RealServer, startRealServer } from './real-server.ts';
import { logInAt, newVisitor, type Visitor } from './visitor.ts';

const CALLBACK = 'https://app.test/callback';
const AFTER_LOGOUT = 'https://app.test/bye';
const EMAIL = 'ada@example.test';

let server: RealServer;
let confidential: Credentials;

before(async () => {
  server = await startRealServer();
  confidential = await addApplication(server.ctx, { callbacks: [CALLBACK], allowed_logout_urls: [AFTER_LOGOUT] });
  await addPerson(server.ctx, EMAIL);
});
after(() => server.close());

async function discover(clientId: string, authentication: oidc.ClientAuth): Promise<oidc.Configuration> {
  const config = await oidc.discovery(new URL(server.url), clientId, undefined, authentication);
  oidc.enableNonRepudiationChecks(config);
  return config;
}

/** A whole login; answers the tokens. */
async function logIn(
  config: oidc.Configuration,
  visitor: Visitor,
  extra: Record<string, string> = {},
): Promise<oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers> {
  const verifier = oidc.randomPKCECodeVerifier();
  const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK,
    scope: 'openid profile email offline_access',
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...extra,
  });
  const back = await logInAt(visitor, url, EMAIL, PASSWORD);
  return oidc.authorizationCodeGrant(config, back, {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
    ...(extra.max_age ? { maxAge: Number(extra.max_age) } : {}),
  });
}

for (const [name, authentication] of [
  ['client_secret_post', () => oidc.ClientSecretPost(confidential.client_secret)],
  ['client_secret_basic', () => oidc.ClientSecretBasic(confidential.client_secret)],
] as const) {
  test(`${name}: discovery, code with PKCE, userinfo, refresh, revocation`, async () => {
    const config = await discover(confidential.client_id, authentication());
    assert.equal(config.serverMetadata().issuer, `${server.url}/`);
    const tokens = await logIn(config, newVisitor(server.url), { max_age: '3600' });
    const claims = tokens.claims();
    assert.ok(claims?.auth_time);
    const profile = await oidc.fetchUserInfo(config, tokens.access_token, claims.sub);
    assert.deepEqual([profile.email, profile.email_verified], [EMAIL, true]);
    const refreshed = await oidc.refreshTokenGrant(config, tokens.refresh_token ?? '');
    assert.equal(refreshed.claims()?.sub, claims.sub);
    const live = refreshed.refresh_token ?? tokens.refresh_token ?? '';
    await oidc.tokenRevocation(config, live);
    await assert.rejects(oidc.refreshTokenGrant(config, live), { error: 'invalid_grant' });
  });
}

test('a public client proves itself by PKCE alone', async () => {
  const { client_id } = await addPublicApplication(server.ctx, { callbacks: [CALLBACK] });
  const config = await discover(client_id, oidc.None());
  const tokens = await logIn(config, newVisitor(server.url), { scope: 'openid' });
  assert.equal(tokens.claims()?.aud, client_id);
});

test('single sign-on: the second login asks nothing; prompt=login asks again; prompt=none says login_required to strangers', async () => {
  const config = await discover(confidential.client_id, oidc.ClientSecretPost(confidential.client_secret));
  const visitor = newVisitor(server.url);
  await logIn(config, visitor);
  const parameters = { redirect_uri: CALLBACK, scope: 'openid', state: 's' };
  const silent = oidc.buildAuthorizationUrl(config, { ...parameters, prompt: 'none' });
  const known = await visitor.open(silent);
  assert.ok(known.url.searchParams.get('code'), known.url.href);
  const again = await visitor.open(oidc.buildAuthorizationUrl(config, { ...parameters, prompt: 'login' }));
  assert.equal(again.url.pathname, '/u/login');
  const stranger = await newVisitor(server.url).open(silent);
  assert.equal(stranger.url.searchParams.get('error'), 'login_required');
  assert.equal(stranger.url.searchParams.get('state'), 's');
});

test('RP-initiated logout ends the session and comes back with the state', async () => {
  const config = await discover(confidential.client_id, oidc.ClientSecretPost(confidential.client_secret));
  const visitor = newVisitor(server.url);
  const tokens = await logIn(config, visitor);
  const url = oidc.buildEndSessionUrl(config, {
    id_token_hint: tokens.id_token ?? '',
    post_logout_redirect_uri: AFTER_LOGOUT,
    state: 'bye',
  });
  const gone = await visitor.open(url);
  assert.equal(gone.url.href, `${AFTER_LOGOUT}?state=bye`);
  const parameters = { redirect_uri: CALLBACK, scope: 'openid', prompt: 'none' };
  const after = await visitor.open(oidc.buildAuthorizationUrl(config, parameters));
  assert.equal(after.url.searchParams.get('error'), 'login_required');
});

test('organizations: a login to one, its claims, and client credentials for it', async () => {
  const { ctx } = server;
  const user = await addPerson(ctx, 'member@example.test');
  const acme = await createOrganization(ctx, { name: 'acme' });
  const connection = await findConnectionByName(ctx, CONNECTION);
  await addOrganizationConnection(ctx, acme.id, { connection_id: connection?.id ?? '' });
  await addMember(ctx, acme.id, user.user_id);
  const { client_id, client_secret } = await addApplication(ctx, {
    callbacks: [CALLBACK],
    organization_usage: 'require',
  });
  const config = await discover(client_id, oidc.ClientSecretPost(client_secret));
  const verifier = oidc.randomPKCECodeVerifier();
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK,
    scope: 'openid offline_access',
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    organization: acme.id,
  });
  const back = await logInAt(newVisitor(server.url), url, 'member@example.test', PASSWORD);
  const tokens = await oidc.authorizationCodeGrant(config, back, { pkceCodeVerifier: verifier });
  assert.equal(tokens.claims()?.org_id, acme.id);
  const renewed = await oidc.refreshTokenGrant(config, tokens.refresh_token ?? '');
  assert.equal(renewed.claims()?.org_id, acme.id);

  await createResourceServer(ctx, { identifier: 'urn:shop', scopes: [{ value: 'read' }] });
  const usage = { organization_usage: 'allow', allow_any_organization: true } as const;
  await createClientGrant(ctx, { client_id, audience: 'urn:shop', scope: ['read'], ...usage });
  const own = await oidc.clientCredentialsGrant(config, { audience: 'urn:shop', organization: acme.id });
  assert.equal(decodeJwt(own.access_token)?.payload.org_id, acme.id);
});
