/** Token exchange through `@auth0/auth0-auth-js`, `auth0`'s clients, unmodified, over TLS. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AuthClient } from '@auth0/auth0-auth-js';
import { ManagementClient } from 'auth0';
import { AuthenticationClient } from 'auth0/legacy';
import { createTokenExchangeProfile } from '../../src/resources/token-exchange-profiles/index.ts';
import type { User } from '../../src/resources/users/index.ts';
import { CUSTOM, key, VERIFIER } from '../exchange-fixture.ts';
import { addApplication, addManagementClient, addPerson, type Credentials } from '../fixtures.ts';
import { foreignToken } from '../foreign-issuer.ts';
import { API, addApi, payloadOf } from '../token-fixture.ts';
import { type RealServer, startRealServer } from './real-server.ts';

const TYPE = 'urn:acme:legacy-token';

let server: RealServer;
let application: Credentials;
let user: User;

before(async () => {
  server = await startRealServer();
  application = await addApplication(server.ctx, CUSTOM);
  user = await addPerson(server.ctx);
  await addApi(server.ctx, { skip_consent_for_verifiable_first_party_clients: true });
  await createTokenExchangeProfile(server.ctx, {
    name: 'Legacy',
    type: 'custom_authentication',
    subject_token_type: TYPE,
    subject_token_verifier: VERIFIER,
  });
});
after(() => server.close());

const subject = (changes: object = {}) => {
  const now = Math.floor(server.clock.now() / 1000);
  const claims = { iss: VERIFIER.issuer, aud: VERIFIER.audience, sub: user.user_id, exp: now + 60, ...changes };
  return foreignToken(key, claims);
};

test('auth0-auth-js: exchangeToken', async () => {
  const client = new AuthClient({
    domain: server.domain,
    clientId: application.client_id,
    clientSecret: application.client_secret,
  });
  const exchanged = await client.exchangeToken({
    subjectTokenType: TYPE,
    subjectToken: await subject(),
    audience: API,
    scope: 'openid email read:things',
  });
  assert.equal(payloadOf(exchanged.accessToken).sub, user.user_id);
  assert.equal(exchanged.claims?.email, user.email);
  const refused = client.exchangeToken({ subjectTokenType: TYPE, subjectToken: await subject({ exp: 1 }) });
  await assert.rejects(refused, (error: { cause?: { error_description?: string } }) => {
    assert.equal(error.cause?.error_description, 'Invalid subject_token');
    return true;
  });
});

test('auth0: tokenExchange of the AuthenticationClient', async () => {
  const client = new AuthenticationClient({
    domain: server.domain,
    clientId: application.client_id,
    clientSecret: application.client_secret,
  });
  const tokens = await client.tokenExchange.exchangeToken({
    subject_token_type: TYPE,
    subject_token: await subject(),
    audience: API,
    scope: 'openid',
  });
  assert.equal(payloadOf(String(tokens.id_token)).sub, user.user_id);
});

test('auth0: profiles with the ManagementClient', async () => {
  const machine = await addManagementClient(server.ctx);
  const management = new ManagementClient({
    domain: server.domain,
    clientId: machine.client_id,
    clientSecret: machine.client_secret,
  });
  const made = await management.tokenExchangeProfiles.create({
    name: 'Partner',
    type: 'custom_authentication',
    subject_token_type: 'urn:acme:partner-token',
    subject_token_verifier: VERIFIER,
  } as unknown as Parameters<typeof management.tokenExchangeProfiles.create>[0]);
  await management.tokenExchangeProfiles.update(String(made.id), { name: 'Partners' });
  const names: (string | undefined)[] = [];
  for await (const profile of await management.tokenExchangeProfiles.list({ take: 1 })) names.push(profile.name);
  assert.deepEqual(names.sort(), ['Legacy', 'Partners']);
  await management.tokenExchangeProfiles.delete(String(made.id));
  await assert.rejects(management.tokenExchangeProfiles.get(String(made.id)), { statusCode: 404 });
});
