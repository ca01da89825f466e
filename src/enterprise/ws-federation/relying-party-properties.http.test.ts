/** Properties of clients that WS-Federation acts on: `addons.wsfed`, `client_aliases`, `encryption_key`, `form_template`. */
import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import { Browser } from '../../../test/browser.ts';
import { addPerson } from '../../../test/fixtures.ts';
import { managementToken } from '../../../test/management.ts';
import { keyPair } from '../../../test/saml-house.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import {
  addRelyingParty,
  arriveByWsFed,
  decode,
  EMAIL,
  postedToken,
  REPLY,
  readToken,
  wsfedUrl,
} from '../../../test/wsfed-house.ts';
import { noXmlsec, xmlsecDecrypt } from '../../../test/xmlsec.ts';
import { CLAIM } from '../../assertions/index.ts';
import { createDevelopmentAuthority, type SigningKeyMaterial } from '../../platform/crypto/index.ts';
import { clientsOf, type StoredClient } from '../../resources/clients/index.ts';
import type { User } from '../../resources/users/index.ts';

let server: TestServer;
let user: User;
let party: StoredClient;
let key: SigningKeyMaterial;
let browser: Browser;

before(async () => {
  server = await testServer();
  user = await addPerson(server.ctx, EMAIL);
  const id = await addRelyingParty(server.ctx);
  party = (await clientsOf(server.ctx).get(id))!;
  key = await keyPair(server.ctx, 'rp.test');
});
after(() => server.close());
beforeEach(async () => {
  await clientsOf(server.ctx).put(party);
  browser = new Browser(server);
});

async function change(body: object, clientId = party.client_id) {
  const scopes = ['update:clients', 'update:client_keys', 'read:client_keys'];
  const bearer = await managementToken(server, scopes);
  return server.request('PATCH', `/api/v2/clients/${clientId}`, { json: body, bearer });
}
async function use(body: object) {
  const answer = await change(body);
  assert.equal(answer.status, 200, answer.text);
  const bearer = await managementToken(server, ['read:clients', 'read:client_keys']);
  const read = await server.get(`/api/v2/clients/${party.client_id}`, { bearer });
  for (const [name, value] of Object.entries(body))
    assert.deepEqual([answer.json[name], read.json[name]], [value, value]);
}
const arrive = (query: Record<string, string> = {}) =>
  arriveByWsFed(browser, wsfedUrl(`/wsfed/${party.client_id}`, query));
const token = async () => readToken(server, await arrive());
const publicKeyOf = (pem: string) => createPublicKey(pem).export({ type: 'spki', format: 'pem' }).toString();

test('addons.wsfed says which claims there are, who the subject is, how long the token lives and how it is signed', async () => {
  const usual = await token();
  assert.ok(CLAIM.upn in usual.claims && 'http://schemas.auth0.com/nickname' in usual.claims);
  assert.match(usual.xml, /xmldsig-more#rsa-sha256/);
  await use({
    addons: {
      wsfed: {
        mappings: { email: 'https://rp.test/mail', name: CLAIM.name },
        createUpnClaim: false,
        passthroughClaimsWithNoMapping: false,
        mapIdentities: false,
        nameIdentifierFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
        nameIdentifierProbes: ['https://rp.test/mail'],
        lifetimeInSeconds: 60,
        signatureAlgorithm: 'rsa-sha512',
        digestAlgorithm: 'sha512',
      },
    },
  });
  const chosen = await token();
  assert.deepEqual(chosen.claims, {
    [CLAIM.nameidentifier]: [user.user_id],
    'https://rp.test/mail': [EMAIL],
    [CLAIM.name]: [EMAIL],
  });
  const [subject] = chosen.all('NameIdentifier');
  assert.deepEqual([subject?.text, subject?.attributes.Format?.split(':').at(-1)], [EMAIL, 'emailAddress']);
  const ends = chosen.all('Conditions')[0]?.attributes.NotOnOrAfter ?? '';
  assert.equal(Date.parse(ends), server.clock.now() + 60_000);
  assert.match(chosen.xml, /xmldsig-more#rsa-sha512/);
  assert.match(chosen.xml, /xmlenc#sha512/);
  await use({ addons: { wsfed: { mapUnknownClaimsAsIs: true } } });
  assert.ok('nickname' in (await token()).claims);
});

test('a user whom none of the probes names gets no token', async () => {
  await use({ addons: { wsfed: { nameIdentifierProbes: ['https://rp.test/nothing'] } } });
  await assert.rejects(arrive(), /No attribute was found to generate the nameIdentifier/);
});

test('what addons.wsfed does not take is refused, and changes nothing', async () => {
  const wrong = [
    { lifetimeInSeconds: 0 },
    { signatureAlgorithm: 'hmac' },
    { digestAlgorithm: 'md5' },
    { mappings: [] },
    { createUpnClaim: 'no' },
    { nameIdentifierProbes: [''] },
    { logout: {} },
  ];
  for (const wsfed of wrong) {
    const refused = await change({ addons: { wsfed } });
    assert.deepEqual([refused.status, refused.json.errorCode], [400, 'invalid_body'], JSON.stringify(wsfed));
  }
  assert.deepEqual((await clientsOf(server.ctx).get(party.client_id))?.addons, { wsfed: {} });
});

test('client_aliases: realms of one client only, the first its name where a request names none', async () => {
  await use({ client_aliases: ['https://rp.test/one', 'https://rp.test/two'] });
  const audience = async (path: string, query: Record<string, string>) => {
    const posted = await arriveByWsFed(browser, wsfedUrl(path, query));
    return (await readToken(server, posted)).all('Audience').map(({ text }) => text);
  };
  assert.deepEqual(await audience(`/wsfed/${party.client_id}`, {}), ['https://rp.test/one']);
  assert.deepEqual(await audience('/wsfed', { wtrealm: 'https://rp.test/two' }), ['https://rp.test/two']);
  const other = await addRelyingParty(server.ctx);
  const taken = await change({ client_aliases: ['https://rp.test/two'] }, other);
  assert.deepEqual([taken.status, taken.json.message], [409, 'Another client exists with the same alias.']);
  await use({ client_aliases: [] });
  assert.equal((await server.get(wsfedUrl('/wsfed', { wtrealm: 'https://rp.test/two' }))).status, 400);
});

test('encryption_key: the token is for the eyes of whoever has the key', { skip: noXmlsec }, async () => {
  await use({ encryption_key: { cert: key.cert, pub: publicKeyOf(key.cert), subject: '/CN=rp.test' } });
  const { fields } = await arrive();
  assert.equal(fields.wresult?.includes(EMAIL) || fields.wresult?.includes('Assertion>'), false);
  assert.match(fields.wresult ?? '', /aes256-gcm/);
  const opened = await xmlsecDecrypt(fields.wresult ?? '', key.privateKeyPem);
  const read = await readToken(server, { to: '', fields: { wresult: opened } });
  assert.deepEqual(read.claims[CLAIM.emailaddress], [EMAIL]);
  const stranger = await keyPair(server.ctx, 'evil.test');
  await assert.rejects(xmlsecDecrypt(fields.wresult ?? '', stranger.privateKeyPem));
  await use({ encryption_key: { cert: key.cert } });
  assert.equal((await arrive()).fields.wresult?.includes(EMAIL), false);
});

test('encryption_key is a certificate with an RSA key, and the key in it', async () => {
  const other = await keyPair(server.ctx, 'other.test');
  const { certPem: elliptic } = await createDevelopmentAuthority({ now: server.clock.now() });
  const wrong: readonly [object, RegExp][] = [
    [{ cert: 'nothing' }, /cert must be a certificate in PEM/],
    [{ cert: key.cert.slice(0, -100) }, /cert must be PEM with an RSA key/],
    [{ cert: elliptic }, /cert must be PEM with an RSA key/],
    [{ cert: publicKeyOf(key.cert) }, /cert must be a certificate in PEM/],
    [{ pub: publicKeyOf(key.cert) }, /cert is missing/],
    [{ cert: key.cert, pub: publicKeyOf(other.cert) }, /pub is not the key of the certificate/],
    [{ cert: key.cert, pub: key.privateKeyPem }, /pub must be PEM with an RSA key/],
  ];
  for (const [encryption_key, text] of wrong) {
    const refused = await change({ encryption_key });
    assert.equal(refused.status, 400);
    assert.match(refused.json.message, text);
  }
  assert.equal((await clientsOf(server.ctx).get(party.client_id))?.encryption_key, undefined);
});

test('form_template: the page of the answer is the tenant’s own; placeholders are filled with text', async () => {
  await use({
    form_template:
      '<html><h1>Off you go</h1><form method="post" action="@@callback@@"><input name="wa" value="wsignin1.0">' +
      '<input name="wresult" value="@@wresult@@"><input name="wctx" value="@@wctx@@"></form><i>@@other@@</i></html>',
  });
  const wctx = `"><script>alert('1')</script>\\ @@wresult@@ $& \n`;
  const page = await signedIn(wctx);
  assert.ok(page.html.startsWith('<html><h1>Off you go</h1>') && page.html.includes('<i>@@other@@</i>'));
  assert.equal(page.html.includes('<script'), false);
  const posted = postedToken(page);
  assert.deepEqual([posted.to, posted.fields.wctx], [REPLY, wctx]);
  assert.equal((await readToken(server, posted)).claims[CLAIM.emailaddress]?.[0], EMAIL);
  assert.match(page.headers['content-security-policy'] ?? '', /frame-ancestors 'none'/);
  await use({ form_template: '' });
  assert.equal((await signedIn('x')).html.includes('Off you go'), false);
});

test('form_template: what is put into a script or an attribute without quotes cannot end it', async () => {
  await use({
    form_template: '<input name=wctx value=@@wctx@@ ><script>var x = "@@wctx@@";var y = \'@@wctx@@\'</script>',
  });
  for (const wctx of [
    '";alert(1)//',
    "';alert(1)//",
    '\\',
    '</script><script>alert(1)</script>',
    'x onfocus=alert(1)',
    '`+1+`',
  ]) {
    const { html } = await signedIn(wctx);
    const [, bare = '', double = '', single = ''] =
      /value=(\S*) ><script>var x = "([^"]*)";var y = '([^']*)'<\/script>$/.exec(html) ?? [];
    for (const put of [bare, double, single]) {
      assert.match(put, /^(?:[A-Za-z0-9]|&#x[0-9a-f]+;)+$/);
      assert.equal(decode(put), wctx);
    }
  }
});

/** The page of the answer, for a browser that has logged in. */
async function signedIn(wctx: string) {
  const plain = await clientsOf(server.ctx).get(party.client_id);
  await clientsOf(server.ctx).put(party);
  await arrive();
  await clientsOf(server.ctx).put(plain!);
  return browser.openPage(wsfedUrl(`/wsfed/${party.client_id}`, { wctx }));
}
