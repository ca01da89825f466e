/** Every standard flow through `oauth4webapi`, which refuses whatever departs from the specifications, over TLS. */
import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { after, before, test } from 'node:test';
import * as oauth from 'oauth4webapi';
import { connectionsOf, findConnectionByName } from '../../src/resources/connections/index.ts';
import { tenantSettings } from '../../src/resources/tenant-settings/index.ts';
import { addClientKey } from '../client-keys.ts';
import { ALL_GRANTS, addApplication, addPerson, CONNECTION, type Credentials, PASSWORD } from '../fixtures.ts';
import { addApi, addClientGrant, changeSettings } from '../token-fixture.ts';
import { type RealServer, startRealServer } from './real-server.ts';
import { newVisitor } from './visitor.ts';

const CALLBACK = 'https://app.test/callback';
const EMAIL = 'ada@example.test';
const API = 'https://payments.test/';

let server: RealServer;
let as: oauth.AuthorizationServer;
let app: Credentials;

before(async () => {
  server = await startRealServer();
  await changeSettings(server.ctx, {
    pushed_authorization_requests_supported: true,
    authorization_response_iss_parameter_supported: true,
  });
  await openRegistration();
  app = await addApplication(server.ctx, { callbacks: [CALLBACK], grant_types: [...ALL_GRANTS, 'implicit'] });
  await addPerson(server.ctx, EMAIL);
  await addApi(server.ctx, {
    identifier: API,
    token_dialect: 'rfc9068_profile',
    authorization_details: [{ type: 'account' }],
  });
  await addClientGrant(server.ctx, app.client_id, ['read:things'], 'client', API);
  as = await discover('oidc');
});
after(() => server.close());

/** Applications may register themselves, and log people in by the tenant's connection. */
async function openRegistration(): Promise<void> {
  const { flags } = await tenantSettings(server.ctx);
  await changeSettings(server.ctx, { flags: { ...flags, enable_dynamic_client_registration: true } });
  const connection = await findConnectionByName(server.ctx, CONNECTION);
  assert.ok(connection);
  await connectionsOf(server.ctx).put({ ...connection, is_domain_connection: true });
}

async function discover(algorithm: 'oidc' | 'oauth2'): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(`${server.url}/`);
  return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm }));
}

type Parameters = Record<string, string>;

/** What a login needs to remember. */
async function prepare() {
  const verifier = oauth.generateRandomCodeVerifier();
  const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
  const parameters: Parameters = {
    response_type: 'code',
    redirect_uri: CALLBACK,
    scope: 'openid profile email offline_access',
    state,
    nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  };
  return { verifier, state, nonce, parameters };
}

function addressOf(client: oauth.Client, parameters: Parameters): URL {
  const url = new URL(as.authorization_endpoint ?? '');
  url.search = new URLSearchParams({ client_id: client.client_id, ...parameters }).toString();
  return url;
}

/** Goes there, logs in, allows what is asked, and answers where that ends. */
async function logInAt(address: URL): Promise<URL> {
  const visitor = newVisitor(server.url);
  const login = await visitor.open(address);
  assert.equal(login.status, 200, login.html);
  let page = await visitor.submit(login, { username: EMAIL, password: PASSWORD, action: 'default' });
  if (page.url.pathname === '/u/consent') page = await visitor.submit(page, { action: 'accept' });
  return page.url;
}

interface Exchange {
  readonly client: oauth.Client;
  readonly authentication: oauth.ClientAuth;
  readonly back: URL;
  readonly prepared: Awaited<ReturnType<typeof prepare>>;
}

async function exchange({ client, authentication, back, prepared }: Exchange): Promise<oauth.TokenEndpointResponse> {
  const answer = oauth.validateAuthResponse(as, client, back, prepared.state);
  const response = await oauth.authorizationCodeGrantRequest(
    as,
    client,
    authentication,
    answer,
    CALLBACK,
    prepared.verifier,
  );
  if (!prepared.parameters.scope?.includes('openid'))
    return oauth.processAuthorizationCodeResponse(as, client, response);
  const tokens = await oauth.processAuthorizationCodeResponse(as, client, response, {
    expectedNonce: prepared.nonce,
    requireIdToken: true,
  });
  await oauth.validateApplicationLevelSignature(as, response);
  return tokens;
}

const asPost = () => ({
  client: { client_id: app.client_id },
  authentication: oauth.ClientSecretPost(app.client_secret),
});

/** A client that signs with a key, for what `uses` says. */
async function addSigner(uses: readonly ('request' | 'assertion')[], body: object = {}) {
  const added = await addApplication(server.ctx, { callbacks: [CALLBACK], ...body });
  const key = await addClientKey(server.ctx, added.client_id, uses, 'PS256');
  const algorithm = { name: 'RSA-PSS', hash: 'SHA-256' };
  const pkcs8 = createPrivateKey(key.privateKeyPem).export({ type: 'pkcs8', format: 'der' });
  const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']);
  return { ...added, client: { client_id: added.client_id }, signer: { key: privateKey, kid: key.id } };
}

test('discovery, by OpenID Connect and by RFC 8414', async () => {
  assert.deepEqual(await discover('oauth2'), as);
  assert.equal(as.pushed_authorization_request_endpoint, `${server.url}/oauth/par`);
  assert.equal(as.authorization_response_iss_parameter_supported, true);
});

/** Strict third-party clients are not told who logged in. */
const WISHES = { strict: 'offline_access', permissive: 'openid profile email offline_access' } as const;

for (const [mode, method] of [
  ['strict', 'none'],
  ['strict', 'client_secret_basic'],
  ['permissive', 'none'],
  ['permissive', 'client_secret_post'],
] as const) {
  test(`dynamic registration, ${mode}, with ${method}, and a login with what it gave`, async () => {
    await changeSettings(server.ctx, { dynamic_client_registration_security_mode: mode });
    const metadata = {
      client_name: 'Registered',
      redirect_uris: [CALLBACK],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: method,
    };
    const response = await oauth.dynamicClientRegistrationRequest(as, metadata);
    const client = (await oauth.processDynamicClientRegistrationResponse(response)) as oauth.Client;
    const secret = String(client.client_secret);
    const authentications = {
      none: () => oauth.None(),
      client_secret_post: () => oauth.ClientSecretPost(secret),
      client_secret_basic: () => oauth.ClientSecretBasic(secret),
    };
    assert.equal(client.token_endpoint_auth_method, method);
    assert.equal('client_secret' in client, method !== 'none');
    const asked = await prepare();
    const prepared = { ...asked, parameters: { ...asked.parameters, scope: WISHES[mode] } };
    const back = await logInAt(addressOf(client, prepared.parameters));
    const tokens = await exchange({ client, authentication: authentications[method](), back, prepared });
    assert.deepEqual(
      [tokens.refresh_token !== undefined, tokens.id_token !== undefined],
      [true, mode === 'permissive'],
    );
  });
}

test('dynamic registration: a refusal reads as the standard has it', async () => {
  const response = await oauth.dynamicClientRegistrationRequest(as, { redirect_uris: ['http://evil.test/'] });
  await assert.rejects(oauth.processDynamicClientRegistrationResponse(response), (error: oauth.ResponseBodyError) => {
    assert.deepEqual([error.status, error.error], [400, 'invalid_redirect_uri']);
    return true;
  });
});

for (const [name, authentication] of [
  ['client_secret_post', () => oauth.ClientSecretPost(app.client_secret)],
  ['client_secret_basic', () => oauth.ClientSecretBasic(app.client_secret)],
] as const) {
  test(`${name}: code with PKCE, userinfo, refresh, revocation`, async () => {
    const client = { client_id: app.client_id };
    const prepared = await prepare();
    const back = await logInAt(addressOf(client, prepared.parameters));
    const tokens = await exchange({ client, authentication: authentication(), back, prepared });
    const { sub } = oauth.getValidatedIdTokenClaims(tokens) ?? {};
    const about = await oauth.userInfoRequest(as, client, tokens.access_token);
    assert.equal((await oauth.processUserInfoResponse(as, client, sub ?? '', about)).email, EMAIL);
    const refresh = (token = '') => oauth.refreshTokenGrantRequest(as, client, authentication(), token);
    const refreshed = await oauth.processRefreshTokenResponse(as, client, await refresh(tokens.refresh_token));
    assert.equal(oauth.getValidatedIdTokenClaims(refreshed)?.sub, sub);
    const live = refreshed.refresh_token ?? tokens.refresh_token ?? '';
    await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, authentication(), live));
    const dead = await refresh(live);
    await assert.rejects(oauth.processRefreshTokenResponse(as, client, dead), { error: 'invalid_grant' });
  });
}

test('the answer of another issuer, or of none, is refused by the client', async () => {
  const { client } = asPost();
  const prepared = await prepare();
  const back = await logInAt(addressOf(client, prepared.parameters));
  for (const iss of ['https://elsewhere.test/', undefined]) {
    const changed = new URL(back);
    changed.searchParams.delete('iss');
    if (iss !== undefined) changed.searchParams.set('iss', iss);
    assert.throws(() => oauth.validateAuthResponse(as, client, changed, prepared.state));
  }
});

test('errors come as the specification has them', async () => {
  const { client, authentication } = asPost();
  const prepared = await prepare();
  const visitor = newVisitor(server.url);
  const { url } = await visitor.open(addressOf(client, { ...prepared.parameters, prompt: 'none' }));
  assert.throws(() => oauth.validateAuthResponse(as, client, url, prepared.state), { error: 'login_required' });
  const wrong = oauth.ClientSecretBasic('wrong');
  const refused = await oauth.clientCredentialsGrantRequest(as, client, wrong, { audience: API });
  await assert.rejects(oauth.processClientCredentialsResponse(as, client, refused));
  const pushed = await oauth.pushedAuthorizationRequest(as, client, authentication, { response_type: 'nonsense' });
  await assert.rejects(oauth.processPushedAuthorizationResponse(as, client, pushed), {
    error: 'unsupported_response_type',
  });
});

test('a pushed request, with details that end in the access token', async () => {
  const { client, authentication } = asPost();
  const prepared = await prepare();
  const details = [{ type: 'account', actions: ['read'] }];
  const parameters = { ...prepared.parameters, audience: API, authorization_details: JSON.stringify(details) };
  const response = await oauth.pushedAuthorizationRequest(as, client, authentication, parameters);
  const { request_uri } = await oauth.processPushedAuthorizationResponse(as, client, response);
  const back = await logInAt(addressOf(client, { request_uri }));
  const tokens = await exchange({ client, authentication, back, prepared });
  assert.deepEqual(tokens.authorization_details, details);
  const request = new Request(API, { headers: { authorization: `Bearer ${tokens.access_token}` } });
  const claims = await oauth.validateJwtAccessToken(as, request, API);
  assert.deepEqual([claims.client_id, claims.authorization_details], [app.client_id, details]);
});

test('a signed request, brought and pushed', async () => {
  const { client, client_secret, signer } = await addSigner(['request']);
  const authentication = oauth.ClientSecretPost(client_secret);
  for (const way of ['brought', 'pushed']) {
    const prepared = await prepare();
    const request = await oauth.issueRequestObject(as, client, prepared.parameters, signer);
    let carried: Parameters = { request };
    if (way === 'pushed') {
      const response = await oauth.pushedAuthorizationRequest(as, client, authentication, { request });
      const { request_uri } = await oauth.processPushedAuthorizationResponse(as, client, response);
      carried = { request_uri };
    }
    const back = await logInAt(addressOf(client, carried));
    const tokens = await exchange({ client, authentication, back, prepared });
    assert.equal(oauth.getValidatedIdTokenClaims(tokens)?.aud, client.client_id, way);
  }
});

test('private_key_jwt at the token endpoint, at PAR and at revocation', async () => {
  const { client, signer } = await addSigner(['assertion']);
  const authentication = oauth.PrivateKeyJwt(signer);
  const prepared = await prepare();
  const response = await oauth.pushedAuthorizationRequest(as, client, authentication, prepared.parameters);
  const { request_uri } = await oauth.processPushedAuthorizationResponse(as, client, response);
  const back = await logInAt(addressOf(client, { request_uri }));
  const tokens = await exchange({ client, authentication, back, prepared });
  const revoked = await oauth.revocationRequest(as, client, authentication, tokens.refresh_token ?? '');
  await oauth.processRevocationResponse(revoked);
});

test('client_credentials: an access token by RFC 9068', async () => {
  const { client, authentication } = asPost();
  const response = await oauth.clientCredentialsGrantRequest(as, client, authentication, { audience: API });
  const tokens = await oauth.processClientCredentialsResponse(as, client, response);
  const request = new Request(API, { headers: { authorization: `Bearer ${tokens.access_token}` } });
  const claims = await oauth.validateJwtAccessToken(as, request, API);
  assert.equal(claims.scope, 'read:things');
});

test('code and ID token together: its hashes tie them', async () => {
  const { client, authentication } = asPost();
  const prepared = await prepare();
  const back = await logInAt(addressOf(client, { ...prepared.parameters, response_type: 'code id_token' }));
  const answer = await oauth.validateCodeIdTokenResponse(as, client, back, prepared.nonce, prepared.state);
  const response = await oauth.authorizationCodeGrantRequest(
    as,
    client,
    authentication,
    answer,
    CALLBACK,
    prepared.verifier,
  );
  const checks = { expectedNonce: prepared.nonce, requireIdToken: true };
  const tokens = await oauth.processAuthorizationCodeResponse(as, client, response, checks);
  assert.ok(tokens.refresh_token);
});

test('FAPI 1.0 Advanced: signed, pushed, and an ID token by PS256 that signs the whole answer', async () => {
  const { flags } = await tenantSettings(server.ctx);
  await changeSettings(server.ctx, { flags: { ...flags, remove_alg_from_jwks: true } });
  const { client_id, signer } = await addSigner(['request', 'assertion'], {
    grant_types: ['authorization_code', 'implicit'],
    jwt_configuration: { alg: 'PS256' },
    compliance_level: 'fapi1_adv_pkj_par',
  });
  const client: oauth.Client = { client_id, id_token_signed_response_alg: 'PS256' };
  const prepared = await prepare();
  const wish = { ...prepared.parameters, response_type: 'code id_token', scope: 'openid' };
  const request = await oauth.issueRequestObject(as, client, wish, signer);
  const pushed = await oauth.pushedAuthorizationRequest(as, client, oauth.PrivateKeyJwt(signer), { request });
  const { request_uri } = await oauth.processPushedAuthorizationResponse(as, client, pushed);
  const back = await logInAt(addressOf(client, { request_uri }));
  const { nonce, state } = prepared;
  // Another object: the client keeps the keys that it read for one.
  const fresh = await discover('oidc');
  assert.ok(await oauth.validateDetachedSignatureResponse(fresh, client, back, nonce, state));
  const changed = new URL(back);
  changed.hash = changed.hash.replace(/code=[^&]*/, 'code=another');
  await assert.rejects(oauth.validateDetachedSignatureResponse(fresh, client, changed, nonce, state));
});
