/** RFC 9207: `iss` in every answer of /authorize, where the tenant wants it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { authorizeUrl, Browser } from '../../../test/browser.ts';
import { addApplication, addPerson, type Credentials, PASSWORD } from '../../../test/fixtures.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { changeSettings } from '../../../test/token-fixture.ts';

let server: TestServer;
let app: Credentials;
let browser: Browser;

before(async () => {
  server = await testServer();
  app = await addApplication(server.ctx, {
    grant_types: ['authorization_code', 'implicit'],
    web_origins: ['https://app.test'],
  });
  await addPerson(server.ctx);
  browser = new Browser(server);
  const page = await browser.openPage(authorizeUrl({ client_id: app.client_id }));
  await browser.submitApp(page, { username: 'ada@example.test', password: PASSWORD });
});
after(() => server.close());

const MODES: readonly [string, Record<string, string>][] = [
  ['query', {}],
  ['fragment', { response_type: 'code id_token', nonce: 'n' }],
  ['form_post', { response_mode: 'form_post' }],
  ['web_message', { response_mode: 'web_message', prompt: 'none' }],
  ['an error in the query', { scope: '"' }],
  ['an error in a fragment', { response_type: 'id_token' }],
  ['an error in a form', { response_mode: 'form_post', max_age: 'soon' }],
  ['an error in a message', { response_mode: 'web_message', prompt: 'none', max_age: '0' }],
];

/** The value of `iss`, however it comes. */
async function issuerIn(parameters: Record<string, string>): Promise<string | undefined> {
  const { headers, text } = await server.get(authorizeUrl({ client_id: app.client_id, ...parameters }), {
    jar: { ...browser.jar },
  });
  const location = headers.location;
  if (location === undefined)
    return /name="iss" value="([^"]*)"/.exec(text)?.[1] ?? /"iss":"([^"]*)"/.exec(text.replaceAll('&quot;', '"'))?.[1];
  const url = new URL(location);
  return new URLSearchParams(url.hash.slice(1) || url.search).get('iss') ?? undefined;
}

for (const [name, parameters] of MODES) {
  test(`${name}: iss where the tenant has it on, none where not`, async () => {
    await changeSettings(server.ctx, { authorization_response_iss_parameter_supported: false });
    assert.equal(await issuerIn(parameters), undefined);
    await changeSettings(server.ctx, { authorization_response_iss_parameter_supported: true });
    assert.equal(await issuerIn(parameters), server.issuer);
  });
}

test('discovery says whether it comes', async () => {
  const said = async () =>
    (await server.get('/.well-known/openid-configuration')).json.authorization_response_iss_parameter_supported;
  await changeSettings(server.ctx, { authorization_response_iss_parameter_supported: true });
  assert.equal(await said(), true);
  await changeSettings(server.ctx, { authorization_response_iss_parameter_supported: null });
  assert.equal(await said(), undefined);
});
