/** Nobody gets a token in the name of an organization that does not have them, by whatever way round. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { type Client, clientsOf, type StoredClient } from '../../src/resources/clients/index.ts';
import { findConnectionByName } from '../../src/resources/connections/index.ts';
import {
  addMember,
  addOrganizationConnection,
  createInvitation,
  createOrganization,
  invitationsOf,
  isMember,
  type Organization,
  removeMember,
  ticketOf,
} from '../../src/resources/organizations/index.ts';
import { type User, usersOf } from '../../src/resources/users/index.ts';
import { asArrival, asPage, authorizeUrl, Browser } from '../browser.ts';
import { activate, addDeviceClient, newCodes, poll } from '../device-fixture.ts';
import { addApplication, addPerson, CONNECTION, type Credentials, PASSWORD, useFactors } from '../fixtures.ts';
import { mfaClient } from '../mfa/mfa-client.ts';
import { type TestServer, testServer } from '../server.ts';
import { payloadOf, refusalOf } from '../token-fixture.ts';

let server: TestServer;
let client: Credentials;
let acme: Organization;
let globex: Organization;
let ada: User;
let count = 0;

before(async () => {
  server = await testServer();
});
after(() => server.close());
beforeEach(async () => {
  await useFactors(server.ctx, []);
  server.clock.advance(600);
  client = await addApplication(server.ctx, { organization_usage: 'allow' });
  [acme, globex] = [await organization(), await organization()];
  ada = await addPerson(server.ctx, `ada-${++count}@example.test`);
});

async function organization(settings: object = {}): Promise<Organization> {
  const made = await createOrganization(server.ctx, { name: `org-${++count}` });
  const connection = await findConnectionByName(server.ctx, CONNECTION);
  await addOrganizationConnection(server.ctx, made.id, { connection_id: connection!.id, ...settings });
  return made;
}
async function change(id: string, changes: Partial<Client>) {
  await clientsOf(server.ctx).update(id, (stored) => ({ ...stored, ...changes }) as StoredClient);
}
const at = (parameters: Record<string, string> = {}) => authorizeUrl({ client_id: client.client_id, ...parameters });
const typed = () => ({ username: ada.email ?? '', password: PASSWORD });
const notPartOf = ({ id }: Organization) => `user ${ada.user_id} is not part of the ${id} organization`;

test('the page that asks for an organization does not replace the one that the application asked for', async () => {
  await addMember(server.ctx, globex.id, ada.user_id);
  const browser = new Browser(server);
  const page = asPage(await browser.open(at({ organization: acme.id })));
  const url = page.url.replace('/u/login', '/u/organization');
  assert.equal(asPage(await browser.open(url)).path, '/u/login');
  await browser.submit(
    { ...page, html: page.html.replaceAll('/u/login', '/u/organization') },
    { organization: globex.name },
  );
  assert.equal(asArrival(await browser.submit(page, typed())).parameters.error_description, notPartOf(acme));
});

test('a choice made for one user is not there for the next one in the same login', async () => {
  await change(client.client_id, {
    organization_usage: 'require',
    organization_require_behavior: 'post_login_prompt',
  });
  for (const { id } of [acme, globex]) await addMember(server.ctx, id, ada.user_id);
  const browser = new Browser(server);
  const page = asPage(await browser.open(at()));
  const picker = asPage(await browser.submit(page, typed()));
  assert.equal(picker.path, '/u/organization/picker');
  const eve = await addPerson(server.ctx, `eve-${count}@example.test`);
  const refused = await browser.submit(page, { username: eve.email ?? '', password: PASSWORD });
  assert.equal(asArrival(refused).parameters.error, 'access_denied');
  assert.equal(asPage(await browser.submit(picker, { action: globex.id })).status, 400, 'that login is over');
});

test('a code for one organization gives no tokens for another', async () => {
  await addMember(server.ctx, acme.id, ada.user_id);
  const browser = new Browser(server);
  const page = asPage(await browser.open(at({ organization: acme.id })));
  const { code } = asArrival(await browser.submit(page, typed())).parameters;
  const form = { grant_type: 'authorization_code', ...client, code, redirect_uri: 'https://app.test/callback' };
  const { json } = await server.post('/oauth/token', { form: { ...form, organization: globex.id } });
  assert.equal(payloadOf(json.id_token).org_id, acme.id);
});

test('an application that demands an organization gets none of its users’ tokens without one', async () => {
  const form = { ...client, username: ada.email ?? '', password: PASSWORD, scope: 'openid offline_access' };
  const realm = { ...form, grant_type: 'http://auth0.com/oauth/grant-type/password-realm', realm: CONNECTION };
  const { json } = await server.post('/oauth/token', { form: realm });
  await change(client.client_id, { organization_usage: 'require' });
  const required = [403, 'invalid_request', 'parameter organization is required for this client'];
  assert.deepEqual(refusalOf(await server.post('/oauth/token', { form: realm })), required);
  const refresh = { grant_type: 'refresh_token', ...client, refresh_token: json.refresh_token };
  assert.deepEqual(refusalOf(await server.post('/oauth/token', { form: refresh })), required);
  await change(client.client_id, { organization_usage: 'allow' });
  assert.equal((await server.post('/oauth/token', { form: refresh })).status, 200, 'the refusals took nothing');
});

test('who is put out before the second factor does not get in by it, and the proof is not used up', async () => {
  const holder = await mfaClient(server, { email: `grace-${count}@example.test`, credentials: client });
  await useFactors(server.ctx, ['otp'], ['all-applications']);
  const { secret } = await holder.enrollOtp();
  server.clock.advance(30);
  assert.equal((await holder.login({ organization: acme.id })).json.error, 'access_denied', 'no member yet');
  const [found] = await usersOf(server.ctx).list({ where: { email: holder.email } });
  await addMember(server.ctx, acme.id, found?.user_id ?? '');
  const { mfa_token } = (await holder.login({ organization: acme.id })).json;
  await removeMember(server.ctx, acme.id, found?.user_id ?? '');
  assert.equal((await holder.otp(mfa_token, holder.code(secret))).json.error, 'access_denied');
  await addMember(server.ctx, acme.id, found?.user_id ?? '');
  const granted = await holder.otp(mfa_token, holder.code(secret));
  assert.equal(granted.status, 200, granted.text);
  assert.equal(payloadOf(granted.json.id_token).org_id, acme.id);
});

test('nobody becomes a member by a login that is not finished', async () => {
  const open = await organization({ assign_membership_on_login: true });
  await useFactors(server.ctx, ['otp'], ['all-applications']);
  const browser = new Browser(server);
  const login = asPage(await browser.open(at({ organization: open.id })));
  assert.match(asPage(await browser.submit(login, typed())).path, /^\/u\/mfa/);
  assert.equal(await isMember(server.ctx, open.id, ada.user_id), false);
});

test('a device of an application that comes to demand organizations gets no tokens', async () => {
  const device = await addDeviceClient(server.ctx);
  const { device_code, user_code } = await newCodes(server, device);
  await activate(new Browser(server), user_code, ada.email);
  await change(device, { organization_usage: 'require' });
  assert.deepEqual(refusalOf(await poll(server, device, device_code)), [
    403,
    'invalid_request',
    'parameter organization is required for this client',
  ]);
  await change(device, { organization_usage: 'allow' });
  assert.equal((await poll(server, device, device_code)).status, 200, 'the refusal took nothing');
});

test('an invitation that was taken back lets nobody in who has opened it before', async () => {
  await change(client.client_id, { initiate_login_uri: 'https://app.test/login' });
  const people = { inviter: { name: 'Grace' }, invitee: { email: ada.email ?? '' } };
  const body = { ...people, client_id: client.client_id, send_invitation_email: false };
  const invitation = await createInvitation(server.ctx, acme, body);
  const link = at({ organization: acme.id, invitation: ticketOf(server.ctx, invitation) });
  const browser = new Browser(server);
  const page = asPage(await browser.open(link));
  await invitationsOf(server.ctx).delete(invitation.id);
  const refused = asArrival(await browser.submit(page, typed()));
  assert.equal(refused.parameters.error_description, 'invitation not found or already used');
  assert.equal(await isMember(server.ctx, acme.id, ada.user_id), false);
});
