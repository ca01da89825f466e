/** What a third-party application in strict mode may ask. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { authorizeUrl, Browser } from '../../../test/browser.ts';
import { addClientKey } from '../../../test/client-keys.ts';
import { addApplication, type Credentials } from '../../../test/fixtures.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { changeSettings, refusalOf } from '../../../test/token-fixture.ts';
import { clientsOf } from '../../resources/clients/index.ts';

let server: TestServer;
let app: Credentials;

before(async () => {
  server = await testServer();
  app = await addApplication(server.ctx, { callbacks: ['https://app.test/callback', 'https://*.app.test/callback'] });
  await clientsOf(server.ctx).update(app.client_id, (stored) => ({
    ...stored,
    is_first_party: false,
    third_party_security_mode: 'strict',
  }));
  await changeSettings(server.ctx, { pushed_authorization_requests_supported: true });
});
after(() => server.close());

const pkce = { code_challenge: 'A'.repeat(43), code_challenge_method: 'S256' };
const ask = (parameters: Record<string, string | undefined> = {}) =>
  authorizeUrl({ client_id: app.client_id, ...pkce, ...parameters });
const refusal = ({ parameters }: { parameters: Readonly<Record<string, string | undefined>> }) => [
  parameters.error,
  parameters.error_description,
];

test('PKCE is not a choice', async () => {
  assert.equal((await new Browser(server).openPage(ask())).path, '/u/login');
  const bare = await new Browser(server).openApp(ask({ code_challenge: undefined, code_challenge_method: undefined }));
  assert.deepEqual(refusal(bare), ['invalid_request', 'code_challenge is required']);
});

for (const name of 'claims id_token_hint invitation login_ticket request request_uri screen_hint'.split(' ')) {
  test(`${name} is not taken`, async () => {
    const arrived = await new Browser(server).openApp(ask({ [name]: 'x' }));
    assert.deepEqual(refusal(arrived), ['invalid_request', `parameter ${name} is not allowed for this client`]);
  });
}

test('neither a signed nor a pushed request, nor a callback by placeholder', async () => {
  const key = await addClientKey(server.ctx, app.client_id, ['request']);
  const claims = { iss: app.client_id, aud: server.issuer, client_id: app.client_id, response_type: 'code', ...pkce };
  const signed = await new Browser(server).openApp(ask({ request: await key.sign(claims) }));
  assert.deepEqual(refusal(signed), ['invalid_request', 'parameter request is not allowed for this client']);
  const pushed = await server.post('/oauth/par', { form: { ...app, response_type: 'code', ...pkce } });
  assert.deepEqual(refusalOf(pushed).slice(0, 2), [400, 'unauthorized_client']);
  const elsewhere = await new Browser(server).openPage(ask({ redirect_uri: 'https://eu.app.test/callback' }));
  assert.equal(elsewhere.status, 403);
});

test('parameters of its own go on being ignored, and first-party applications are not asked for any of this', async () => {
  assert.equal((await new Browser(server).openPage(ask({ 'ext-colour': 'red', display: 'page' }))).path, '/u/login');
  const own = await addApplication(server.ctx);
  const plain = authorizeUrl({ client_id: own.client_id, screen_hint: 'signup' });
  assert.equal((await new Browser(server).openPage(plain)).path, '/u/signup');
});
