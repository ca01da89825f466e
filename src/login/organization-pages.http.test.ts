import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { asArrival, asPage, authorizeUrl, Browser, type Page } from '../../test/browser.ts';
import { addApplication, addPerson, CONNECTION, type Credentials, PASSWORD, useFactors } from '../../test/fixtures.ts';
import { type TestServer, testServer } from '../../test/server.ts';
import { logTypes, payloadOf } from '../../test/token-fixture.ts';
import { type Client, clientsOf, type StoredClient } from '../resources/clients/index.ts';
import { connectionsOf, findConnectionByName } from '../resources/connections/index.ts';
import {
  addMember,
  addOrganizationConnection,
  createInvitation,
  createOrganization,
  discoveryDomainsOf,
  type InvitationBody,
  isMember,
  type Organization,
  removeMember,
  ticketOf,
} from '../resources/organizations/index.ts';
import { type User, usersOf } from '../resources/users/index.ts';

let server: TestServer;
let client: Credentials;
let acme: Organization;
let ada: User;
let count = 0;

before(async () => {
  server = await testServer();
});
after(() => server.close());
beforeEach(async () => {
  client = await addApplication(server.ctx, {
    organization_usage: 'require',
    initiate_login_uri: 'https://app.test/login',
  });
  acme = await organization('Acme');
  ada = await addPerson(server.ctx, `ada-${++count}@example.test`);
});

async function organization(display: string): Promise<Organization> {
  const made = await createOrganization(server.ctx, { name: `org-${++count}`, display_name: `${display} ${count}` });
  const connection = await findConnectionByName(server.ctx, CONNECTION);
  await addOrganizationConnection(server.ctx, made.id, { connection_id: connection!.id });
  return made;
}
async function change(changes: Partial<Client>) {
  await clientsOf(server.ctx).update(client.client_id, (stored) => ({ ...stored, ...changes }) as StoredClient);
}
const at = (parameters: Record<string, string | undefined> = {}) =>
  authorizeUrl({ client_id: client.client_id, ...parameters });
const logIn = (browser: Browser, page: Page, user: User = ada) =>
  browser.submit(page, { username: user.email ?? '', password: PASSWORD });
async function organizationOf(code: string | undefined) {
  const form = { grant_type: 'authorization_code', ...client, code, redirect_uri: 'https://app.test/callback' };
  return payloadOf((await server.post('/oauth/token', { form })).json.id_token).org_id;
}
const refusal = ({ parameters }: { parameters: Readonly<Record<string, string>> }) => [
  parameters.error,
  parameters.error_description,
];

describe('pre_login_prompt', () => {
  beforeEach(() => change({ organization_require_behavior: 'pre_login_prompt' }));

  test('asks for the organization by name, then for the password', async () => {
    await addMember(server.ctx, acme.id, ada.user_id);
    const browser = new Browser(server);
    const page = asPage(await browser.open(at()));
    assert.equal(page.path, '/u/organization');
    const wrong = asPage(await browser.submit(page, { organization: 'nowhere' }));
    assert.deepEqual([wrong.status, /We don&#39;t know this organization/.test(wrong.html)], [400, true]);
    assert.match(asPage(await browser.submit(page, { organization: ' ' })).html, /Enter the name of your organization/);
    const login = asPage(await browser.submit(page, { organization: acme.name.toUpperCase() }));
    assert.equal(login.path, '/u/login');
    assert.match(login.html, new RegExp(acme.display_name ?? ''));
    assert.equal(await organizationOf(asArrival(await logIn(browser, login)).parameters.code), acme.id);
  });

  test('may be answered again before the login, and is not asked where the request says it', async () => {
    await addMember(server.ctx, acme.id, ada.user_id);
    const other = await organization('Other');
    const browser = new Browser(server);
    const page = asPage(await browser.open(at()));
    await browser.submit(page, { organization: other.name });
    const login = asPage(await browser.submit(page, { organization: acme.name }));
    assert.equal(await organizationOf(asArrival(await logIn(browser, login)).parameters.code), acme.id);
    const direct = asPage(await new Browser(server).open(at({ organization: acme.id })));
    assert.equal(direct.path, '/u/login');
  });

  test('whoever skips the page is asked afterwards', async () => {
    await addMember(server.ctx, acme.id, ada.user_id);
    const browser = new Browser(server);
    const page = asPage(await browser.open(at()));
    const login = asPage(await browser.open(page.url.replace('/u/organization', '/u/login')));
    const asked = asPage(await logIn(browser, login));
    assert.equal(asked.path, '/u/organization');
    const arrival = asArrival(await browser.submit(asked, { organization: acme.name }));
    assert.equal(await organizationOf(arrival.parameters.code), acme.id);
  });

  test('a session of somebody who does not belong there does not serve', async () => {
    await addMember(server.ctx, acme.id, ada.user_id);
    const other = await organization('Other');
    const browser = new Browser(server);
    const first = asPage(await browser.submit(asPage(await browser.open(at())), { organization: acme.name }));
    asArrival(await logIn(browser, first));
    const again = asArrival(await browser.submit(asPage(await browser.open(at())), { organization: acme.name }));
    assert.equal(await organizationOf(again.parameters.code), acme.id, 'single sign-on');
    const page = asPage(await browser.submit(asPage(await browser.open(at())), { organization: other.name }));
    assert.equal(page.path, '/u/login');
  });

  test('by the domain of an address, as far as it is verified and wanted', async () => {
    await change({ organization_discovery_methods: ['email'] });
    await addMember(server.ctx, acme.id, ada.user_id);
    const domain = (status: 'pending' | 'verified', name = 'example.test') =>
      discoveryDomainsOf(server.ctx).put({
        id: `ord_${acme.id}`,
        organization_id: acme.id,
        domain: name,
        status,
        verification_host: '',
        verification_txt: '',
        use_for_organization_discovery: true,
      });
    await domain('pending');
    const browser = new Browser(server);
    const page = asPage(await browser.open(at()));
    const pending = asPage(await browser.submit(page, { organization: ada.email ?? '' }));
    assert.equal(pending.status, 400);
    assert.equal(asPage(await browser.submit(page, { organization: acme.name })).status, 400, 'not by name');
    await domain('verified');
    const login = asPage(await browser.submit(page, { organization: ada.email ?? '' }));
    assert.deepEqual([login.path, login.fields.username], ['/u/login', ada.email]);
    assert.equal(await organizationOf(asArrival(await logIn(browser, login)).parameters.code), acme.id);
    await change({ organization_discovery_methods: ['organization_name'] });
    const visitor = new Browser(server);
    const byName = asPage(await visitor.open(at()));
    assert.equal(asPage(await visitor.submit(byName, { organization: ada.email ?? '' })).status, 400, 'not by address');
    assert.equal(asPage(await visitor.submit(byName, { organization: acme.name })).path, '/u/login');
    await discoveryDomainsOf(server.ctx).delete(`ord_${acme.id}`);
  });

  test('prompt=none asks nobody', async () => {
    const arrival = asArrival(await new Browser(server).open(at({ prompt: 'none' })));
    assert.deepEqual(refusal(arrival), ['interaction_required', 'Interaction required']);
  });
});

describe('post_login_prompt', () => {
  beforeEach(() => change({ organization_require_behavior: 'post_login_prompt' }));

  async function afterLogin(browser = new Browser(server)) {
    return logIn(browser, asPage(await browser.open(at())));
  }

  test('one organization is taken without asking, none ends the login', async () => {
    assert.deepEqual(refusal(asArrival(await afterLogin())), [
      'access_denied',
      'client requires organization membership, but user does not belong to any organization',
    ]);
    await addMember(server.ctx, acme.id, ada.user_id);
    assert.equal(await organizationOf(asArrival(await afterLogin()).parameters.code), acme.id);
  });

  test('several are offered, and nothing but them is taken', async () => {
    const other = await organization('Other');
    const foreign = await organization('Foreign');
    const unreachable = await createOrganization(server.ctx, { name: `unreachable-${++count}` });
    for (const { id } of [acme, other, unreachable]) await addMember(server.ctx, id, ada.user_id);
    const browser = new Browser(server);
    const page = asPage(await afterLogin(browser));
    assert.equal(page.path, '/u/organization/picker');
    assert.match(page.html, new RegExp(acme.display_name ?? ''));
    assert.doesNotMatch(page.html, new RegExp(`Foreign|${unreachable.name}`));
    for (const action of [foreign.id, unreachable.id, 'org_0123456789abcdef', ''])
      assert.equal(asPage(await browser.submit(page, { action })).path, '/u/organization/picker', action);
    const arrival = asArrival(await browser.submit(page, { action: other.id }));
    assert.equal(await organizationOf(arrival.parameters.code), other.id);
    const silent = asArrival(await browser.open(at({ prompt: 'none' })));
    assert.equal(refusal(silent)[0], 'interaction_required');
  });

  test('who was put out meanwhile does not get in', async () => {
    const other = await organization('Other');
    for (const { id } of [acme, other]) await addMember(server.ctx, id, ada.user_id);
    const browser = new Browser(server);
    const page = asPage(await afterLogin(browser));
    await removeMember(server.ctx, other.id, ada.user_id);
    const arrival = asArrival(await browser.submit(page, { action: other.id }));
    assert.equal(await organizationOf(arrival.parameters.code), acme.id, 'the only one that is left');
  });

  test('nobody learns where somebody belongs before the second factor', async () => {
    const other = await organization('Other');
    for (const { id } of [acme, other]) await addMember(server.ctx, id, ada.user_id);
    await useFactors(server.ctx, ['otp'], ['all-applications']);
    const browser = new Browser(server);
    const page = asPage(await afterLogin(browser));
    assert.match(page.path, /^\/u\/mfa/);
    const picker = page.url.replace(/\/u\/[^?]+/, '/u/organization/picker');
    assert.match(asPage(await browser.open(picker)).path, /^\/u\/mfa/);
    await useFactors(server.ctx, []);
  });
});

describe('invitations', () => {
  const GONE = ['invalid_request', 'invitation not found or already used'];
  async function invite(email: string, more: Partial<InvitationBody> = {}) {
    const people = { inviter: { name: 'Grace' }, invitee: { email } };
    const body = { ...people, client_id: client.client_id, send_invitation_email: false, ...more };
    const invitation = await createInvitation(server.ctx, acme, body);
    return { invitation: ticketOf(server.ctx, invitation), organization: acme.id };
  }
  const openBy = async (browser: Browser, parameters: Record<string, string>) => browser.open(at(parameters));

  test('somebody new signs up with the invited address, whatever they type, and is a member', async () => {
    const email = `new-${count}@example.test`;
    const link = await invite(email, { app_metadata: { plan: 'gold' }, user_metadata: { colour: 'red' } });
    const browser = new Browser(server);
    const page = asPage(await openBy(browser, link));
    assert.deepEqual([page.path, page.fields.email], ['/u/signup', email]);
    assert.match(page.html, /readonly/);
    const arrival = asArrival(await browser.submit(page, { email: 'eve@example.test', password: PASSWORD }));
    assert.equal(await organizationOf(arrival.parameters.code), acme.id);
    const [user] = await usersOf(server.ctx).list({ where: { email } });
    assert.equal(await isMember(server.ctx, acme.id, user?.user_id ?? ''), true);
    assert.deepEqual([user?.app_metadata, user?.user_metadata], [{ plan: 'gold' }, { colour: 'red' }]);
    assert.ok((await logTypes(server)).includes('si'));
    assert.deepEqual(refusal(asArrival(await openBy(new Browser(server), link))), GONE, 'it works once');
  });

  test('the public may be kept out: an invitation lets in', async () => {
    const connection = (await findConnectionByName(server.ctx, CONNECTION))!;
    await connectionsOf(server.ctx).put({ ...connection, options: { ...connection.options, disable_signup: true } });
    const browser = new Browser(server);
    const page = asPage(await openBy(browser, await invite(`closed-${count}@example.test`)));
    assert.ok(asArrival(await browser.submit(page, { password: PASSWORD })).parameters.code);
    await connectionsOf(server.ctx).put(connection);
  });

  test('who has an account logs in with it', async () => {
    const browser = new Browser(server);
    const page = asPage(await openBy(browser, await invite(ada.email ?? '')));
    assert.deepEqual([page.path, page.fields.username], ['/u/login', ada.email]);
    assert.equal(await organizationOf(asArrival(await logIn(browser, page)).parameters.code), acme.id);
    assert.equal(await isMember(server.ctx, acme.id, ada.user_id), true);
  });

  test('nobody accepts the invitation of somebody else', async () => {
    const link = await invite('somebody@example.test');
    const browser = new Browser(server);
    const page = asPage(await openBy(browser, link));
    const login = asPage(await browser.open(page.url.replace('/u/signup', '/u/login')));
    assert.deepEqual(refusal(asArrival(await logIn(browser, login))), GONE);
    assert.equal(await isMember(server.ctx, acme.id, ada.user_id), false);
    assert.ok((await logTypes(server)).includes('fi'));
    assert.equal(asPage(await openBy(new Browser(server), link)).path, '/u/signup', 'it is still good');
  });

  test('a session does not accept by itself', async () => {
    await addMember(server.ctx, acme.id, ada.user_id);
    const browser = new Browser(server);
    asArrival(await logIn(browser, asPage(await openBy(browser, { organization: acme.id }))));
    const link = await invite(ada.email ?? '');
    assert.equal(asPage(await openBy(browser, link)).path, '/u/login');
  });

  test('wrong tickets, other organizations, other applications, too late', async () => {
    const link = await invite('late@example.test', { ttl_sec: 60 });
    const other = await organization('Other');
    const open = async (parameters: Record<string, string>) =>
      refusal(asArrival(await openBy(new Browser(server), parameters)));
    assert.deepEqual(await open({ ...link, invitation: 'x'.repeat(32) }), GONE);
    assert.deepEqual(await open({ ...link, organization: other.id }), GONE);
    const own = client;
    client = await addApplication(server.ctx, { organization_usage: 'allow' });
    assert.deepEqual(await open(link), GONE);
    assert.deepEqual(await open({ invitation: link.invitation }), GONE);
    client = own;
    server.clock.advance(60);
    assert.deepEqual(await open(link), GONE);
  });

  test('of two who open the link at once, one accepts it', async () => {
    const link = await invite(ada.email ?? '');
    const visits = await Promise.all(
      [1, 2].map(async () => {
        const browser = new Browser(server);
        return { browser, page: asPage(await openBy(browser, link)) };
      }),
    );
    const reached = await Promise.all(visits.map(({ browser, page }) => logIn(browser, page)));
    const codes = reached.filter((one) => 'parameters' in one && one.parameters.code);
    assert.equal(codes.length, 1);
  });
});
