/** Each setting of the SAML add-on, by what changes at the service provider when it changes. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Profile, SamlConfig } from '@node-saml/node-saml';
import { Browser } from '../../../test/browser.ts';
import { addPerson } from '../../../test/fixtures.ts';
import { managementToken } from '../../../test/management.ts';
import {
  ACS,
  addSamlClient,
  EMAIL,
  ENTITY,
  keyPair,
  logIn,
  type Posted,
  samlServer,
  serviceProvider,
} from '../../../test/saml-house.ts';
import type { TestServer } from '../../../test/server.ts';
import { noXmlsec, xmlsecDecrypt, xmlsecVerify } from '../../../test/xmlsec.ts';
import { CLAIM, SAML20 } from '../../assertions/index.ts';
import { createConnection } from '../../resources/connections/index.ts';
import { currentSigningKey } from '../../resources/keys/index.ts';
import { openSession } from '../../resources/sessions/index.ts';
import { saveFederatedUser, type User, usersOf } from '../../resources/users/index.ts';
import { PROTOCOL } from './saml.ts';

let server: TestServer;
let user: User;

before(async () => {
  server = await samlServer();
  const { user_id } = await addPerson(server.ctx, EMAIL);
  user = (await usersOf(server.ctx).update(user_id, (stored) => ({
    ...stored,
    given_name: 'Ada',
    user_metadata: { color: 'red' },
  }))) as User;
});
after(() => server.close());

/** A login at an application with these settings. */
async function logInWith(
  samlp: Readonly<Record<string, unknown>>,
  options: Partial<SamlConfig> = {},
  body: Readonly<Record<string, unknown>> = {},
): Promise<{ profile: Profile; answer: Posted }> {
  const clientId = await addSamlClient(server.ctx, samlp, body);
  return logIn(server, await serviceProvider(server, clientId, options));
}

const OWN = 'http://schemas.auth0.com/';

test('mappings say by which names attributes go', async () => {
  const { profile } = await logInWith({ mappings: { email: 'mail', 'user_metadata.color': ['colour', 'urn:color'] } });
  assert.deepEqual([profile.mail, profile.colour, profile['urn:color']], [EMAIL, 'red', 'red']);
  assert.equal(profile[CLAIM.emailaddress], undefined);
  assert.equal(profile[CLAIM.givenname], 'Ada');
});

test('audience is who the assertion is for', async () => {
  const { answer } = await logInWith({ audience: 'urn:audience' }, { audience: 'urn:audience' });
  assert.match(answer.xml, /<saml:Audience>urn:audience<\/saml:Audience>/);
  assert.match((await logInWith({})).answer.xml, new RegExp(`<saml:Audience>${ENTITY}</saml:Audience>`));
});

test('recipient is where the assertion may be handed in', async () => {
  const { answer } = await logInWith({ recipient: 'https://sp.test/recipient' });
  assert.match(answer.xml, /Recipient="https:\/\/sp.test\/recipient"/);
  assert.equal(answer.to, ACS);
  assert.match((await logInWith({})).answer.xml, new RegExp(`Recipient="${ACS}"`));
});

test('destination is where the response says that it goes', async () => {
  const { answer } = await logInWith({ destination: 'https://sp.test/destination' });
  assert.match(answer.xml, /<samlp:Response [^>]*Destination="https:\/\/sp.test\/destination"/);
  assert.equal(answer.to, ACS);
});

test('issuer is who we are', async () => {
  const { profile } = await logInWith({ issuer: 'urn:we' }, { idpIssuer: 'urn:we' });
  assert.equal(profile.issuer, 'urn:we');
});

test('createUpnClaim adds a UPN', async () => {
  assert.equal((await logInWith({})).profile[CLAIM.upn], EMAIL);
  assert.equal((await logInWith({ createUpnClaim: false })).profile[CLAIM.upn], undefined);
});

test('passthroughClaimsWithNoMapping sends what has no mapping', async () => {
  assert.equal((await logInWith({})).profile[`${OWN}nickname`], user.nickname);
  const { profile } = await logInWith({ passthroughClaimsWithNoMapping: false });
  assert.equal(profile[`${OWN}nickname`], undefined);
  assert.equal(profile[CLAIM.emailaddress], EMAIL);
});

test('mapUnknownClaimsAsIs leaves their names as they are', async () => {
  const { profile } = await logInWith({ mapUnknownClaimsAsIs: true });
  assert.equal(profile.nickname, user.nickname);
  assert.equal(profile[`${OWN}nickname`], undefined);
});

test('mapIdentities says by which identity the user is known', async () => {
  assert.equal((await logInWith({})).profile[`${OWN}identities/default/provider`], 'auth0');
  assert.equal((await logInWith({ mapIdentities: false })).profile[`${OWN}identities/default/provider`], undefined);
});

test('mapIdentities hands on the access token of the identity provider where it is set', async () => {
  const { ctx } = server;
  const enabled = await Promise.all([{}, { mapIdentities: true }].map((samlp) => addSamlClient(ctx, samlp)));
  const connection = await createConnection(ctx, { name: 'github', strategy: 'github', enabled_clients: enabled });
  const profile = { email: 'octo@example.test', email_verified: true };
  const arrival = { connection, id: '7', profile, tokens: { access_token: 'for its API' } };
  const { user_id } = (await saveFederatedUser(ctx, arrival)) as User;
  const opening = { user_id, client_id: enabled[0] as string, methods: [], connection: 'github' };
  const { cookies } = await openSession(ctx, opening);
  const browser = new Browser(server);
  for (const { name, value } of cookies) browser.jar[name] = value;
  const told = [];
  for (const clientId of enabled) {
    const { profile } = await logIn(server, await serviceProvider(server, clientId), { browser });
    assert.equal(profile[`${OWN}identities/default/isSocial`], 'true');
    told.push(profile[`${OWN}identities/default/access_token`]);
  }
  assert.deepEqual(told, [undefined, 'for its API']);
});

test('signatureAlgorithm and digestAlgorithm are those of the signature', async () => {
  assert.match(
    (await logInWith({})).answer.xml,
    /SignatureMethod Algorithm="[^"]*rsa-sha1".*DigestMethod Algorithm="[^"]*#sha1"/,
  );
  const { answer } = await logInWith({ signatureAlgorithm: 'rsa-sha256', digestAlgorithm: 'sha256' });
  assert.match(answer.xml, /SignatureMethod Algorithm="[^"]*rsa-sha256".*DigestMethod Algorithm="[^"]*#sha256"/);
});

test('signResponse signs the response in place of the assertion', async () => {
  const signed = { wantAuthnResponseSigned: true, wantAssertionsSigned: false };
  const { answer, profile } = await logInWith({ signResponse: true }, signed);
  assert.equal(profile.nameID, user.user_id);
  assert.match(answer.xml, /<samlp:Response [^>]*><saml:Issuer>[^<]*<\/saml:Issuer><Signature/);
  assert.equal(answer.xml.match(/<Signature /g)?.length, 1);
  await assert.rejects(logInWith({ signResponse: false }, signed), /Invalid document signature/);
});

test('xmlsec1 verifies responses and assertions', { skip: noXmlsec }, async () => {
  const { cert } = await currentSigningKey(server.ctx);
  const sha256 = { signatureAlgorithm: 'rsa-sha256', digestAlgorithm: 'sha256' };
  const assertion = (await logInWith(sha256)).answer.xml;
  await xmlsecVerify(assertion, cert, { id: 'ID', element: 'Assertion', namespace: SAML20 });
  const options = { wantAuthnResponseSigned: true, wantAssertionsSigned: false };
  const response = (await logInWith({ ...sha256, signResponse: true }, options)).answer.xml;
  await xmlsecVerify(response, cert, { id: 'ID', element: 'Response', namespace: PROTOCOL });
});

test('lifetimeInSeconds is how long the assertion is valid', async () => {
  const between = ({ xml }: Posted) => {
    const [, begin = '', end = ''] = /NotBefore="([^"]*)" NotOnOrAfter="([^"]*)"/.exec(xml) ?? [];
    return (Date.parse(end) - Date.parse(begin)) / 1000;
  };
  assert.equal(between((await logInWith({})).answer), 3600);
  assert.equal(between((await logInWith({ lifetimeInSeconds: 90 })).answer), 90);
});

test('nameIdentifierFormat and nameIdentifierProbes say who the subject is', async () => {
  const format = 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress';
  const settings = { nameIdentifierFormat: format, nameIdentifierProbes: ['urn:none', CLAIM.emailaddress] };
  const { profile } = await logInWith(settings);
  assert.deepEqual([profile.nameID, profile.nameIDFormat], [EMAIL, format]);
});

test('authnContextClassRef is how the user has logged in', async () => {
  const classes = 'urn:oasis:names:tc:SAML:2.0:ac:classes:';
  const refeds = 'https://refeds.org/profile/mfa';
  const said = async (samlp: object, options: Partial<SamlConfig>) => {
    const { answer } = await logInWith({ ...samlp }, options);
    return /<saml:AuthnContextClassRef>([^<]*)</.exec(answer.xml)?.[1];
  };
  const asking = (...authnContext: string[]) => ({ authnContext });
  assert.equal(await said({}, { disableRequestedAuthnContext: true }), `${classes}unspecified`);
  assert.equal(await said({ authnContextClassRef: 'urn:ctx' }, asking(`${classes}Password`)), 'urn:ctx');
  assert.equal(await said({}, asking(`${classes}Password`)), `${classes}Password`);
  assert.equal(await said({}, asking(refeds, 'urn:other', `${classes}X509`)), `${classes}unspecified`);
  assert.equal(await said({}, asking(refeds, `${classes}Password`)), `${classes}Password`);
  const better = { ...asking(`${classes}Password`), racComparison: 'better' as const };
  assert.equal(await said({}, better), `${classes}unspecified`);
});

test('typedAttributes says the type of each value', async () => {
  const typed = (await logInWith({})).answer.xml;
  assert.match(typed, /xsi:type="xs:boolean">true</);
  const { xml } = (await logInWith({ typedAttributes: false })).answer;
  assert.equal(/xs:boolean|xs:string/.test(xml), false);
  assert.match(xml, /xsi:type="xs:anyType"/);
});

test('includeAttributeNameFormat says the kind of each name', async () => {
  assert.match((await logInWith({})).answer.xml, /NameFormat="[^"]*attrname-format:uri"/);
  assert.equal((await logInWith({ includeAttributeNameFormat: false })).answer.xml.includes('NameFormat'), false);
});

test('signingCert lets in signed requests only', async () => {
  const [sp, other] = [await keyPair(server.ctx), await keyPair(server.ctx)];
  const signing = { privateKey: sp.privateKeyPem, signatureAlgorithm: 'sha256' as const };
  const settings = { signingCert: sp.cert };
  assert.equal((await logInWith(settings, signing)).profile.nameID, user.user_id);
  await assert.rejects(logInWith(settings, { ...signing, privateKey: other.privateKeyPem }), /signature is not valid/);
  await assert.rejects(logInWith(settings), /SAMLRequest message MUST be signed/);
  const old = { ...signing, signatureAlgorithm: 'sha1' as const };
  await assert.rejects(logInWith(settings, old), /Invalid signature algorithm/);
  assert.ok((await logInWith({ ...settings, signatureAlgorithm: 'rsa-sha1' }, old)).profile);
  await assert.rejects(logInWith({ signingCert: 'nonsense' }, signing), /signature is not valid/);
});

test('encryption_key keeps the assertion from everybody but the service provider', async () => {
  const sp = await keyPair(server.ctx);
  const body = { encryption_key: { cert: sp.cert } };
  const { profile, answer } = await logInWith({}, { decryptionPvk: sp.privateKeyPem }, body);
  assert.equal(profile[CLAIM.emailaddress], EMAIL);
  assert.match(answer.xml, /<saml:EncryptedAssertion/);
  assert.equal(answer.xml.includes(EMAIL), false);
  const other = await keyPair(server.ctx);
  await assert.rejects(logInWith({}, { decryptionPvk: other.privateKeyPem }, body));
  if (!noXmlsec) assert.match(await xmlsecDecrypt(answer.xml, sp.privateKeyPem), new RegExp(EMAIL));
});

test('what the add-on cannot do is refused when it is written', async () => {
  const bearer = await managementToken(server, ['create:clients', 'update:clients', 'read:clients']);
  const write = (samlp: unknown) => server.post('/api/v2/clients', { bearer, json: { name: 'x', addons: { samlp } } });
  const refused: [unknown, RegExp][] = [
    [{ signatureAlgorithm: 'none' }, /addons.samlp.signatureAlgorithm must be one of rsa-sha1, rsa-sha256/],
    [{ digestAlgorithm: 'md5' }, /addons.samlp.digestAlgorithm/],
    [{ binding: 'SOAP' }, /addons.samlp.binding/],
    [{ lifetimeInSeconds: 0 }, /addons.samlp.lifetimeInSeconds must be between 1 and/],
    [{ lifetimeInSeconds: 1.5 }, /lifetimeInSeconds/],
    [{ mappings: { email: 1 } }, /addons.samlp.mappings/],
    [{ logout: { callback: 'javascript:alert(1)' } }, /addons.samlp.logout.callback must be an http or https URL/],
    [{ logout: { slo_enabled: 'false' } }, /slo_enabled/],
    [{ audience: 1 }, /audience/],
    [{ somethingElse: true }, /somethingElse/],
  ];
  for (const [samlp, message] of refused) {
    const answer = await write(samlp);
    assert.equal(answer.status, 400, answer.text);
    assert.match(answer.json.message, message);
  }
  const samlp = { mappings: { email: ['a', 'b'] }, signatureAlgorithm: 'rsa-sha256', logout: { slo_enabled: false } };
  const created = await write(samlp);
  assert.equal(created.status, 201, created.text);
  assert.deepEqual(created.json.addons, { samlp });
});
