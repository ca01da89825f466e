/** Add-ons `salesforce_api` and `salesforce_sandbox_api`: an assertion of the tenant, exchanged at Salesforce. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { decodeProtectedHeader, importX509, jwtVerify } from 'jose';
import { type DelegationHouse, delegationHouse, formOf } from '../../../../test/delegation-house.ts';
import { EMAIL, logTypes, refusalOf } from '../../../../test/token-fixture.ts';
import { OutboundFailed, OutboundRefused } from '../../../platform/outbound/index.ts';
import { currentSigningKey } from '../../../resources/keys/index.ts';
import { logsOf } from '../../../resources/logs/index.ts';
import { usersOf } from '../../../resources/users/index.ts';

const TOKEN = {
  scope: 'full api',
  instance_url: 'https://na31.salesforce.com',
  token_type: 'Bearer',
  access_token: '00D!x',
};

let house: DelegationHouse;
let id_token: string;

before(async () => {
  house = await delegationHouse();
});
after(() => house.server.close());
beforeEach(async () => {
  id_token = await house.beginAnew();
  Object.assign(house.services, { status: 200, body: JSON.stringify(TOKEN), fails: undefined });
});

const ask = (addons: object, form: Record<string, string> = {}) => house.ask(addons, { id_token, ...form });

async function assertionSent() {
  const { grant_type, assertion = '' } = formOf(house.services.asked.at(-1));
  assert.equal(grant_type, 'urn:ietf:params:oauth:grant-type:jwt-bearer');
  const certificate = await importX509((await currentSigningKey(house.server.ctx)).cert, 'RS256');
  assert.equal(decodeProtectedHeader(assertion).alg, 'RS256');
  return (await jwtVerify(assertion, certificate, { currentDate: new Date(house.server.clock.now()) })).payload;
}

test('the user’s access token, for an assertion that the tenant’s certificate verifies', async () => {
  for (const [name, host] of [
    ['salesforce_api', 'login'],
    ['salesforce_sandbox_api', 'test'],
  ] as const) {
    const answer = await ask({ [name]: { clientid: 'consumer-key' } });
    assert.deepEqual([answer.status, answer.json], [200, TOKEN]);
    assert.equal(answer.headers['x-ratelimit-limit'], '10');
    assert.equal(house.services.asked.at(-1)?.url, `https://${host}.salesforce.com/services/oauth2/token`);
    const exp = Math.floor(house.server.clock.now() / 1000) + 180;
    const aud = `https://${host}.salesforce.com`;
    assert.deepEqual(await assertionSent(), { iss: 'consumer-key', sub: EMAIL, aud, exp });
  }
  assert.ok((await logTypes(house.server)).includes('sd'));
});

test('principal says which property names the user', async () => {
  await usersOf(house.server.ctx).put({ ...house.user, username: 'ada@acme.test', email_verified: false });
  for (const name of ['salesforce_api', 'salesforce_sandbox_api']) {
    house.services.asked.length = 0;
    await ask({ [name]: { clientid: 'key', principal: 'username' } });
    assert.equal((await assertionSent()).sub, 'ada@acme.test');
  }
  house.services.asked.length = 0;
  const refused = await ask({ salesforce_api: { clientid: 'key' } });
  assert.deepEqual(refusalOf(refused), [403, 'access_denied', 'The email of the user is not verified']);
  assert.equal(house.services.asked.length, 0);
});

test('communities have an address of their own: the settings’, or else the request’s', async () => {
  const clientid = 'key';
  const site = { communityName: 'acme', community_url_section: 'members' };
  for (const name of ['salesforce_sandbox_api', 'salesforce_api']) {
    await ask({ [name]: { clientid, ...site } }, { community_name: 'evil', community_url_section: 'x' });
    assert.equal(house.services.asked.at(-1)?.url, 'https://acme.force.com/members/services/oauth2/token');
    assert.equal((await assertionSent()).aud, 'https://acme.force.com/members');
  }
  await ask({ salesforce_sandbox_api: { clientid, communityName: 'box-acme.cs10' } });
  assert.equal(house.services.asked.at(-1)?.url, 'https://box-acme.cs10.force.com/services/oauth2/token');
  await ask({ salesforce_api: { clientid } }, { community_name: 'acme', community_url_section: 'partners' });
  assert.equal(house.services.asked.at(-1)?.url, 'https://acme.force.com/partners/services/oauth2/token');
  house.services.asked.length = 0;
  for (const community_name of ['evil.test/', 'evil.test#', 'a@b', '..', 'a b']) {
    const refused = await ask({ salesforce_api: { clientid } }, { community_name });
    assert.equal(
      refused.json.error_description,
      'The add-on salesforce_api is not configured: communityName is no name of a host',
    );
  }
  const climbing = await ask({ salesforce_api: { clientid, communityName: 'acme', community_url_section: '../x' } });
  assert.equal(climbing.json.error, 'invalid_request');
  assert.equal(house.services.asked.length, 0);
});

test('Salesforce refuses, says nonsense, or does not answer', async () => {
  const denied = [403, 'access_denied', 'The service of the add-on salesforce_api refused the request'];
  Object.assign(house.services, {
    status: 400,
    body: '{"error":"invalid_grant","error_description":"user hasn\'t approved"}',
  });
  assert.deepEqual(refusalOf(await ask({ salesforce_api: { clientid: 'key' } })), denied);
  for (const body of ['<html>', '[]', 'null', '"x"']) {
    Object.assign(house.services, { status: 200, body });
    assert.deepEqual(refusalOf(await ask({ salesforce_api: { clientid: 'key' } })), denied);
  }
  house.services.status = 502;
  assert.equal((await ask({ salesforce_api: { clientid: 'key' } })).status, 503);
  house.services.fails = new OutboundFailed('timeout', 'no complete answer');
  assert.equal((await ask({ salesforce_api: { clientid: 'key' } })).status, 503);
  house.services.fails = new OutboundRefused('address', 'may not be contacted');
  assert.deepEqual(refusalOf(await ask({ salesforce_api: { clientid: 'key' } })), denied);
  const unset = await ask({ salesforce_api: {} });
  assert.equal(unset.json.error_description, 'The add-on salesforce_api is not configured: clientid is missing');
  assert.equal(JSON.stringify(await logsOf(house.server.ctx).list()).includes('00D!x'), false);
});
