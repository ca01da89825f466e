/** Services that are known by name: what their few settings make of the identity provider, and which services are not offered. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { asPage, Browser } from '../../../test/browser.ts';
import { addApplication, addPerson, PASSWORD } from '../../../test/fixtures.ts';
import { managementToken } from '../../../test/management.ts';
import { EMAIL, type Posted, posted, serviceProvider, submitPassword } from '../../../test/saml-house.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { arriveByWsFed, readToken, wsfedUrl } from '../../../test/wsfed-house.ts';
import { CLAIM } from '../../assertions/index.ts';
import { parseXml, verifyEnveloped, type XmlElement } from '../../platform/xml/index.ts';
import { clientsOf } from '../../resources/clients/index.ts';
import { currentSigningKey } from '../../resources/keys/index.ts';
import { type User, usersOf } from '../../resources/users/index.ts';

const MADE_WITH_ADDONS = 'Made with add-ons';

let server: TestServer;
let user: User;
let id: string;
let stranger: string;

before(async () => {
  server = await testServer();
  user = await addPerson(server.ctx, EMAIL);
  id = (await addApplication(server.ctx, { name: 'Service', callbacks: [] })).client_id;
  stranger = (await addApplication(server.ctx, { name: 'Plain', callbacks: [] })).client_id;
});
after(() => server.close());

async function write(addons: object | null, callbacks: readonly string[] = []) {
  const bearer = await managementToken(server, ['update:clients', 'read:clients']);
  return server.request('PATCH', `/api/v2/clients/${id}`, { json: { addons, callbacks }, bearer });
}
async function make(addons: object) {
  const bearer = await managementToken(server, ['create:clients']);
  return server.post('/api/v2/clients', { json: { name: MADE_WITH_ADDONS, addons }, bearer });
}
async function use(addons: object, callbacks: readonly string[] = []) {
  const answer = await write(addons, callbacks);
  assert.deepEqual([answer.status, answer.json.addons], [200, addons], answer.text);
}

/** A login that begins here, as from a dashboard. */
async function start(query = ''): Promise<Posted> {
  const browser = new Browser(server);
  return posted(await submitPassword(browser, await browser.openPage(`/samlp/${id}${query}`)));
}

const find = (from: XmlElement, name: string): XmlElement[] => [
  ...(from.name === name ? [from] : []),
  ...from.children.flatMap((child) => find(child, name)),
];
const one = (from: XmlElement, name: string) => find(from, name)[0];

async function read({ xml }: Posted) {
  const response = await parseXml(xml);
  const name = one(response, 'NameID');
  return {
    audience: one(response, 'Audience')?.text,
    recipient: one(response, 'SubjectConfirmationData')?.attributes.Recipient,
    name: name?.text,
    format: name?.attributes.Format?.split(':').at(-1),
    claims: Object.fromEntries(find(response, 'Attribute').map(({ attributes, text }) => [attributes.Name, text])),
  };
}

/** Add-on, settings, where the answer goes and for whom it is. */
const SERVICES: readonly (readonly [string, object, string, string])[] = [
  ['box', {}, 'https://sso.services.box.net/sp/ACS.saml2', 'box.net'],
  ['dropbox', {}, 'https://www.dropbox.com/saml_login', 'Dropbox'],
  [
    'newrelic',
    { account: '123456' },
    'https://rpm.newrelic.com:443/accounts/123456/sso/saml/finalize',
    'rpm.newrelic.com',
  ],
  ['salesforce', {}, 'https://login.salesforce.com', 'https://saml.salesforce.com'],
  ['salesforce', { entity_id: 'https://acme-org.com' }, 'https://login.salesforce.com', 'https://acme-org.com'],
  [
    'sentry',
    { org_slug: 'acme-org' },
    'https://sentry.io/saml/acs/acme-org/',
    'https://sentry.io/saml/metadata/acme-org/',
  ],
  [
    'sentry',
    { org_slug: 'acme', base_url: 'https://sentry.acme.test/' },
    'https://sentry.acme.test/saml/acs/acme/',
    'https://sentry.acme.test/saml/metadata/acme/',
  ],
  [
    'springcm',
    { acsurl: 'https://na11.springcm.com/atlas/sso/SSOEndpoint.ashx' },
    'https://na11.springcm.com/atlas/sso/SSOEndpoint.ashx',
    'https://na11.springcm.com/atlas/sso/SSOEndpoint.ashx',
  ],
  ['zendesk', { accountName: 'acme-org' }, 'https://acme-org.zendesk.com/access/saml', 'https://acme-org.zendesk.com'],
  ['zoom', { account: 'acme-org' }, 'https://acme-org.zoom.us/saml/SSO', 'acme-org.zoom.us'],
];

for (const [name, settings, address, audience] of SERVICES) {
  test(`${name} ${JSON.stringify(settings)}: where the answer goes, for whom it is, and by what name`, async () => {
    await use({ [name]: settings });
    const answer = await start();
    assert.equal(answer.to, address);
    const said = await read(answer);
    assert.deepEqual([said.audience, said.recipient], [audience, address]);
    assert.deepEqual([said.name, said.format], [EMAIL, 'emailAddress']);
    assert.match(answer.xml, /xmldsig-more#rsa-sha256/);
  });
}

test('slack: a name for ever, its own attributes, and a signed response', async () => {
  await use({ slack: { team: 'acme-org' } });
  await usersOf(server.ctx).put({ ...user, username: 'ada', given_name: 'Ada', family_name: 'L' });
  const answer = await start();
  assert.equal(answer.to, 'https://acme-org.slack.com/sso/saml');
  const said = await read(answer);
  assert.deepEqual([said.audience, said.name, said.format], ['https://slack.com', user.user_id, 'persistent']);
  const { claims } = said;
  assert.deepEqual(
    [claims['User.Email'], claims['User.Username'], claims.first_name, claims.last_name],
    [EMAIL, 'ada', 'Ada', 'L'],
  );
  const { cert: certificate } = await currentSigningKey(server.ctx);
  assert.ok(await verifyEnveloped(answer.xml, { certificate, allowSha1: false, id: 'ID' }));
});

test('echosign: its name, and where the client’s callbacks say', async () => {
  const acs = 'https://secure.echosign.test/acs';
  await use({ echosign: { domain: 'acme-org' } }, [acs]);
  const answer = await start();
  assert.equal(answer.to, acs);
  assert.equal((await read(answer)).audience, 'https://acme-org.echosign.com');
});

test('a service asks for its user itself, at its own addresses and registered ones alone', async () => {
  await use({ zendesk: { accountName: 'acme-org' } }, ['https://support.acme.test/access/saml']);
  const ask = async (callbackUrl: string) => {
    const sp = await serviceProvider(server, id, { issuer: 'https://acme-org.zendesk.com', callbackUrl });
    const browser = new Browser(server);
    return { browser, page: await browser.openPage(await sp.getAuthorizeUrlAsync('', undefined, {})) };
  };
  server.clock.advance((Date.now() - server.clock.now()) / 1000);
  for (const address of ['https://acme-org.zendesk.com/access/saml', 'https://support.acme.test/access/saml']) {
    const { browser, page } = await ask(address);
    assert.equal(posted(await submitPassword(browser, page)).to, address);
  }
  assert.equal((await ask('https://evil.zendesk.com/access/saml')).page.status, 403);
});

test('a setting is one label of a name, and nothing that leads elsewhere', async () => {
  const LABELS = { zendesk: 'accountName', zoom: 'account', slack: 'team', newrelic: 'account', sentry: 'org_slug' };
  const crooked = ['evil.test/#', 'evil.test?', 'a@evil.test', '..', 'a.b', 'a b'];
  for (const value of crooked) {
    for (const [name, setting] of Object.entries(LABELS)) {
      await use({ [name]: { [setting]: value } });
      assert.equal((await server.get(`/samlp/${id}`)).status, 400, name);
    }
  }
});

test('nobody is somebody else at a service by an address that they have not proved', async () => {
  await use({ box: {} });
  await usersOf(server.ctx).put({ ...user, email_verified: false });
  const refused = await start();
  assert.equal(refused.xml.includes('Assertion'), false);
  assert.match(refused.xml, /The email of the user is not verified/);
  await use({ sharepoint: { url: 'http://intranet.acme.test' } });
  const browser = new Browser(server);
  const page = await browser.openPage(wsfedUrl(`/wsfed/${id}`));
  assert.equal(asPage(await browser.submit(page, { username: EMAIL, password: PASSWORD })).status, 403);
  await usersOf(server.ctx).put(user);
});

test('sharepoint: tokens of WS-Federation, at /_trust/ of its inner and outer addresses', async () => {
  for (const external_url of ['https://portal.acme.test', ['https://portal.acme.test/', 'https://other.acme.test']]) {
    await use({ sharepoint: { url: 'http://intranet.acme.test/', external_url } });
    const browser = new Browser(server);
    const answer = await arriveByWsFed(browser, wsfedUrl(`/wsfed/${id}`, { wtrealm: `urn:${id}` }));
    assert.equal(answer.to, 'http://intranet.acme.test/_trust/');
    assert.deepEqual((await readToken(server, answer)).claims[CLAIM.emailaddress], [EMAIL]);
    const outside = wsfedUrl(`/wsfed/${id}`, { wreply: 'https://portal.acme.test/_trust/' });
    assert.equal((await arriveByWsFed(browser, outside)).to, 'https://portal.acme.test/_trust/');
    const evil = await server.get(wsfedUrl(`/wsfed/${id}`, { wreply: 'https://portal.acme.test.evil.test/_trust/' }));
    assert.equal(evil.status, 403);
  }
});

test('sso_integration tells which integration was installed, and is no service by itself', async () => {
  const sso_integration = { name: 'heroku', version: '1.0.0' };
  await use({ sso_integration });
  const bearer = await managementToken(server, ['read:clients']);
  assert.deepEqual((await server.get(`/api/v2/clients/${id}`, { bearer })).json.addons, { sso_integration });
  assert.equal((await server.get(`/samlp/${id}`)).status, 400);
  await use({ sso_integration: { name: 'heroku' }, samlp: { audience: 'https://sso.heroku.test' } }, [
    'https://sso.heroku.test/acs',
  ]);
  assert.equal((await read(await start())).audience, 'https://sso.heroku.test');
});

test('a client without the add-on is no service', async () => {
  for (const path of [`/samlp/${stranger}`, `/wsfed/${stranger}`]) assert.equal((await server.get(path)).status, 400);
});

test('services that are not offered, two at once, and what a service does not take, are refused, and change nothing', async () => {
  await use({ box: {} });
  const url = 'https://crm.acme.test';
  const gone = {
    cloudbees: {},
    concur: {},
    egnyte: { domain: 'a' },
    mscrm: { url },
    oag: {},
    office365: {},
    rms: { url },
    wams: {},
  };
  for (const [name, settings] of Object.entries(gone))
    for (const ask of [write, make]) {
      const refused = await ask({ [name]: settings });
      assert.equal(refused.status, 400);
      const text = new RegExp(`^Payload validation error: 'addons\\.${name} is not offered: .+'\\.$`);
      assert.match(refused.json.message, text);
    }
  for (const both of [
    { box: {}, samlp: {} },
    { slack: { team: 'a' }, zoom: {} },
    { sharepoint: {}, wsfed: {} },
  ]) {
    const refused = await write(both);
    assert.match(refused.json.message, /addons may have only one of \w+, \w+: a client is one application/);
  }
  const wrong = [
    { slack: {} },
    { slack: { team: 1 } },
    { box: { x: 1 } },
    { sharepoint: { external_url: 1 } },
    { salesforce: { entity_id: 'x' } },
  ];
  for (const addons of wrong) assert.equal((await write(addons)).status, 400, JSON.stringify(addons));
  assert.deepEqual((await clientsOf(server.ctx).get(id))?.addons, { box: {} });
  const names = (await clientsOf(server.ctx).list()).map(({ name }) => name);
  assert.ok(!names.includes(MADE_WITH_ADDONS));
  assert.equal((await write({ oag: null })).status, 200);
});
