/** Add-ons `aws` and `sap_api`: an assertion of the tenant, exchanged at the service. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { type DelegationHouse, delegationHouse, formOf } from '../../../../test/delegation-house.ts';
import { EMAIL, logTypes, refusalOf } from '../../../../test/token-fixture.ts';
import { noXmlsec, xmlsecVerify } from '../../../../test/xmlsec.ts';
import { parseXml, verifyEnveloped, type XmlElement } from '../../../platform/xml/index.ts';
import { currentSigningKey } from '../../../resources/keys/index.ts';
import { logsOf } from '../../../resources/logs/index.ts';
import { usersOf } from '../../../resources/users/index.ts';

const SAML20 = 'urn:oasis:names:tc:SAML:2.0:assertion';
const PRINCIPAL = 'arn:aws:iam::010616021751:saml-provider/idpname';
const ROLE = 'arn:aws:iam::010616021751:role/foo';
const STS_ANSWER = `<AssumeRoleWithSAMLResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithSAMLResult>
  <Issuer>urn:tenant.test</Issuer>
  <AssumedRoleUser><Arn>arn:aws:sts::010616021751:assumed-role/foo/ada</Arn><AssumedRoleId>ARO:ada</AssumedRoleId></AssumedRoleUser>
  <Credentials><AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>s3cr3t</SecretAccessKey><SessionToken>tok</SessionToken>
  <Expiration>2026-01-15T11:00:00Z</Expiration></Credentials></AssumeRoleWithSAMLResult></AssumeRoleWithSAMLResponse>`;
const SAP = {
  clientid: 'GATEWAY',
  usernameAttribute: 'email',
  tokenEndpointUrl: 'https://sap.acme.test/sap/bc/sec/oauth2/token',
  scope: 'ZLEAVE_0001',
  servicePassword: 'pass:word',
};
const SAP_TOKEN = { access_token: 'AFBW', token_type: 'Bearer', expires_in: '600', scope: 'ZLEAVE_0001' };

let house: DelegationHouse;
let id_token: string;

before(async () => {
  house = await delegationHouse();
});
after(() => house.server.close());
beforeEach(async () => {
  id_token = await house.beginAnew();
});

const ask = (addons: object, form: Record<string, string> = {}) => house.ask(addons, { id_token, ...form });
const askAws = (settings: object, form: Record<string, string> = {}) => {
  Object.assign(house.services, { status: 200, body: STS_ANSWER });
  return ask({ aws: { principal: PRINCIPAL, role: ROLE, ...settings } }, form);
};
const askSap = (settings: object = {}) => {
  Object.assign(house.services, { status: 200, body: JSON.stringify(SAP_TOKEN) });
  return ask({ sap_api: { ...SAP, ...settings } });
};

/** The assertion in `xml` as it was signed by the tenant; throws when it was not. */
async function readAssertion(xml: string): Promise<XmlElement> {
  const assertion = /<saml:Assertion .*<\/saml:Assertion>/s.exec(xml)?.[0] ?? '';
  const { cert: certificate } = await currentSigningKey(house.server.ctx);
  const read = await verifyEnveloped(assertion, { certificate, allowSha1: false, id: 'ID' });
  assert.ok(read);
  return read;
}
const find = (from: XmlElement, name: string): XmlElement[] => [
  ...(from.name === name ? [from] : []),
  ...from.children.flatMap((child) => find(child, name)),
];
const textOf = (from: XmlElement, name: string) => find(from, name).map(({ text }) => text);
const attributesOf = (from: XmlElement) =>
  Object.fromEntries(find(from, 'Attribute').map(({ attributes, text }) => [attributes.Name, text]));
const certificateOf = async () => (await currentSigningKey(house.server.ctx)).cert;

test('AWS: temporary credentials of the role, for an assertion of the tenant', async () => {
  const answer = await askAws({ lifetime_in_seconds: 900 });
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(answer.json.Credentials, {
    AccessKeyId: 'ASIA1',
    SecretAccessKey: 's3cr3t',
    SessionToken: 'tok',
    Expiration: '2026-01-15T11:00:00Z',
  });
  assert.equal(answer.json.AssumedRoleUser.AssumedRoleId, 'ARO:ada');
  assert.equal(house.services.asked[0]?.url, 'https://sts.amazonaws.com/');
  const { SAMLAssertion = '', ...form } = formOf(house.services.asked[0]);
  assert.deepEqual(form, {
    Action: 'AssumeRoleWithSAML',
    Version: '2011-06-15',
    RoleArn: ROLE,
    PrincipalArn: PRINCIPAL,
    DurationSeconds: '900',
  });
  const assertion = await readAssertion(Buffer.from(SAMLAssertion, 'base64').toString());
  const signIn = 'https://signin.aws.amazon.com/saml';
  assert.deepEqual(textOf(assertion, 'Issuer'), ['urn:tenant.test']);
  assert.deepEqual(textOf(assertion, 'NameID'), [house.user.user_id]);
  assert.deepEqual(textOf(assertion, 'Audience'), [signIn]);
  assert.equal(find(assertion, 'SubjectConfirmationData')[0]?.attributes.Recipient, signIn);
  assert.deepEqual(attributesOf(assertion), {
    'https://aws.amazon.com/SAML/Attributes/Role': `${ROLE},${PRINCIPAL}`,
    'https://aws.amazon.com/SAML/Attributes/RoleSessionName': house.user.user_id.replace('|', '='),
  });
  const types = await logTypes(house.server);
  assert.ok(types.includes('sd'));
  assert.equal(JSON.stringify(await logsOf(house.server.ctx).list()).includes('s3cr3t'), false);
});

test('xmlsec1 verifies what AWS and SAP are sent', { skip: noXmlsec }, async () => {
  await askAws({});
  const signed = { id: 'ID', element: 'Assertion', namespace: SAML20 };
  const response = Buffer.from(formOf(house.services.asked[0]).SAMLAssertion ?? '', 'base64').toString();
  assert.equal((await parseXml(response)).name, 'Response');
  await xmlsecVerify(response, await certificateOf(), signed);
  await assert.rejects(xmlsecVerify(response.replaceAll(ROLE, `${ROLE}x`), await certificateOf(), signed));
  await askSap();
  const assertion = Buffer.from(formOf(house.services.asked[1]).assertion ?? '', 'base64url').toString();
  await xmlsecVerify(assertion, await certificateOf(), signed);
});

test('the settings of AWS alone say which role, and the role which of its parts', async () => {
  const mightier = { role: 'arn:aws:iam::010616021751:role/admin', principal: PRINCIPAL };
  await askAws({}, mightier);
  assert.equal(formOf(house.services.asked[0]).RoleArn, ROLE);
  assert.equal('DurationSeconds' in formOf(house.services.asked[0]), false);
  await askAws({ role: ROLE.replace('aws', 'aws-cn'), principal: PRINCIPAL.replace('aws', 'aws-cn') });
  assert.equal(house.services.asked[1]?.url, 'https://sts.cn-north-1.amazonaws.com.cn/');
  house.services.asked.length = 0;
  for (const settings of [{ role: PRINCIPAL }, { role: 'arn:evil:iam::010616021751:role/foo' }, { principal: ROLE }]) {
    const [name] = Object.keys(settings);
    const refused = await askAws(settings);
    assert.match(
      refused.json.error_description,
      new RegExp(`^The add-on aws is not configured: ${name} is no ARN of a `),
    );
  }
  const chosen = await ask({ aws: {} }, mightier);
  assert.equal(chosen.json.error_description, 'The add-on aws is not configured: principal is missing');
  assert.equal(house.services.asked.length, 0);
});

test('AWS refuses, or says nonsense', async () => {
  const denied = [403, 'access_denied', 'The service of the add-on aws refused the request'];
  const addons = { aws: { principal: PRINCIPAL, role: ROLE } };
  const doctype = `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${STS_ANSWER}`;
  for (const body of ['', '{}', '<AssumeRoleWithSAMLResponse/>', doctype]) {
    Object.assign(house.services, { status: 200, body });
    assert.deepEqual(refusalOf(await ask(addons)), denied);
  }
  Object.assign(house.services, { status: 403, body: STS_ANSWER });
  assert.deepEqual(refusalOf(await ask(addons)), denied);
});

test('SAP: the user’s access token, for an assertion that the service account hands in', async () => {
  const answer = await askSap();
  assert.deepEqual([answer.status, answer.json], [200, SAP_TOKEN]);
  const [asked] = house.services.asked;
  assert.equal(asked?.url, SAP.tokenEndpointUrl);
  assert.equal(asked?.headers?.authorization, `Basic ${Buffer.from('GATEWAY:pass:word').toString('base64')}`);
  const { assertion: encoded = '', ...form } = formOf(asked);
  const grant_type = 'urn:ietf:params:oauth:grant-type:saml2-bearer';
  assert.deepEqual(form, { grant_type, client_id: 'GATEWAY', scope: 'ZLEAVE_0001' });
  const assertion = await readAssertion(Buffer.from(encoded, 'base64url').toString());
  assert.deepEqual(textOf(assertion, 'NameID'), [EMAIL]);
  assert.match(find(assertion, 'NameID')[0]?.attributes.Format ?? '', /:unspecified$/);
  assert.deepEqual(textOf(assertion, 'Audience'), [SAP.tokenEndpointUrl]);
  assert.equal(find(assertion, 'SubjectConfirmationData')[0]?.attributes.Recipient, SAP.tokenEndpointUrl);
  assert.deepEqual(attributesOf(assertion), { client_id: 'GATEWAY' });
});

test('SAP: names by another property and in another format; scope may be left out', async () => {
  await usersOf(house.server.ctx).put({ ...house.user, username: 'ADA' });
  const { scope: _scope, ...rest } = SAP;
  Object.assign(house.services, { status: 200, body: '{}' });
  const nameIdentifierFormat = 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress';
  await ask({ sap_api: { ...rest, usernameAttribute: 'username', nameIdentifierFormat } });
  const { assertion: encoded = '', ...form } = formOf(house.services.asked[0]);
  assert.equal('scope' in form, false);
  const [name] = find(await readAssertion(Buffer.from(encoded, 'base64url').toString()), 'NameID');
  assert.deepEqual([name?.text, name?.attributes.Format], ['ADA', nameIdentifierFormat]);
});

test('SAP: nothing is sent for who is not known there, or where something is missing', async () => {
  for (const name of ['clientid', 'usernameAttribute', 'tokenEndpointUrl', 'servicePassword'] as const) {
    const { [name]: _left, ...rest } = SAP;
    const refused = await ask({ sap_api: rest });
    assert.equal(refused.json.error_description, `The add-on sap_api is not configured: ${name} is missing`);
  }
  await usersOf(house.server.ctx).put({ ...house.user, email_verified: false });
  assert.equal((await askSap()).json.error_description, 'The email of the user is not verified');
  assert.equal(house.services.asked.length, 0);
});
