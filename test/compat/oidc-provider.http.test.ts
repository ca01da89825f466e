/** A login at an identity provider that somebody else wrote: `oidc-provider`, over TLS, with everything that it checks. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { AuthenticationClient } from 'auth0/legacy';
import Provider from 'oidc-provider';
import { createDevelopmentAuthority, decodeJwt, issueServerCertificate } from '../../src/platform/crypto/index.ts';
import { createConnection } from '../../src/resources/connections/index.ts';
import { addApplication, type Credentials } from '../fixtures.ts';
import { type RealServer, startRealServer } from './real-server.ts';
import { newVisitor } from './visitor.ts';

const CALLBACK = 'https://app.test/callback';
const VAULT = 'urn:auth0:params:oauth:grant-type:token-exchange:federated-connection-access-token';

let server: RealServer;
let listener: Server;
let issuer: string;
let client: Credentials;

before(async () => {
  server = await startRealServer();
  const now = Date.now();
  const authority = await createDevelopmentAuthority({ now });
  const issued = await issueServerCertificate(authority, { hosts: ['127.0.0.1'], now });
  setDefaultCACertificates([...getCACertificates('default'), authority.certPem]);
  listener = createServer({ key: issued.privateKeyPem, cert: issued.certPem });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  issuer = `https://127.0.0.1:${(listener.address() as AddressInfo).port}`;
  listener.on('request', providerAt(issuer).callback());
  client = await addApplication(server.ctx, {
    callbacks: [CALLBACK],
    grant_types: ['authorization_code', 'refresh_token', VAULT],
  });
  await createConnection(server.ctx, {
    name: 'elsewhere',
    strategy: 'oidc',
    enabled_clients: [client.client_id],
    options: {
      type: 'back_channel',
      discovery_url: `${issuer}/.well-known/openid-configuration`,
      client_id: 'countersign',
      client_secret: 'a secret of forty-eight characters or so, enough',
      scope: 'openid email offline_access',
      upstream_params: { prompt: { value: 'consent' } },
      federated_connections_access_tokens: { active: true },
    },
  });
});
after(async () => {
  await server.close();
  listener.closeAllConnections();
  listener.close();
});

function providerAt(address: string): Provider {
  return new Provider(address, {
    clients: [
      {
        client_id: 'countersign',
        client_secret: 'a secret of forty-eight characters or so, enough',
        redirect_uris: [`${server.url}/login/callback`],
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    findAccount: (_ctx: unknown, id: string) => ({
      accountId: id,
      claims: async () => ({ sub: id, email: `${id}@example.test`, email_verified: true }),
    }),
    pkce: { required: () => true },
    rotateRefreshToken: true,
    ttl: { AccessToken: 60, RefreshToken: 86_400, Interaction: 600, Session: 600, Grant: 86_400, IdToken: 600 },
    cookies: { keys: ['a key of the test'] },
  });
}

test('discovery, PKCE, nonce, iss, a signed ID token and userinfo; then its tokens from the vault, rotating', async () => {
  const [here, there] = [newVisitor(server.url), newVisitor(issuer)];
  const ask = { response_type: 'code', client_id: client.client_id, redirect_uri: CALLBACK, state: 's' };
  const scope = 'openid email offline_access';
  const start = `${server.url}/authorize?${new URLSearchParams({ ...ask, scope, connection: 'elsewhere' })}`;
  const away = await here.open(start);
  assert.equal(away.url.origin, issuer);
  const login = await there.open(away.url);
  const consent = await there.submit(login, { login: 'grace', password: 'any' });
  const back = await there.submit(consent, {});
  assert.equal(back.url.pathname, '/login/callback', back.html);
  assert.equal(back.url.searchParams.get('iss'), issuer);
  const arrived = (await here.open(back.url)).url;
  assert.equal(arrived.searchParams.get('error_description'), null);
  const exchange = async (form: Record<string, string>): Promise<Record<string, string>> => {
    const body = new URLSearchParams(Object.entries({ ...client, ...form }));
    const answer = await fetch(`${server.url}/oauth/token`, { method: 'POST', body });
    const json = (await answer.json()) as Record<string, string>;
    assert.equal(answer.status, 200, JSON.stringify(json));
    return json;
  };
  const code = arrived.searchParams.get('code') ?? '';
  const tokens = await exchange({ grant_type: 'authorization_code', code, redirect_uri: CALLBACK });
  const claims = decodeJwt(tokens.id_token ?? '')?.payload;
  assert.deepEqual([claims?.sub, claims?.email], ['oidc|elsewhere|grace', 'grace@example.test']);
  const vault = new AuthenticationClient({
    domain: server.domain,
    clientId: client.client_id,
    clientSecret: client.client_secret,
  });
  // This method of the client's, alone of all, does not say who it is by itself.
  const asked = { subject_token: tokens.refresh_token ?? '', connection: 'elsewhere', client_id: client.client_id };
  const seen = new Set<string>();
  for (let round = 0; round < 3; round++) {
    const { access_token } = (await vault.oauth.tokenForConnection(asked)).data;
    seen.add(access_token);
    const profile = await fetch(`${issuer}/me`, { headers: { authorization: `Bearer ${access_token}` } });
    assert.equal(((await profile.json()) as { sub: string }).sub, 'grace');
    server.clock.advance(60);
  }
  assert.equal(seen.size, 3, 'each had ended here, and was renewed there');
});
