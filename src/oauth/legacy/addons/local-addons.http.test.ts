/** Add-ons whose keys are made here, asked for at `/delegation`: Firebase, Azure Service Bus, Azure Blob Storage, Layer. */
import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import { jwtVerify } from 'jose';
import { type DelegationHouse, delegationHouse } from '../../../../test/delegation-house.ts';
import { EMAIL, logTypes, refusalOf } from '../../../../test/token-fixture.ts';
import { usersOf } from '../../../resources/users/index.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PEM = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const ACCOUNT = 'robot@project.iam.gserviceaccount.com';
const FIREBASE = { private_key: PEM, private_key_id: 'key-1', client_email: ACCOUNT, lifetime_in_seconds: 600 };
const BUS = { namespace: 'acme-org', sasKeyName: 'RootManage Key', sasKey: 'c2VjcmV0', entityPath: 'my_queue' };
const LAYER = { providerId: 'layer:///providers/1', keyId: 'layer:///keys/1', privateKey: PEM };
/** Bytes 0 to 63. */
const BLOB_KEY = Buffer.from(Array.from({ length: 64 }, (_, byte) => byte)).toString('base64');
const BLOB = { accountName: 'acme', storageAccessKey: BLOB_KEY, containerName: 'pictures' };
const CONTAINER_RIGHTS = { container_read: true, container_write: true, container_delete: true, container_list: true };

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
const seconds = () => Math.floor(house.server.clock.now() / 1000);
const notConfigured = (text: string) => [400, 'invalid_request', `The add-on ${text}`];

test('Firebase: a custom token of the service account, for the user, with what the scopes release', async () => {
  const answer = await ask({ firebase: FIREBASE }, { scope: 'openid email' });
  assert.deepEqual([answer.status, Object.keys(answer.json)], [200, ['id_token']]);
  const at = { currentDate: new Date(house.server.clock.now()) };
  const { payload, protectedHeader } = await jwtVerify(answer.json.id_token, publicKey, at);
  assert.deepEqual([protectedHeader.alg, protectedHeader.kid], ['RS256', 'key-1']);
  assert.deepEqual(payload, {
    iss: ACCOUNT,
    sub: ACCOUNT,
    aud: 'https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit',
    iat: seconds(),
    exp: seconds() + 600,
    uid: house.user.user_id,
    claims: { email: EMAIL, email_verified: true },
  });
  assert.ok((await logTypes(house.server)).includes('sd'));
  const { lifetime_in_seconds: _minutes, private_key_id: _kid, ...least } = FIREBASE;
  const plain = await jwtVerify((await ask({ firebase: least })).json.id_token, publicKey, at);
  assert.deepEqual(
    [plain.payload.exp, plain.payload.claims, plain.protectedHeader.kid],
    [seconds() + 3600, undefined, undefined],
  );
});

test('Firebase of SDK 2: signed with the secret of the database', async () => {
  const answer = await ask({ firebase: { secret: 'the old secret' } });
  const secret = new TextEncoder().encode('the old secret');
  const { payload, protectedHeader } = await jwtVerify(answer.json.id_token, secret, {
    currentDate: new Date(house.server.clock.now()),
  });
  assert.equal(protectedHeader.alg, 'HS256');
  assert.deepEqual(payload, { v: 0, iat: seconds(), exp: seconds() + 3600, d: { uid: house.user.user_id } });
});

test('Azure Service Bus: a Shared Access Signature of the entity', async () => {
  for (const [settings, minutes] of [
    [BUS, 5],
    [{ ...BUS, expiration: 90 }, 90],
  ] as const) {
    const { azure_sb_sas: sas } = (await ask({ azure_sb: settings })).json;
    const ends = seconds() + minutes * 60;
    const resource = 'http%3A%2F%2Facme-org.servicebus.windows.net%2Fmy_queue';
    const signature = createHmac('sha256', 'c2VjcmV0').update(`${resource}\n${ends}`).digest('base64');
    assert.match(sas, /^SharedAccessSignature sig=/);
    const query = new URLSearchParams(sas.slice('SharedAccessSignature '.length));
    assert.deepEqual(Object.fromEntries(query), {
      sig: signature,
      se: String(ends),
      skn: 'RootManage Key',
      sr: 'http://acme-org.servicebus.windows.net/my_queue',
    });
    assert.ok(sas.endsWith(`&sr=${resource}`));
  }
});

/** Signatures that Microsoft's azure-storage-blob for Python makes of the same settings and times, by the rules of 2020-12-06. */
test('Azure Blob Storage: a Shared Access Signature of a blob, a container, or by a stored policy', async () => {
  house.server.clock.reset();
  id_token = (await house.login()).id_token;
  const times = { st: '2026-01-15T10:00:00Z', se: '2026-01-15T10:05:00Z' };
  const common = { spr: 'https', sv: '2020-12-06' };
  const read = async (settings: object) => {
    const { azure_blob_sas: sas } = (await ask({ azure_blob: { ...BLOB, ...settings } })).json;
    return Object.fromEntries(new URLSearchParams(sas));
  };
  const blob = { blobName: 'ada lovelace/1.png', blob_read: true, blob_write: true, blob_delete: true };
  const sig = 'Xhl/0GbYiu7vU7c1vNm3aPeI+8HUqSKL4bYgeYFpZjI=';
  assert.deepEqual(await read({ ...blob, ...CONTAINER_RIGHTS }), { ...times, sp: 'rwd', ...common, sr: 'b', sig });
  assert.deepEqual(await read({ ...CONTAINER_RIGHTS, blob_read: true }), {
    ...times,
    sp: 'rwdl',
    ...common,
    sr: 'c',
    sig: 'KLJtMGXIysyPJV5vzQNTwcZV1jSsw0YjW2SI5d3Y/wc=',
  });
  assert.deepEqual(await read({ signedIdentifier: 'readers' }), {
    ...times,
    si: 'readers',
    ...common,
    sr: 'c',
    sig: 'IYtBxx6mUoweWAaf5TUJPQgxlXpgSTDHBK/QOYoxflw=',
  });
  const few = await read({ ...blob, blob_write: false, blob_delete: false, expiration: 60 });
  assert.deepEqual([few.sp, few.se], ['r', '2026-01-15T11:00:00Z']);
});

test('Layer: an identity token with the nonce of the application', async () => {
  const at = { currentDate: new Date(house.server.clock.now()) };
  const answer = await ask({ layer: LAYER }, { nonce: 'of-layer' });
  const { payload, protectedHeader } = await jwtVerify(answer.json.id_token, publicKey, at);
  assert.deepEqual(protectedHeader, { alg: 'RS256', typ: 'JWT', kid: LAYER.keyId, cty: 'layer-eit;v=1' });
  const claims = { iss: LAYER.providerId, iat: seconds(), nce: 'of-layer' };
  assert.deepEqual(payload, { ...claims, prn: house.user.user_id, exp: seconds() + 300 });
  const chosen = { layer: { ...LAYER, principal: 'email', expiration: 30 } };
  const named = await jwtVerify((await ask(chosen, { nonce: 'of-layer' })).json.id_token, publicKey, at);
  assert.deepEqual(named.payload, { ...claims, prn: EMAIL, exp: seconds() + 1800 });
  assert.deepEqual(refusalOf(await ask({ layer: LAYER })), [400, 'invalid_request', 'missing nonce parameter']);
});

test('nobody is somebody else by an address that they have not proved', async () => {
  await usersOf(house.server.ctx).put({ ...house.user, email_verified: false });
  const refused = await ask({ layer: { ...LAYER, principal: 'email' } }, { nonce: 'n' });
  assert.deepEqual(refusalOf(refused), [403, 'access_denied', 'The email of the user is not verified']);
  for (const principal of ['username', 'user_metadata', 'identities', 'constructor']) {
    const absent = await ask({ layer: { ...LAYER, principal } }, { nonce: 'n' });
    assert.deepEqual(refusalOf(absent), [403, 'access_denied', `The user has no ${principal}`]);
  }
});

test('settings that no key can be made of', async () => {
  const cases: readonly [object, string][] = [
    [{ firebase: {} }, 'firebase is not configured: client_email is missing'],
    [{ firebase: { client_email: ACCOUNT } }, 'firebase is not configured: private_key is missing'],
    [{ firebase: { ...FIREBASE, private_key: 'wer' } }, 'firebase is not configured: private_key cannot be read'],
    [
      { azure_sb: { ...BUS, namespace: 'evil.test/#' } },
      'azure_sb is not configured: namespace is no name of a Service Bus',
    ],
    [{ azure_sb: {} }, 'azure_sb is not configured: namespace is missing'],
    [{ azure_blob: BLOB }, 'azure_blob is not configured: it permits nothing'],
    [{ azure_blob: { ...CONTAINER_RIGHTS } }, 'azure_blob is not configured: accountName is missing'],
    [{ layer: { ...LAYER, privateKey: 'none' } }, 'layer is not configured: privateKey cannot be read'],
  ];
  for (const [addons, text] of cases) {
    house.server.clock.advance(60);
    assert.deepEqual(refusalOf(await ask(addons, { nonce: 'n' })), notConfigured(text));
  }
});
