import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Browser } from '../../../test/browser.ts';
import { addPerson, CONNECTION, PASSWORD, useFactors } from '../../../test/fixtures.ts';
import {
  ACS,
  addSamlClient,
  arrive,
  consume,
  EMAIL,
  ENTITY,
  keyPair,
  logIn,
  posted,
  samlServer,
  serviceProvider,
  submitPassword,
  textOf,
} from '../../../test/saml-house.ts';
import { eventsOf } from '../../../test/saml-log.ts';
import type { TestServer } from '../../../test/server.ts';
import { CLAIM } from '../../assertions/index.ts';
import { parseXml } from '../../platform/xml/index.ts';
import { clientsOf } from '../../resources/clients/index.ts';
import { findConnectionByName } from '../../resources/connections/index.ts';
import { rotateSigningKeys } from '../../resources/keys/index.ts';
import { addMember, addOrganizationConnection, createOrganization } from '../../resources/organizations/index.ts';
import { type User, usersOf } from '../../resources/users/index.ts';

let server: TestServer;
let user: User;

before(async () => {
  server = await samlServer();
  user = await addPerson(server.ctx, EMAIL);
});
after(() => server.close());

test('a service provider sends a person here and gets them back, known', async () => {
  const clientId = await addSamlClient(server.ctx);
  const sp = await serviceProvider(server, clientId);
  const { profile, answer } = await logIn(server, sp);
  assert.equal(answer.to, ACS);
  assert.equal(answer.fields.RelayState, 'deep/link');
  assert.equal(profile.nameID, user.user_id);
  assert.equal(profile.nameIDFormat, 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified');
  assert.equal(profile.issuer, `urn:${server.host}`);
  assert.equal(profile[CLAIM.emailaddress], EMAIL);
  assert.match(answer.xml, new RegExp(`<saml:Audience>${ENTITY}</saml:Audience>`));
  assert.match(answer.xml, new RegExp(`Destination="${ACS}" InResponseTo="_`));
  const [event] = await eventsOf(server, clientId, 's');
  assert.equal(event?.user_id, user.user_id);
  const { last_login } = (await usersOf(server.ctx).get(user.user_id)) as User;
  assert.ok(last_login);
});

test('by HTTP-POST, and with the request not deflated, it is the same', async () => {
  const sp = await serviceProvider(server, await addSamlClient(server.ctx), { authnRequestBinding: 'HTTP-POST' });
  const form = await sp.getAuthorizeFormAsync('state');
  const fields = Object.fromEntries([...form.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, k, v]) => [k, v]));
  const browser = new Browser(server);
  const page = await browser.openPage('/u/login');
  const reached = await browser.submit(
    {
      ...page,
      html: `<form action="${/action="([^"]*)"/.exec(form)?.[1]}">`,
      fields: fields as Record<string, string>,
    },
    {},
  );
  assert.ok('html' in reached);
  const answer = posted((await browser.submit(reached, { username: EMAIL, password: PASSWORD })) as never);
  assert.equal(answer.fields.RelayState, 'state');
  assert.equal((await consume(sp, answer)).nameID, user.user_id);
});

test('whoever is logged in is not asked again, unless the application insists', async () => {
  const clientId = await addSamlClient(server.ctx);
  const sp = await serviceProvider(server, clientId);
  const { browser } = await logIn(server, sp);
  const again = await browser.openPage(await sp.getAuthorizeUrlAsync('', undefined, {}));
  assert.equal((await consume(sp, posted(again))).nameID, user.user_id);
  const insisting = await serviceProvider(server, clientId, { forceAuthn: true });
  const page = await browser.openPage(await insisting.getAuthorizeUrlAsync('', undefined, {}));
  assert.equal(page.path, '/u/login');
  await clientsOf(server.ctx).update(clientId, (client) => ({ ...client, sso_disabled: true }));
  assert.equal((await browser.openPage(await sp.getAuthorizeUrlAsync('', undefined, {}))).path, '/u/login');
});

test('IsPassive gets NoPassive where a page would be needed, and an answer where none is', async () => {
  const clientId = await addSamlClient(server.ctx);
  const silent = await serviceProvider(server, clientId, { passive: true });
  const browser = new Browser(server);
  const refused = posted(await browser.openPage(await silent.getAuthorizeUrlAsync('r', undefined, {})));
  assert.match(refused.xml, /StatusCode Value="[^"]*:Responder"><samlp:StatusCode Value="[^"]*:NoPassive"/);
  assert.equal(refused.fields.RelayState, 'r');
  assert.deepEqual(await silent.validatePostResponseAsync({ ...refused.fields }), { profile: null, loggedOut: false });
  assert.equal((await eventsOf(server, clientId, 'fsa')).length, 1);
  await logIn(server, await serviceProvider(server, clientId), { browser });
  const answer = posted(await browser.openPage(await silent.getAuthorizeUrlAsync('', undefined, {})));
  assert.equal((await consume(silent, answer)).nameID, user.user_id);
  assert.equal((await eventsOf(server, clientId, 'ssa')).length, 1);
  const both = await serviceProvider(server, clientId, { passive: true, forceAuthn: true });
  assert.match(posted(await browser.openPage(await both.getAuthorizeUrlAsync('', undefined, {}))).xml, /:NoPassive"/);
});

test('a login may begin here, without a request', async () => {
  const clientId = await addSamlClient(server.ctx);
  const browser = new Browser(server);
  const answer = await arrive(browser, `/samlp/${clientId}?RelayState=${encodeURIComponent('https://sp.test/deep')}`);
  assert.equal(answer.to, ACS);
  assert.equal(answer.fields.RelayState, 'https://sp.test/deep');
  assert.equal(answer.xml.includes('InResponseTo'), false);
  const sp = await serviceProvider(server, clientId, { validateInResponseTo: 'never' as never, audience: ACS });
  assert.equal((await consume(sp, answer)).nameID, user.user_id);
});

test('connection, login_hint and the subject of the request do what they do at /authorize', async () => {
  const clientId = await addSamlClient(server.ctx);
  const browser = new Browser(server);
  const hinted = await browser.openPage(`/samlp/${clientId}?login_hint=bob%40example.test`);
  assert.equal(hinted.fields.username, 'bob@example.test');
  const unknown = posted(await browser.openPage(`/samlp/${clientId}?connection=nowhere`));
  assert.match(unknown.xml, /AuthnFailed"\/?>.*<samlp:StatusMessage>the connection was not found</);
  const elsewhere = posted(await browser.openPage(`/samlp/${clientId}?organization=org_0123456789abcdef`));
  assert.match(elsewhere.xml, /parameter organization is not allowed for this client/);
  await clientsOf(server.ctx).update(clientId, (client) => ({ ...client, organization_usage: 'require' }));
  const needed = posted(await browser.openPage(`/samlp/${clientId}`));
  assert.match(needed.xml, /parameter organization is required for this client/);
  assert.equal((await eventsOf(server, clientId, 'f')).length, 3);
});

test('a blocked user is refused, and the service provider told so', async () => {
  await addPerson(server.ctx, 'blocked@example.test');
  const sp = await serviceProvider(server, await addSamlClient(server.ctx));
  const { browser, profile } = await logIn(server, sp, { email: 'blocked@example.test' });
  await usersOf(server.ctx).update(profile.nameID, (stored) => ({ ...stored, blocked: true }));
  const answer = posted(await browser.openPage(await sp.getAuthorizeUrlAsync('', undefined, {})));
  assert.match(answer.xml, /AuthnFailed.*user is blocked/);
  await assert.rejects(consume(sp, answer), /Responder error: user is blocked/);
});

test('a second factor is asked for before anything is said', async () => {
  const sp = await serviceProvider(server, await addSamlClient(server.ctx));
  const browser = new Browser(server);
  await useFactors(server.ctx, ['otp'], ['all-applications']);
  try {
    const login = await browser.openPage(await sp.getAuthorizeUrlAsync('', undefined, {}));
    const page = await browser.submitPage(login, { username: EMAIL, password: PASSWORD });
    assert.match(page.path, /^\/u\/mfa-/);
  } finally {
    await useFactors(server.ctx, []);
  }
});

test('who is nobody to the application is not logged in to it', async () => {
  const probes = { nameIdentifierProbes: ['urn:nothing'] };
  const clientId = await addSamlClient(server.ctx, probes);
  const sp = await serviceProvider(server, clientId);
  const answer = await arrive(new Browser(server), await sp.getAuthorizeUrlAsync('', undefined, {}));
  assert.match(answer.xml, /No attribute was found to generate the nameIdentifier. We tried with: urn:nothing/);
  assert.equal(answer.xml.includes('Assertion '), false);
  assert.equal((await eventsOf(server, clientId, 's')).length, 0);
});

test('metadata say all that a service provider needs', async () => {
  const clientId = await addSamlClient(server.ctx);
  const answer = await server.get(`/samlp/metadata/${clientId}`);
  assert.equal(answer.status, 200);
  assert.match(answer.headers['content-type'] ?? '', /^application\/xml/);
  const root = await parseXml(answer.text);
  assert.equal(root.attributes.entityID, `urn:${server.host}`);
  const pem = (await server.get('/pem')).text.replace(/-----[^-]+-----|\s/g, '');
  assert.match(answer.text, new RegExp(`<X509Certificate>${pem.replaceAll('+', '\\+')}<`));
  assert.match(answer.text, new RegExp(`HTTP-POST" Location="${server.url}/samlp/${clientId}"`));
  assert.match(answer.text, new RegExp(`HTTP-Redirect" Location="${server.url}/samlp/${clientId}/logout"`));
  const narrowed = await server.get(`/samlp/metadata/${clientId}?connection=a%26b`);
  assert.match(narrowed.text, new RegExp(`/samlp/${clientId}\\?connection=a%26b"`));
  const { cert } = await keyPair(server.ctx);
  const strict = await addSamlClient(server.ctx, { signingCert: cert, issuer: 'urn:mine' });
  const asked = (await server.get(`/samlp/metadata/${strict}`)).text;
  assert.match(asked, /WantAuthnRequestsSigned="true"/);
  assert.match(asked, /entityID="urn:mine"/);
});

test('a client that is not there, speaks no SAML or is of another tenant gets nobody anything', async () => {
  const plain = await addSamlClient(server.ctx, {}, { addons: {} });
  const foreign = await addSamlClient(server.other.ctx);
  const refusals: [string, RegExp][] = [
    ['nobody', /Unknown client: nobody/],
    [foreign, /Unknown client/],
    [plain, /The SAML2 Web App addon is not enabled for this client/],
  ];
  for (const [clientId, text] of refusals)
    for (const path of [`/samlp/${clientId}`, `/samlp/metadata/${clientId}`, `/samlp/${clientId}/logout`]) {
      const answer = await server.get(path);
      assert.equal(answer.status, 400, path);
      assert.match(textOf({ html: answer.text }), text);
    }
});

test('a new signing key signs from the moment that it is in use, and is in the metadata', async () => {
  const clientId = await addSamlClient(server.ctx);
  const [before, old] = [(await server.get('/pem')).text, await serviceProvider(server, clientId)];
  await rotateSigningKeys(server.ctx);
  const after = (await server.get('/pem')).text.replace(/-----[^-]+-----|\s/g, '');
  assert.notEqual(before.replace(/-----[^-]+-----|\s/g, ''), after);
  assert.ok((await server.get(`/samlp/metadata/${clientId}`)).text.includes(after));
  await logIn(server, await serviceProvider(server, clientId));
  await assert.rejects(logIn(server, old), /Invalid signature/);
});

test('two logins of one request, or one login twice, end once', async () => {
  const clientId = await addSamlClient(server.ctx);
  const sp = await serviceProvider(server, clientId);
  const address = await sp.getAuthorizeUrlAsync('', undefined, {});
  const browser = new Browser(server);
  await arrive(browser, address);
  const replay = await browser.openPage(address);
  assert.equal(replay.status, 400);
  assert.match(textOf(replay), /The SAML Request was answered before/);
  assert.equal((await eventsOf(server, clientId, 'f')).length, 1);
  const next = await sp.getAuthorizeUrlAsync('', undefined, {});
  const url = new URL(next);
  const tries = await Promise.all(
    Array.from({ length: 20 }, () => server.get(url.pathname + url.search, { jar: { ...browser.jar } })),
  );
  const won = tries.filter(({ text }) => text.includes('name="SAMLResponse"'));
  const successes = won.filter(({ text }) => {
    const value = /name="SAMLResponse" value="([^"]*)"/.exec(text)?.[1] ?? '';
    return Buffer.from(value, 'base64').toString().includes(':status:Success');
  });
  assert.equal(successes.length, 1);
});

test('a login that was proved on pages is answered once, however often it is gone on with', async () => {
  const clientId = await addSamlClient(server.ctx);
  const browser = new Browser(server);
  const login = await browser.openPage(`/samlp/${clientId}`);
  const { jar } = browser;
  const form = { ...login.fields, username: EMAIL, password: PASSWORD, action: 'default' };
  const path = new URL(login.url);
  const { headers } = await server.post(path.pathname + path.search, { form, jar });
  assert.match(headers.location ?? '', /^\/authorize\/resume/);
  const tries = await Promise.all(
    Array.from({ length: 100 }, () => server.get(headers.location ?? '', { jar: { ...jar } })),
  );
  assert.equal(tries.filter(({ text }) => text.includes('name="SAMLResponse"')).length, 1);
  assert.ok(tries.every(({ status }) => status < 500));
  assert.equal((await eventsOf(server, clientId, 's')).length, 1);
});

test('a request is of today', async () => {
  const sp = await serviceProvider(server, await addSamlClient(server.ctx));
  const address = await sp.getAuthorizeUrlAsync('', undefined, {});
  server.clock.advance(86_500);
  try {
    const page = await new Browser(server).openPage(address);
    assert.equal(page.status, 400);
    assert.match(textOf(page), /has expired/);
  } finally {
    server.clock.advance(-86_500);
  }
});

test('at an organization, its members are let in and nobody else', async () => {
  const { ctx } = server;
  const clientId = await addSamlClient(ctx, {}, { organization_usage: 'require' });
  const { id } = await createOrganization(ctx, { name: 'acme', display_name: 'Acme' });
  const connection = await findConnectionByName(ctx, CONNECTION);
  await addOrganizationConnection(ctx, id, { connection_id: connection?.id ?? '' });
  const sp = await serviceProvider(server, clientId);
  const at = async () => `${await sp.getAuthorizeUrlAsync('', undefined, {})}&organization=${id}`;
  const outside = await arrive(new Browser(server), await at());
  assert.match(outside.xml, /AuthnFailed.*is not part of the org_/);
  await addMember(ctx, id, user.user_id);
  const inside = await arrive(new Browser(server), await at());
  assert.equal((await consume(sp, inside)).nameID, user.user_id);
  const [event] = await eventsOf(server, clientId, 's');
  assert.equal(event?.organization_id, id);
});

test("an application of somebody else's is told of nobody who does not agree", async () => {
  const clientId = await addSamlClient(server.ctx);
  await clientsOf(server.ctx).update(clientId, (client) => ({ ...client, is_first_party: false }));
  const sp = await serviceProvider(server, clientId);
  for (const [action, isAgreed] of [
    ['deny', false],
    ['accept', true],
  ] as const) {
    const browser = new Browser(server);
    const login = await browser.openPage(await sp.getAuthorizeUrlAsync('', undefined, {}));
    const consent = await submitPassword(browser, login);
    assert.equal(consent.path, '/u/consent');
    const answer = posted(await browser.submitPage(consent, { action }));
    assert.equal(answer.xml.includes(':status:Success'), isAgreed, action);
    assert.equal(answer.xml.includes(EMAIL), isAgreed);
    assert.equal(answer.xml.includes(`<saml:Audience>${ACS}<`), isAgreed);
  }
});
