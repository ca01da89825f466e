import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { before, test } from 'node:test';
import { noXmlsec, xmlsecDecrypt, xmlsecVerify } from '../../test/xmlsec.ts';
import { type Context, seededRandom } from '../kernel/index.ts';
import { generateSigningKey, type SigningKeyMaterial } from '../platform/crypto/index.ts';
import { childrenOf, firstChildOf, parseXml, verifyEnveloped } from '../platform/xml/index.ts';
import type { User } from '../resources/users/index.ts';
import { CLAIM, claimsOf, nameIdentifierOf, SAML11, SAML20, writeSaml11, writeSaml20 } from './index.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const random = { ...seededRandom('assertions'), bytes: (length: number) => Buffer.alloc(length, 7) };
const ctx = { clock: { now: () => NOW }, random } as unknown as Context;
let key: SigningKeyMaterial;

before(async () => {
  key = await generateSigningKey({ commonName: 'idp.test', now: NOW, random });
});

const user: User = {
  user_id: 'auth0|1',
  created_at: '2022-09-06T12:43:37.123Z',
  updated_at: '2022-11-07T20:37:03.000Z',
  email: 'ann@example.test',
  email_verified: true,
  name: 'Ann <b>',
  nickname: 'ann',
  given_name: '',
  last_ip: '::1',
  logins_count: 3,
  user_metadata: { color: 'red', sizes: [1, 2], deep: { er: 'x' } },
  app_metadata: { role: 'secret' },
  identities: [
    { connection: 'db', provider: 'auth0', user_id: '1', isSocial: false },
    { connection: 'google-oauth2', provider: 'google-oauth2', user_id: '2', isSocial: true },
  ],
};
const subject = { user, client_id: 'c1', access_token: 'at' };

const said = (settings: Parameters<typeof claimsOf>[1]) =>
  Object.fromEntries(claimsOf(subject, settings).map(({ name, values }) => [name, values]));

test('without settings, the claims are those that Auth0 sends', () => {
  const claims = said({});
  assert.deepEqual(claims[CLAIM.nameidentifier], ['auth0|1']);
  assert.deepEqual(claims[CLAIM.emailaddress], ['ann@example.test']);
  assert.deepEqual(claims[CLAIM.name], ['Ann <b>']);
  assert.deepEqual(claims[CLAIM.upn], ['ann@example.test']);
  assert.deepEqual(claims['http://schemas.auth0.com/nickname'], ['ann']);
  assert.deepEqual(claims['http://schemas.auth0.com/clientID'], ['c1']);
  assert.deepEqual(claims['http://schemas.auth0.com/email_verified'], [true]);
  assert.deepEqual(claims['http://schemas.auth0.com/created_at'], [new Date('2022-09-06T12:43:37.123Z')]);
  assert.deepEqual(claims['http://schemas.auth0.com/identities/default/provider'], ['auth0']);
  assert.deepEqual(claims['http://schemas.auth0.com/identities/default/isSocial'], [false]);
  assert.deepEqual(claims['http://schemas.auth0.com/identities/google-oauth2/isSocial'], [true]);
  const names = Object.keys(claims).join(' ');
  for (const absent of ['metadata', 'last_ip', 'logins_count', 'access_token', 'givenname'])
    assert.equal(names.includes(absent), false, absent);
});

test('each setting of the claims does what it says', () => {
  const mapped = said({
    mappings: {
      email: 'mail',
      'user_metadata.color': 'colour',
      'user_metadata.sizes': ['size', 'sizes'],
      'user_metadata.deep': 'nothing',
      'app_metadata.__proto__': 'nothing2',
      last_ip: 'ip',
    },
  });
  assert.deepEqual([mapped.mail, mapped.colour, mapped.ip], [['ann@example.test'], ['red'], ['::1']]);
  assert.deepEqual(
    [mapped.size, mapped.sizes],
    [
      [1, 2],
      [1, 2],
    ],
  );
  assert.equal(CLAIM.emailaddress in mapped || 'nothing' in mapped || 'nothing2' in mapped, false);
  assert.deepEqual(mapped[CLAIM.nameidentifier], ['auth0|1']);
  assert.equal(CLAIM.upn in said({ createUpnClaim: false }), false);
  assert.equal('http://schemas.auth0.com/nickname' in said({ passthroughClaimsWithNoMapping: false }), false);
  assert.deepEqual(said({ mapUnknownClaimsAsIs: true }).nickname, ['ann']);
  assert.equal('http://schemas.auth0.com/identities/default/provider' in said({ mapIdentities: false }), false);
  assert.deepEqual(said({ mapIdentities: true })['http://schemas.auth0.com/identities/default/access_token'], ['at']);
});

test('the name identifier is the first that there is', () => {
  const claims = claimsOf(subject, {});
  assert.equal((nameIdentifierOf(claims, {}) as { value: string }).value, 'auth0|1');
  const probes = [CLAIM.givenname, CLAIM.emailaddress];
  assert.deepEqual(nameIdentifierOf(claims, { nameIdentifierProbes: probes, nameIdentifierFormat: 'f' }), {
    value: 'ann@example.test',
    format: 'f',
  });
  assert.deepEqual(nameIdentifierOf(claims, { nameIdentifierProbes: ['x', 'y'] }), {
    problem: 'No attribute was found to generate the nameIdentifier. We tried with: x, y',
  });
});

const terms = () => ({
  issuer: 'urn:idp',
  audience: 'https://sp.test/&',
  subject: { value: 'ann', format: 'f' },
  claims: claimsOf(subject, { mapUnknownClaimsAsIs: true }),
  lifetime: 3600,
  authenticatedAt: NOW - 5000,
  authnContext: 'urn:ctx',
  recipient: 'https://sp.test/acs',
  inResponseTo: '_r',
  sessionIndex: '_s',
  signature: {
    privateKey: createPrivateKey(key.privateKeyPem),
    certificate: key.cert,
    signatureAlgorithm: 'rsa-sha256',
    digestAlgorithm: 'sha256',
  } as const,
});

test('SAML 2.0 says all that it is told', async () => {
  const text = String(await writeSaml20(ctx, terms()));
  const read = await verifyEnveloped(text, { certificate: key.cert, allowSha1: false, id: 'ID' });
  assert.ok(read);
  const conditions = firstChildOf(read, SAML20, 'Conditions');
  assert.equal(conditions?.attributes.NotOnOrAfter, '2026-01-01T01:00:00.000Z');
  assert.equal(conditions?.text, 'https://sp.test/&');
  const name = firstChildOf(firstChildOf(read, SAML20, 'Subject'), SAML20, 'NameID');
  assert.deepEqual([name?.text, name?.attributes.Format], ['ann', 'f']);
  assert.match(text, /Recipient="https:\/\/sp.test\/acs" InResponseTo="_r"/);
  assert.match(text, /AuthnInstant="2025-12-31T23:59:55.000Z" SessionIndex="_s"/);
  const attributes = childrenOf(firstChildOf(read, SAML20, 'AttributeStatement'), SAML20, 'Attribute');
  const created = attributes.find(({ attributes }) => attributes.Name === 'created_at');
  assert.equal(created?.text, 'Tue Sep 06 2022 12:43:37 GMT+0000 (Coordinated Universal Time)');
  assert.match(created?.attributes.NameFormat ?? '', /:basic$/);
  assert.match(text, /email_verified"[^>]*><saml:AttributeValue xsi:type="xs:boolean">true</);
  assert.match(text, /claims\/name" NameFormat="[^"]*:uri"><saml:AttributeValue xsi:type="xs:string">Ann &lt;b&gt;</);
  const plain = String(
    await writeSaml20(ctx, { ...terms(), typedAttributes: false, includeAttributeNameFormat: false }),
  );
  assert.equal(/NameFormat|xs:boolean|xs:string/.test(plain), false);
});

test('SAML 1.1 says all that it has words for', async () => {
  const text = String(await writeSaml11(ctx, terms()));
  const read = await verifyEnveloped(text, { certificate: key.cert, allowSha1: false, id: 'AssertionID' });
  assert.equal(read?.attributes.Issuer, 'urn:idp');
  assert.match(
    text,
    /AttributeName="emailaddress" AttributeNamespace="http:\/\/schemas.xmlsoap.org\/ws\/2005\/05\/identity\/claims"/,
  );
  assert.match(text, /AuthenticationMethod="urn:ctx" AuthenticationInstant="2025-12-31T23:59:55.000Z"/);
});

test('xmlsec1 verifies both versions and decrypts', { skip: noXmlsec }, async () => {
  const saml20 = String(await writeSaml20(ctx, terms()));
  await xmlsecVerify(saml20, key.cert, { id: 'ID', element: 'Assertion', namespace: SAML20 });
  const changed = saml20.replace('>ann<', '>bob<');
  await assert.rejects(xmlsecVerify(changed, key.cert, { id: 'ID', element: 'Assertion', namespace: SAML20 }));
  const saml11 = String(await writeSaml11(ctx, terms()));
  await xmlsecVerify(saml11, key.cert, { id: 'AssertionID', element: 'Assertion', namespace: SAML11 });
  const encrypted = String(await writeSaml20(ctx, { ...terms(), encryption: { certificate: key.cert } }));
  assert.equal(encrypted.includes('ann@example.test'), false);
  const opened = await xmlsecDecrypt(encrypted, key.privateKeyPem);
  assert.equal((await parseXml(opened)).children[0]?.name, 'Assertion');
  await assert.rejects(
    xmlsecDecrypt(
      encrypted.replace(/<e?:?CipherValue>....../, (value) => `${value.slice(0, -6)}AAAAAA`),
      key.privateKeyPem,
    ),
  );
});
