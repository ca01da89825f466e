/** `acr_values` and the tenant's `acr_values_supported`; `remove_alg_from_jwks`, for ID tokens by PS256. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { authorizeUrl, Browser } from '../../../test/browser.ts';
import { addApplication, addPerson, type Credentials, PASSWORD } from '../../../test/fixtures.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { changeSettings, payloadOf } from '../../../test/token-fixture.ts';
import { decodeJwt } from '../../platform/crypto/index.ts';
import { tenantSettings } from '../../resources/tenant-settings/index.ts';
import { ACR_MULTI_FACTOR } from '../vocabulary.ts';

const SILVER = 'urn:mace:incommon:iap:silver';
const CALLBACK = 'https://app.test/callback';
let server: TestServer;
let app: Credentials;

before(async () => {
  server = await testServer();
  app = await addApplication(server.ctx, {
    grant_types: ['authorization_code', 'implicit'],
    jwt_configuration: { alg: 'PS256' },
    allowed_logout_urls: ['https://app.test/bye'],
  });
  await addPerson(server.ctx);
});
after(() => server.close());

async function idTokenFor(acr_values: string | undefined, browser = new Browser(server)): Promise<string> {
  const page = await browser.openPage(authorizeUrl({ client_id: app.client_id, scope: 'openid', acr_values }));
  const arrival = await browser.submitApp(page, { username: 'ada@example.test', password: PASSWORD });
  const form = { grant_type: 'authorization_code', code: arrival.parameters.code, redirect_uri: CALLBACK, ...app };
  return (await server.post('/oauth/token', { form })).json.id_token;
}

test('the first context that is asked for and supported is named; none where none is', async () => {
  assert.equal(payloadOf(await idTokenFor(SILVER)).acr, undefined);
  await changeSettings(server.ctx, { acr_values_supported: ['urn:bronze', SILVER, ACR_MULTI_FACTOR] });
  assert.equal(payloadOf(await idTokenFor(`urn:gold ${SILVER} urn:bronze`)).acr, SILVER);
  assert.equal(payloadOf(await idTokenFor('urn:gold')).acr, undefined);
  assert.equal(payloadOf(await idTokenFor(undefined)).acr, undefined);
  const { json } = await server.get('/.well-known/openid-configuration');
  assert.deepEqual(json.acr_values_supported, ['urn:bronze', SILVER, ACR_MULTI_FACTOR]);
});

test('a second factor is never named for the asking', async () => {
  await changeSettings(server.ctx, { acr_values_supported: [ACR_MULTI_FACTOR] });
  const claims = payloadOf(await idTokenFor(ACR_MULTI_FACTOR));
  assert.deepEqual([claims.acr, claims.amr], [undefined, undefined]);
});

test('over the browser, too', async () => {
  await changeSettings(server.ctx, { acr_values_supported: [SILVER] });
  const wish = { response_type: 'id_token', nonce: 'n', acr_values: SILVER };
  const browser = new Browser(server);
  const page = await browser.openPage(authorizeUrl({ client_id: app.client_id, ...wish }));
  const { url } = await browser.submitApp(page, { username: 'ada@example.test', password: PASSWORD });
  const token = new URLSearchParams(url.hash.slice(1)).get('id_token') ?? '';
  assert.equal(payloadOf(token).acr, SILVER);
});

test('an ID token by PS256 is a hint like any other, at /authorize and at logout', async () => {
  const browser = new Browser(server);
  const id_token_hint = await idTokenFor(undefined, browser);
  assert.equal(decodeJwt(id_token_hint)?.header.alg, 'PS256');
  const silent = authorizeUrl({ client_id: app.client_id, prompt: 'none', id_token_hint });
  assert.ok((await browser.openApp(silent)).parameters.code);
  const logout = new URLSearchParams({ id_token_hint, post_logout_redirect_uri: 'https://app.test/bye' });
  assert.equal((await browser.openApp(`/oidc/logout?${logout}`)).url.href, 'https://app.test/bye');
});

test('the JWKS names RS256, unless the tenant takes the name away', async () => {
  const algorithms = async () =>
    (await server.get('/.well-known/jwks.json')).json.keys.map(({ alg }: { alg?: string }) => alg);
  assert.ok((await algorithms()).every((alg: string | undefined) => alg === 'RS256'));
  const { flags } = await tenantSettings(server.ctx);
  await changeSettings(server.ctx, { flags: { ...flags, remove_alg_from_jwks: true } });
  assert.ok((await algorithms()).every((alg: string | undefined) => alg === undefined));
  await changeSettings(server.ctx, { flags });
  assert.ok((await algorithms()).every((alg: string | undefined) => alg === 'RS256'));
});
