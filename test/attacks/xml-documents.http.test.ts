/** Documents of a few hundred bytes, inflated, that would keep the whole server busy with one request. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { ACS, addSamlClient, ENTITY, keyPair, samlServer } from '../saml-house.ts';
import type { TestServer } from '../server.ts';

/** On a busy machine; before they were bounded each of these took one to two seconds in which nobody else was answered. */
const PATIENCE_MS = 300;
const DSIG = 'http://www.w3.org/2000/09/xmldsig#';
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';

let server: TestServer;
let unsigned: string;
let signing: string;

before(async () => {
  server = await samlServer();
  unsigned = await addSamlClient(server.ctx);
  signing = await addSamlClient(server.ctx, { signingCert: (await keyPair(server.ctx)).cert });
});
after(() => server.close());

/** Signed in form only: as far as the digest, over all that is in it, that is enough. */
const SIGNATURE =
  `<Signature xmlns="${DSIG}"><SignedInfo><CanonicalizationMethod Algorithm="${EXCLUSIVE}"/>` +
  '<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/><Reference URI="#_1"><Transforms>' +
  `<Transform Algorithm="${DSIG}enveloped-signature"/><Transform Algorithm="${EXCLUSIVE}"/></Transforms>` +
  '<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue>AAAA</DigestValue></Reference>' +
  '</SignedInfo><SignatureValue>AAAA</SignatureValue></Signature>';

const many = (count: number, made: (at: string) => string) =>
  Array.from({ length: count }, (_, at) => made(at.toString(36))).join('');

const request = (inside: string) =>
  `<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_1" Version="2.0" ` +
  `IssueInstant="${new Date(server.clock.now()).toISOString()}" AssertionConsumerServiceURL="${ACS}">${inside}</samlp:AuthnRequest>`;

const DOCUMENTS: readonly [string, () => string][] = [
  ['many elements', () => many(60_000, () => '<b/>')],
  ['many elements, of a size that is read', () => many(15_000, () => '<b/>')],
  ['namespaces within namespaces', () => many(10_000, (at) => `<a xmlns:b${at}="x">`) + '</a>'.repeat(10_000)],
  ['many attributes', () => `<b ${many(9000, (at) => ` a${at}=""`)}/>`],
  ['many namespaces', () => `<b ${many(3500, (at) => ` xmlns:a${at}="u"`)}/>`],
];

for (const [name, inside] of DOCUMENTS)
  test(`${name}: no request keeps the server busy`, async () => {
    for (const clientId of [unsigned, signing]) {
      const SAMLRequest = deflateRawSync(request(inside() + SIGNATURE)).toString('base64');
      const send = () => server.post(`/samlp/${clientId}`, { form: { SAMLRequest } });
      await send();
      const started = performance.now();
      const answer = await send();
      const took = Math.round(performance.now() - started);
      assert.ok(took < PATIENCE_MS, `took ${took} ms for ${SAMLRequest.length} characters`);
      assert.ok(answer.status < 500);
    }
  });

test('a request with all that requests have is far below the bounds', async () => {
  const whole = request(
    `<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${ENTITY}</saml:Issuer>${many(200, () => '<b/>')}`,
  );
  const SAMLRequest = deflateRawSync(whole).toString('base64');
  assert.equal((await server.post(`/samlp/${unsigned}`, { form: { SAMLRequest } })).status, 302);
});

test('one logout cannot ask for thousands of sessions', async () => {
  const clientId = await addSamlClient(server.ctx, { logout: { callback: ACS } });
  const index = many(990, (at) => `<samlp:SessionIndex>_${at}</samlp:SessionIndex>`);
  const xml =
    `<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_9" Version="2.0">` +
    `${index}</samlp:LogoutRequest>`;
  const SAMLRequest = deflateRawSync(xml).toString('base64');
  const started = performance.now();
  await server.post(`/samlp/${clientId}/logout`, { form: { SAMLRequest } });
  assert.ok(performance.now() - started < PATIENCE_MS, `took ${Math.round(performance.now() - started)} ms`);
});
