/** The device flow and OpenID CIBA through unmodified clients, over TLS: `openid-client`, `oauth4webapi`, `auth0` and `@auth0/auth0-auth-js`. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { AuthClient } from '@auth0/auth0-auth-js';
import { AuthApiError, AuthenticationClient } from 'auth0/legacy';
import * as oauth from 'oauth4webapi';
import * as oidc from 'openid-client';
import { approvePush, listPushes, rejectPush } from '../../src/mfa/index.ts';
import { authenticatorsOf, newAuthenticatorId } from '../../src/resources/authentication-methods/index.ts';
import { addBackchannelClient } from '../ciba-fixture.ts';
import { addDeviceClient } from '../device-fixture.ts';
import { addPerson, type Credentials, PASSWORD, useFactors } from '../fixtures.ts';
import { type RealServer, startRealServer } from './real-server.ts';
import { newVisitor } from './visitor.ts';

const EMAIL = 'ada@example.test';
const BINDING = { binding_message: 'Order 4711', scope: 'openid profile' };

let server: RealServer;
let device: string;
let backchannel: Credentials;
let ada: string;

before(async () => {
  server = await startRealServer();
  device = await addDeviceClient(server.ctx);
  backchannel = await addBackchannelClient(server.ctx);
  ({ user_id: ada } = await addPerson(server.ctx, EMAIL));
  await useFactors(server.ctx, ['push-notification']);
  await authenticatorsOf(server.ctx).insert({
    id: newAuthenticatorId(server.ctx),
    user_id: ada,
    type: 'push',
    confirmed: true,
    created_at: new Date(server.clock.now()).toISOString(),
    device: { identifier: 'phone', push_service: 'GCM', push_token: 'token' },
  });
});
after(() => server.close());
beforeEach(() => server.clock.advance(1));

/** Opens the address in the device's QR code and does what it asks. */
async function activate(address: string, action = 'accept'): Promise<string> {
  const visitor = newVisitor(server.url);
  const next = await visitor.submit(await visitor.open(address), { action });
  if (next.url.pathname !== '/u/login') return next.url.pathname;
  return (await visitor.submit(next, { username: EMAIL, password: PASSWORD, action: 'default' })).url.pathname;
}

async function answer(how: typeof approvePush): Promise<void> {
  const [newest] = await listPushes(server.ctx);
  await how(server.ctx, newest?.id ?? assert.fail('nobody was asked'));
}

/** Clients wait as long as the server says before they ask; here the answer is there already. */
const atOnce = <Response extends object>(response: Response) => ({ ...response, interval: 0 });

test('openid-client: the device flow', async () => {
  const config = await oidc.discovery(new URL(server.url), device, undefined, oidc.None());
  const codes = await oidc.initiateDeviceAuthorization(config, { scope: 'openid profile offline_access' });
  assert.equal(codes.verification_uri, `${server.url}/activate`);
  assert.equal(await activate(codes.verification_uri_complete ?? ''), '/device/success');
  const tokens = await oidc.pollDeviceAuthorizationGrant(config, atOnce(codes));
  assert.equal(tokens.claims()?.sub, ada);
  const refreshed = await oidc.refreshTokenGrant(config, tokens.refresh_token ?? '');
  assert.equal(refreshed.claims()?.sub, ada);
  const declined = await oidc.initiateDeviceAuthorization(config, { scope: 'openid' });
  assert.equal(await activate(declined.verification_uri_complete ?? '', 'deny'), '/device/failure');
  await assert.rejects(oidc.pollDeviceAuthorizationGrant(config, atOnce(declined)), { error: 'access_denied' });
});

test('oauth4webapi: the device flow, question by question', async () => {
  const issuer = new URL(`${server.url}/`);
  const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer));
  const client = { client_id: device };
  const begun = await oauth.deviceAuthorizationRequest(as, client, oauth.None(), { scope: 'openid' });
  const codes = await oauth.processDeviceAuthorizationResponse(as, client, begun);
  assert.deepEqual([codes.expires_in, codes.interval], [900, 5]);
  const poll = async () => {
    const response = await oauth.deviceCodeGrantRequest(as, client, oauth.None(), codes.device_code);
    return oauth.processDeviceCodeResponse(as, client, response);
  };
  const refused = (error: string, status: number) => ({ name: 'ResponseBodyError', error, status });
  await assert.rejects(poll(), refused('authorization_pending', 403));
  await assert.rejects(poll(), refused('slow_down', 429));
  assert.equal(await activate(codes.verification_uri_complete ?? ''), '/device/success');
  const tokens = await poll();
  assert.equal(oauth.getValidatedIdTokenClaims(tokens)?.sub, ada);
  await assert.rejects(poll(), refused('invalid_grant', 403));
});

test('openid-client: backchannel authentication', async () => {
  const { client_id, client_secret } = backchannel;
  const config = await oidc.discovery(new URL(server.url), client_id, undefined, oidc.ClientSecretBasic(client_secret));
  const login_hint = JSON.stringify({ format: 'iss_sub', iss: `${server.url}/`, sub: ada });
  const request = await oidc.initiateBackchannelAuthentication(config, { ...BINDING, login_hint });
  await answer(approvePush);
  const tokens = await oidc.pollBackchannelAuthenticationGrant(config, atOnce(request));
  assert.equal(tokens.claims()?.sub, ada);
  server.clock.advance(1);
  const rejected = await oidc.initiateBackchannelAuthentication(config, { ...BINDING, login_hint });
  await answer(rejectPush);
  await assert.rejects(oidc.pollBackchannelAuthenticationGrant(config, atOnce(rejected)), { error: 'access_denied' });
});

test('auth0: the backchannel of the AuthenticationClient', async () => {
  const { client_id: clientId, client_secret: clientSecret } = backchannel;
  const client = new AuthenticationClient({ domain: server.domain, clientId, clientSecret, retry: { enabled: false } });
  const request = { userId: ada, ...BINDING, requested_expiry: '120' };
  const { auth_req_id, expires_in, interval } = await client.backchannel.authorize(request);
  assert.deepEqual([expires_in, interval], [120, 5]);
  const grant = () => client.backchannel.backchannelGrant({ auth_req_id });
  const refused = (error: string, error_description: string) => (thrown: unknown) => {
    assert.ok(thrown instanceof AuthApiError);
    assert.deepEqual([thrown.statusCode, thrown.error, thrown.error_description], [400, error, error_description]);
    return true;
  };
  await assert.rejects(grant, refused('authorization_pending', 'The end-user authorization is pending'));
  const slower = 'You are polling faster than allowed. Try again in 10 seconds.';
  await assert.rejects(grant, refused('slow_down', slower));
  await answer(approvePush);
  const tokens = await grant();
  assert.ok(tokens.access_token && tokens.id_token);
  assert.equal(tokens.scope, BINDING.scope);
  await assert.rejects(grant, refused('invalid_grant', 'Invalid or expired auth_req_id'));
  const nobody = client.backchannel.authorize({ ...request, userId: 'auth0|nobody' });
  await assert.rejects(nobody, refused('unknown_user_id', 'User ID is malformed or unknown'));
});

test('auth0-auth-js: backchannel authentication', async () => {
  const { client_id: clientId, client_secret: clientSecret } = backchannel;
  const client = new AuthClient({ domain: server.domain, clientId, clientSecret });
  const { authReqId } = await client.initiateBackchannelAuthentication({
    bindingMessage: BINDING.binding_message,
    loginHint: { sub: ada },
  });
  await answer(approvePush);
  const tokens = await client.backchannelAuthenticationGrant({ authReqId });
  assert.equal(tokens.claims?.sub, ada);
});
