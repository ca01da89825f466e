import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addPerson } from '../../../test/fixtures.ts';
import { ACS, addSamlClient, EMAIL, logIn, samlServer, serviceProvider } from '../../../test/saml-house.ts';
import type { TestServer } from '../../../test/server.ts';
import { CLAIM } from '../../assertions/index.ts';
import type { User } from '../../resources/users/index.ts';

let server: TestServer;
let user: User;

before(async () => {
  server = await samlServer();
  user = await addPerson(server.ctx, EMAIL);
});
after(() => server.close());

test('a service provider sends a person here and gets them back, known', async () => {
  const sp = await serviceProvider(server, await addSamlClient(server.ctx));
  const { profile, answer } = await logIn(server, sp);
  assert.equal(answer.to, ACS);
  assert.equal(answer.fields.RelayState, 'deep/link');
  assert.equal(profile.nameID, user.user_id);
  assert.equal(profile.issuer, `urn:${server.host}`);
  assert.equal(profile[CLAIM.emailaddress], EMAIL);
});
