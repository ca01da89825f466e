/** The identity provider in WS-Federation: logins, tokens, what a request may say, and what nobody gets by it. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { asArrival, Browser } from '../../../test/browser.ts';
import { addPerson, PASSWORD } from '../../../test/fixtures.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { addRelyingParty, arriveByWsFed, EMAIL, REPLY, readToken, wsfedUrl } from '../../../test/wsfed-house.ts';
import { noXmlsec, xmlsecVerify } from '../../../test/xmlsec.ts';
import { CLAIM, SAML11, SAML20 } from '../../assertions/index.ts';
import { parseXml } from '../../platform/xml/index.ts';
import { clientsOf } from '../../resources/clients/index.ts';
import { currentSigningKey } from '../../resources/keys/index.ts';
import { logsOf } from '../../resources/logs/index.ts';
import { findSession, sessionsOf } from '../../resources/sessions/index.ts';
import type { User } from '../../resources/users/index.ts';

const REALM = 'https://rp.test/realm';

let server: TestServer;
let user: User;
let party: string;
let stranger: string;
let browser: Browser;

before(async () => {
  server = await testServer();
  user = await addPerson(server.ctx, EMAIL);
  await addPerson(server.other.ctx, EMAIL);
  party = await addRelyingParty(server.ctx, { client_aliases: [REALM], allowed_logout_urls: ['https://rp.test/bye'] });
  stranger = await addRelyingParty(server.ctx, { client_aliases: ['plain name', `urn:${party}`] });
});
after(() => server.close());
beforeEach(() => {
  browser = new Browser(server);
});

const arrive = (query: Record<string, string> = {}, path = `/wsfed/${party}`, who = browser) =>
  arriveByWsFed(who, wsfedUrl(path, query));
/** Status and words of the page that says no. */
const refusal = async (query: Record<string, string>, path = `/wsfed/${party}`) => {
  const { status, text } = await server.get(wsfedUrl(path, query));
  const words = text.replace(/<(style|script)[\s\S]*?<\/\1>|<[^>]+>/g, ' ').replace(/\s+/g, ' ');
  return `${status} ${words}`;
};

test('an application sends a person here and gets them back, known', async () => {
  const answer = await arrive({ wctx: 'rm=0&id=passive' });
  assert.equal(answer.to, REPLY);
  assert.deepEqual([answer.fields.wa, answer.fields.wctx], ['wsignin1.0', 'rm=0&id=passive']);
  const token = await readToken(server, answer);
  assert.deepEqual(
    [token.response.name, token.response.attributes.Context],
    ['RequestSecurityTokenResponse', 'rm=0&id=passive'],
  );
  assert.equal(token.assertion.namespace, SAML11);
  assert.equal(token.assertion.attributes.Issuer, 'urn:tenant.test');
  assert.deepEqual(
    token.all('Audience').map(({ text }) => text),
    [REALM],
  );
  assert.deepEqual([...new Set(token.all('NameIdentifier').map(({ text }) => text))], [user.user_id]);
  assert.deepEqual(token.claims[CLAIM.emailaddress], [EMAIL]);
  const [conditions] = token.all('Conditions');
  const { NotBefore = '', NotOnOrAfter = '' } = conditions?.attributes ?? {};
  assert.equal(Date.parse(NotBefore), server.clock.now());
  assert.equal(Date.parse(NotOnOrAfter), server.clock.now() + 8 * 3_600_000);
  assert.ok((await logsOf(server.ctx).list()).some(({ type, client_id }) => type === 's' && client_id === party));
});

test('xmlsec1 verifies the token, of either version of SAML', { skip: noXmlsec }, async () => {
  const { cert } = await currentSigningKey(server.ctx);
  const old = await readToken(server, await arrive());
  const signed = { id: 'AssertionID', element: 'Assertion', namespace: SAML11 };
  await xmlsecVerify(old.xml, cert, signed);
  await assert.rejects(xmlsecVerify(old.xml.replaceAll(EMAIL, 'eve@example.test'), cert, signed));
  const newer = await readToken(server, await arrive({ wreq: requestFor('urn:oasis:names:tc:SAML:2.0:assertion') }));
  assert.equal(newer.assertion.namespace, SAML20);
  await xmlsecVerify(newer.xml, cert, { id: 'ID', element: 'Assertion', namespace: SAML20 });
});

const requestFor = (type: string) =>
  `<t:RequestSecurityToken xmlns:t="http://schemas.xmlsoap.org/ws/2005/02/trust"><t:TokenType>${type}</t:TokenType></t:RequestSecurityToken>`;

test('the realm names the application: by its id, or by an alias', async () => {
  for (const [wtrealm, audience] of [
    [REALM, REALM],
    [`urn:${party}`, `urn:${party}`],
  ] as const) {
    for (const path of ['/wsfed', `/wsfed/${party}`]) {
      const token = await readToken(server, await arrive({ wtrealm }, path, new Browser(server)));
      assert.deepEqual(token.claims['http://schemas.auth0.com/clientID'], [party]);
      assert.deepEqual(
        token.all('Audience').map(({ text }) => text),
        [audience],
      );
    }
  }
  const plain = await readToken(server, await arrive({ wtrealm: 'plain name' }, '/wsfed'));
  assert.deepEqual(plain.claims['http://schemas.auth0.com/clientID'], [stranger]);
  assert.deepEqual(
    plain.all('Audience').map(({ text }) => text),
    ['urn:plain name'],
  );
});

test('a realm of another application, of nobody, none, and one of another tenant', async () => {
  for (const wtrealm of ['plain name', `urn:${stranger}`, 'https://nobody.test', REALM.toUpperCase(), 'constructor'])
    assert.match(await refusal({ wtrealm }), /^400 .*The wtrealm is not that of this client/, wtrealm);
  // An alias that is another application's id gives no token for that one.
  assert.match(await refusal({ wtrealm: `urn:${party}` }, `/wsfed/${stranger}`), /^400 .*The wtrealm is not that/);
  for (const wtrealm of ['https://nobody.test', 'urn:', 'constructor'])
    assert.match(await refusal({ wtrealm }, '/wsfed'), /^400 .*Unknown realm/);
  assert.match(await refusal({}, '/wsfed'), /^400 .*The wtrealm is missing/);
  assert.equal((await server.other.get(wsfedUrl('/wsfed', { wtrealm: REALM }))).status, 400);
  assert.equal((await server.other.get(`/wsfed/${party}`)).status, 400);
  assert.equal((await server.get('/wsfed/nobody')).status, 400);
});

test('the answer goes to callbacks of the application alone', async () => {
  await clientsOf(server.ctx).update(party, (client) => ({ ...client, callbacks: [REPLY, 'https://rp.test/second'] }));
  assert.equal((await arrive({ wreply: 'https://rp.test/second' })).to, 'https://rp.test/second');
  const elsewhere = [
    'https://evil.test/',
    `${REPLY}.evil.test`,
    `${REPLY}/../x`,
    `${REPLY}?a`,
    'https://rp.test@evil.test/',
  ];
  for (const wreply of [...elsewhere, 'javascript:alert(1)', '//evil.test', REPLY.toUpperCase()])
    assert.equal((await server.get(wsfedUrl(`/wsfed/${party}`, { wreply }), { jar: browser.jar })).status, 403, wreply);
});

test('what the application sends along comes back as text, whatever it is', async () => {
  const wctx = `"><script>alert(1)</script>' onload=x &quot; ]]> \u0000`;
  const answer = await arrive({ wctx: wctx.replace('\u0000', '') });
  assert.equal(answer.fields.wctx, wctx.replace('\u0000', ''));
  const page = await browser.openPage(wsfedUrl(`/wsfed/${party}`, { wctx }));
  assert.equal(page.html.includes('<script>alert'), false);
  assert.match(page.headers['content-security-policy'] ?? '', /script-src 'nonce-/);
});

test('whr leads to one connection; wfresh to a new login; wauth to a refusal of what was not proved', async () => {
  await arrive();
  const again = await browser.openPage(wsfedUrl(`/wsfed/${party}`, {}));
  assert.ok(again.html.includes('name="wresult"'));
  for (const wfresh of ['0', '5']) {
    server.clock.advance(301);
    assert.equal((await browser.openPage(wsfedUrl(`/wsfed/${party}`, { wfresh }))).html.includes('wresult'), false);
  }
  assert.equal((await browser.openPage(wsfedUrl(`/wsfed/${party}`, { wfresh: '60' }))).html.includes('wresult'), true);
  assert.match(await refusal({ wfresh: 'soon' }), /^400 .*The wfresh is no number of minutes/);
  assert.equal((await server.get(wsfedUrl(`/wsfed/${party}`, { whr: 'urn:nobody' }))).status, 400);
  const known = 'Username-Password-Authentication';
  for (const whr of [known, `urn:${known}`]) await arrive({ whr }, undefined, new Browser(server));
  const password = 'urn:oasis:names:tc:SAML:1.0:am:password';
  const token = await readToken(server, await arrive({ wauth: password }));
  assert.equal(token.all('AuthenticationStatement')[0]?.attributes.AuthenticationMethod, password);
  const multiple = 'http://schemas.microsoft.com/claims/multipleauthn';
  const refused = await server.get(wsfedUrl(`/wsfed/${party}`, { wauth: multiple }), { jar: browser.jar });
  assert.equal(refused.status, 403);
  assert.match(await refusal({ wauth: 'urn:retina' }), /^400 .*The wauth is not a method/);
});

test('wauth for several factors is met by a session that has proved them', async () => {
  const wauth = 'http://schemas.microsoft.com/claims/multipleauthn';
  await arrive();
  const session = await findSession(server.ctx, browser.jar);
  const mfa = { name: 'mfa', timestamp: new Date(server.clock.now()).toISOString() } as const;
  await sessionsOf(server.ctx).put({ ...session!, methods: [...session!.methods, mfa] });
  const token = await readToken(server, await arrive({ wauth }));
  assert.equal(token.all('AuthenticationStatement')[0]?.attributes.AuthenticationMethod, wauth);
});

test('requests that say what is not understood', async () => {
  assert.match(await refusal({ wa: 'wattr1.0' }), /^400 .*The wa is not supported/);
  const doctype = `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${requestFor('&e;')}`;
  for (const wreq of ['<x/>', 'nothing', doctype, requestFor('urn:ietf:params:oauth:token-type:jwt')])
    assert.match(await refusal({ wreq }), /^400 .*The wreq /);
});

test('only clients with the add-on, and none of strict third parties', async () => {
  const set = (changes: object) => clientsOf(server.ctx).update(stranger, (client) => ({ ...client, ...changes }));
  const before = await clientsOf(server.ctx).get(stranger);
  await set({ addons: {} });
  assert.match(await refusal({}, `/wsfed/${stranger}`), /^400 .*The WS-Fed addon is not enabled/);
  assert.match(
    await refusal({}, `/wsfed/${stranger}/FederationMetadata/2007-06/FederationMetadata.xml`),
    /^400 .*The WS-Fed addon is not enabled/,
  );
  await set({ ...before, is_first_party: false, third_party_security_mode: 'strict' });
  assert.match(await refusal({}, `/wsfed/${stranger}`), /^403 .*The client may not use this endpoint/);
  await clientsOf(server.ctx).put(before!);
});

test('by a form, too; and one login gives one token', async () => {
  const form = { wa: 'wsignin1.0', wtrealm: REALM, wctx: 'x' };
  const begun = await server.post('/wsfed', { form, jar: browser.jar });
  assert.equal(begun.status, 302);
  await arriveByWsFed(browser, begun.headers.location ?? '');
  const state = new URL(begun.headers.location ?? '', server.url).searchParams.get('state') ?? '';
  const resumed = await server.get('/authorize/resume', { query: { state }, jar: browser.jar });
  assert.equal(resumed.text.includes('wresult'), false);
});

test('of all that end one login at once, one gets a token', async () => {
  const page = await browser.openPage(wsfedUrl(`/wsfed/${party}`, {}));
  const form = { ...page.fields, action: 'default', username: EMAIL, password: PASSWORD };
  const { pathname, search } = new URL(page.url);
  const proved = await server.post(pathname + search, { form, jar: browser.jar });
  assert.match(proved.headers.location ?? '', /^\/authorize\/resume|\/authorize\/resume\?/);
  const { pathname: path, search: query } = new URL(proved.headers.location ?? '', server.url);
  const resume = () => server.get(path + query, { jar: { ...browser.jar } });
  const answers = await Promise.all(Array.from({ length: 100 }, resume));
  assert.equal(answers.filter(({ text }) => text.includes('name="wresult"')).length, 1);
});

test('wsignout1.0 ends the session, and leads to logout URLs of the application alone', async () => {
  for (const wa of ['wsignout1.0', 'wsignoutcleanup1.0']) {
    await arrive();
    const wreply = 'https://rp.test/bye';
    const left = asArrival(await browser.open(wsfedUrl(`/wsfed/${party}`, { wa, wreply })));
    assert.equal(left.url.href, wreply);
    assert.equal(await findSession(server.ctx, browser.jar), undefined);
  }
  await arrive();
  const evil = await browser.openPage(
    wsfedUrl('/wsfed', { wa: 'wsignout1.0', wtrealm: REALM, wreply: 'https://evil.test/' }),
  );
  assert.equal(evil.status, 400);
});

test('metadata say who we are, where to go, and which key signs', async () => {
  const { cert } = await currentSigningKey(server.ctx);
  for (const path of ['/wsfed', `/wsfed/${party}`]) {
    const answer = await server.get(`${path}/FederationMetadata/2007-06/FederationMetadata.xml`);
    assert.deepEqual([answer.status, answer.headers['content-type']], [200, 'application/xml']);
    const root = await parseXml(answer.text);
    assert.deepEqual([root.name, root.attributes.entityID], ['EntityDescriptor', 'urn:tenant.test']);
    assert.ok(answer.text.includes(`<Address>https://tenant.test${path}</Address>`));
    assert.ok(answer.text.includes(cert.replace(/-----[^-]+-----|\s/g, '')));
  }
});
