/** People whom a SAML application sends log in on the operator's page too. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Browser } from './browser.ts';
import { configOf, formOf, OPERATORS_PAGE, postPassword } from './classic.ts';
import { changeClient } from './cross-origin.ts';
import { addPerson } from './fixtures.ts';
import { addSamlClient, consume, EMAIL, posted, samlServer, serviceProvider } from './saml-house.ts';
import type { TestServer } from './server.ts';

let server: TestServer;

before(async () => {
  server = await samlServer();
});
after(() => server.close());

test('it is told the protocol, and the application gets its assertion', async () => {
  const user = await addPerson(server.ctx, EMAIL);
  const clientId = await addSamlClient(server.ctx);
  await changeClient(server.ctx, clientId, { custom_login_page: OPERATORS_PAGE });
  const sp = await serviceProvider(server, clientId);
  const browser = new Browser(server);
  const page = await browser.openPage(await sp.getAuthorizeUrlAsync('deep/link', undefined, {}));
  assert.equal(page.path, '/login');
  const config = configOf(page);
  assert.equal(config.internalOptions.protocol, 'samlp');
  const answer = await postPassword(browser, config, { username: EMAIL });
  assert.equal(answer.status, 200, answer.text);
  const reached = await browser.submitPage(formOf(answer, { page }), {});
  const assertion = posted(reached);
  assert.equal(assertion.fields.RelayState, 'deep/link');
  assert.equal((await consume(sp, assertion)).nameID, user.user_id);
});
