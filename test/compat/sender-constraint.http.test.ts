/** `openid-client` (and `oauth4webapi` under it) with DPoP and with certificates, over TLS. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AuthClient } from '@auth0/auth0-auth-js';
import { AuthenticationClient } from 'auth0/legacy';
import * as oidc from 'openid-client';
import { Agent, fetch as undiciFetch } from 'undici';
import { clientCredentialsOf, clientsOf } from '../../src/resources/clients/index.ts';
import { createResourceServer } from '../../src/resources/resource-servers/index.ts';
import { issueCertificate, type TestCertificate } from '../certificates.ts';
import { addApplication, addPerson, addPublicApplication, CONNECTION, PASSWORD } from '../fixtures.ts';
import { addClientGrant, changeSettings, payloadOf } from '../token-fixture.ts';
import { type RealServer, startRealServer } from './real-server.ts';
import { logInAt, newVisitor } from './visitor.ts';

const CALLBACK = 'https://app.test/callback';
const EMAIL = 'ada@example.test';
const API = 'https://bound.test/';

let server: RealServer;

before(async () => {
  server = await startRealServer();
  await addPerson(server.ctx, EMAIL);
  await createResourceServer(server.ctx, {
    identifier: API,
    name: 'Bound',
    scopes: [{ value: 'read:things' }],
    proof_of_possession: { mechanism: 'dpop', required: true },
  });
});
after(() => server.close());

async function logIn(config: oidc.Configuration, DPoP: oidc.DPoPHandle) {
  const verifier = oidc.randomPKCECodeVerifier();
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK,
    scope: 'openid profile email offline_access',
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    dpop_jkt: await DPoP.calculateThumbprint(),
  });
  const back = await logInAt(newVisitor(server.url), url, EMAIL, PASSWORD);
  return oidc.authorizationCodeGrant(config, back, { pkceCodeVerifier: verifier }, undefined, { DPoP });
}

test('a public client: dpop_jkt, the nonce that is asked for, userinfo, refresh', async () => {
  const { client_id } = await addPublicApplication(server.ctx, {
    app_type: 'native',
    callbacks: [CALLBACK],
    require_proof_of_possession: true,
  });
  const config = await oidc.discovery(new URL(server.url), client_id, undefined, oidc.None());
  assert.deepEqual(config.serverMetadata().dpop_signing_alg_values_supported, ['ES256']);
  const DPoP = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair('ES256'));
  const tokens = await logIn(config, DPoP);
  assert.equal(tokens.token_type, 'dpop');
  const profile = await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims()?.sub ?? '', { DPoP });
  assert.equal(profile.email, EMAIL);
  const refreshed = await oidc.refreshTokenGrant(config, tokens.refresh_token ?? '', undefined, { DPoP });
  assert.equal(refreshed.token_type, 'dpop');
  const other = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair('ES256'));
  const live = refreshed.refresh_token ?? tokens.refresh_token ?? '';
  await assert.rejects(oidc.refreshTokenGrant(config, live, undefined, { DPoP: other }), { error: 'invalid_grant' });
  await assert.rejects(oidc.fetchUserInfo(config, refreshed.access_token, oidc.skipSubjectCheck, { DPoP: other }));
});

test('a confidential client, for itself', async () => {
  const { client_id, client_secret } = await addApplication(server.ctx);
  await addClientGrant(server.ctx, client_id, ['read:things'], 'client', API);
  const config = await oidc.discovery(new URL(server.url), client_id, undefined, oidc.ClientSecretPost(client_secret));
  const DPoP = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair('ES256'));
  const tokens = await oidc.clientCredentialsGrant(config, { audience: API }, { DPoP });
  assert.deepEqual(payloadOf(tokens.access_token).cnf, { jkt: await DPoP.calculateThumbprint() });
  await assert.rejects(oidc.clientCredentialsGrant(config, { audience: API }), { error: 'invalid_request' });
});

/** An application that is registered with `certificate`, and a fetch over connections that show it. */
async function addCertified(certificate: TestCertificate) {
  const { client_id } = await addApplication(server.ctx, { callbacks: [CALLBACK] });
  const id = `cred_${client_id.slice(0, 22)}`;
  const now = new Date(server.clock.now()).toISOString();
  await clientCredentialsOf(server.ctx).insert({
    id,
    client_id,
    credential_type: 'x509_cert',
    thumbprint_sha256: certificate.thumbprint,
    created_at: now,
    updated_at: now,
  });
  await clientsOf(server.ctx).update(client_id, (client) => ({
    ...client,
    token_endpoint_auth_method: null,
    client_authentication_methods: { self_signed_tls_client_auth: { credentials: [{ id }] } },
  }));
  // Not every machine knows that all names under localhost are its own.
  const lookup = (_name: string, _options: object, done: (error: null, found: object[]) => void) =>
    done(null, [{ address: '127.0.0.1', family: 4 }]);
  const dispatcher = new Agent({ connect: { cert: certificate.cert, key: certificate.key, lookup: lookup as never } });
  const asked: string[] = [];
  const shows = (url: string | URL | Request, options?: object): Promise<Response> => {
    asked.push(String(url instanceof Request ? url.url : url));
    return undiciFetch(url as string, { ...options, dispatcher } as never) as unknown as Promise<Response>;
  };
  return { client_id, shows, asked, close: () => dispatcher.close() };
}

test('a client with a certificate: TlsClientAuth over a connection that shows it', async () => {
  const { client_id, shows, close } = await addCertified(issueCertificate('openid-client'));
  const config = await oidc.discovery(new URL(server.url), client_id, undefined, oidc.TlsClientAuth(), {
    [oidc.customFetch]: shows,
  });
  const url = oidc.buildAuthorizationUrl(config, { redirect_uri: CALLBACK, scope: 'openid email' });
  const back = await logInAt(newVisitor(server.url), url, EMAIL, PASSWORD);
  const tokens = await oidc.authorizationCodeGrant(config, back);
  const sub = tokens.claims()?.sub ?? '';
  assert.equal((await oidc.fetchUserInfo(config, tokens.access_token, sub)).email, EMAIL);
  const without = await oidc.discovery(new URL(server.url), client_id, undefined, oidc.TlsClientAuth());
  await assert.rejects(oidc.fetchUserInfo(without, tokens.access_token, sub));
  await assert.rejects(oidc.clientCredentialsGrant(without, { audience: API }), { error: 'access_denied' });
  await close();
});

test('`useMtls` of @auth0/auth0-auth-js finds its way by mtls_endpoint_aliases', async () => {
  await changeSettings(server.ctx, { mtls: { enable_endpoint_aliases: true } });
  const { client_id, shows, asked, close } = await addCertified(issueCertificate('auth0-auth-js'));
  const options = { domain: server.domain, clientId: client_id, authorizationParams: { redirect_uri: CALLBACK } };
  const auth = new AuthClient({ ...options, useMtls: true, customFetch: shows as typeof fetch });
  const login = { username: EMAIL, password: PASSWORD, realm: CONNECTION, scope: 'openid offline_access' };
  const tokens = await auth.getTokenByPassword(login);
  assert.ok(asked.includes(`https://mtls.${server.domain}/oauth/token`), asked.join());
  const refreshed = await auth.getTokenByRefreshToken({ refreshToken: tokens.refreshToken ?? '' });
  assert.ok(refreshed.accessToken);
  await changeSettings(server.ctx, { mtls: {} });
  await close();
});

test('`useMTLS` of the AuthenticationClient of `auth0`, at the address that it expects', async () => {
  await changeSettings(server.ctx, { mtls: { enable_endpoint_aliases: true } });
  const { client_id, shows, asked, close } = await addCertified(issueCertificate('auth0'));
  const options = { domain: server.domain, clientId: client_id, useMTLS: true };
  const auth = new AuthenticationClient({ ...options, fetch: shows as typeof fetch });
  const login = { username: EMAIL, password: PASSWORD, realm: CONNECTION, scope: 'openid' };
  const { data } = await auth.oauth.passwordGrant(login);
  assert.ok(data.id_token);
  assert.ok(asked.includes(`https://mtls.${server.domain}/oauth/token`), asked.join());
  await changeSettings(server.ctx, { mtls: {} });
  await close();
});
