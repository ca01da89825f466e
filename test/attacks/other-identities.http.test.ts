/** Who is not whom, or what, they seem to be: people called like clients, logins to an organization carried out of it, Okta reading on. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addMember, removeMember } from '../../src/resources/organizations/index.ts';
import { usersOf } from '../../src/resources/users/index.ts';
import { addPerson } from '../fixtures.ts';
import { managementToken } from '../management.ts';
import { type OrganizationHouse, openOrganizationHouse } from '../organization-house.ts';

let house: OrganizationHouse;

before(async () => {
  house = await openOrganizationHouse('https://idp.test');
});
after(() => house.server.close());

test('whoever their provider calls like a client is still a user, who may have left or been blocked', async () => {
  const { server, acme, token, call } = house;
  const person = await addPerson(server.ctx, 'eve@acme.test');
  const user_id = 'oidc|con-acme-corp|eve@clients';
  await usersOf(server.ctx).put({ ...person, user_id });
  await addMember(server.ctx, acme.id, user_id);
  const bearer = await token(acme, { sub: user_id });
  const read = async () => (await call('GET', '/details', undefined, bearer)).status;
  assert.equal(await read(), 200);
  await usersOf(server.ctx).put({ ...person, user_id, blocked: true });
  assert.equal(await read(), 403, 'blocked');
  await usersOf(server.ctx).put({ ...person, user_id });
  await removeMember(server.ctx, acme.id, user_id);
  assert.equal(await read(), 403, 'no member any more');
});

test('Okta, which sets up connections, does not see what opens other companies’ services', async () => {
  const { server, manage } = house;
  const okta = (await manage('POST', 'clients', { name: 'Okta', app_type: 'express_configuration' })).json;
  const addons = {
    firebase: { private_key: 'the-fire-key' },
    layer: { providerId: 'p', keyId: 'k', privateKey: 'layer-key' },
  };
  const { client_id } = (await manage('POST', 'clients', { name: 'With keys', addons })).json;
  const bearer = await managementToken(server, ['read:clients'], {
    azp: okta.client_id,
    sub: `${okta.client_id}@clients`,
  });
  for (const path of ['clients', `clients/${client_id}`]) {
    const answer = await server.get(`/api/v2/${path}`, { bearer });
    assert.equal(answer.status, 200, answer.text);
    assert.doesNotMatch(answer.text, /the-fire-key|layer-key/, path);
  }
  const administrator = await manage('GET', `clients/${client_id}`);
  assert.match(administrator.text, /the-fire-key/);
});
