/** The keys that a client brings along, wherever they stand: what each member of a credential decides. */
import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import { SignJWT } from 'jose';
import { issueCertificate } from '../certificates.ts';
import type { Answer } from '../server.ts';
import { type ClientHouse, clientHouse, type Made } from './client-house.ts';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const VAULT_GRANT = 'urn:auth0:params:oauth:grant-type:token-exchange:federated-connection-access-token';
const VAULT_TYPE = 'http://auth0.com/oauth/token-type/token-vault-access-token';

let house: ClientHouse;

before(async () => {
  house = await clientHouse();
});
after(() => house.close());
beforeEach(() => house.server.clock.reset());

type Sign = (typ: string, claims: object) => Promise<string>;

interface Holder {
  readonly body: (credentials: readonly object[]) => object;
  readonly shown: (client: Made) => readonly Record<string, unknown>[];
  /** Uses a key; was its signature taken? */
  readonly accepts: (client: Made, sign: Sign) => Promise<boolean>;
}

const now = () => Math.floor(house.server.clock.now() / 1000);
let serial = 0;
const own = ({ client_id }: Made) => ({ iss: client_id, aud: house.server.issuer, iat: now(), jti: `j${serial++}` });
const isOther = ({ json }: Answer, refusal: string) => !String(json.error_description).includes(refusal);

const HOLDERS: Readonly<Record<string, Holder>> = {
  private_key_jwt: {
    body: (credentials) => ({
      token_endpoint_auth_method: undefined,
      client_authentication_methods: { private_key_jwt: { credentials } },
    }),
    shown: (client) => client.client_authentication_methods.private_key_jwt.credentials,
    async accepts(client, sign) {
      const claims = { ...own(client), sub: client.client_id, exp: now() + 60 };
      const client_assertion = await sign('JWT', claims);
      const form = { client_assertion, client_assertion_type: ASSERTION_TYPE, grant_type: 'refresh_token' };
      return isOther(
        await house.server.post('/oauth/token', { form: { ...form, refresh_token: 'x' } }),
        'Unauthorized',
      );
    },
  },
  signed_request_object: {
    body: (credentials) => ({ signed_request_object: { required: true, credentials } }),
    shown: (client) => client.signed_request_object.credentials,
    async accepts(client, sign) {
      const asked = { client_id: client.client_id, response_type: 'code', redirect_uri: 'https://app.test/callback' };
      const request = await sign('oauth-authz-req+jwt', { ...own(client), ...asked });
      const reached = await house.begin(client, { request });
      return 'html' in reached && reached.path === '/u/login';
    },
  },
  token_vault_privileged_access: {
    body: (credentials) => ({
      token_vault_privileged_access: {
        credentials,
        ip_allowlist: ['192.0.2.9'],
        grants: [{ connection: 'cal', scopes: ['read'] }],
      },
      grant_types: [VAULT_GRANT],
    }),
    shown: (client) => client.token_vault_privileged_access.credentials,
    async accepts(client, sign) {
      const subject_token = await sign('token-vault-req+jwt', { ...own(client), sub: 'auth0|x', audit_context: 'why' });
      const types = {
        subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
        requested_token_type: VAULT_TYPE,
      };
      const { client_id, client_secret } = client;
      const form = { grant_type: VAULT_GRANT, client_id, client_secret, subject_token, connection: 'cal', ...types };
      const answer = await house.server.post('/oauth/token', { form, from: '192.0.2.9' });
      assert.equal(answer.status, 401, answer.text);
      return isOther(answer, 'the signature cannot be verified');
    },
  },
};

type Algorithm = 'RS256' | 'PS256' | 'ES256';
interface Pair {
  readonly pem: string;
  sign(alg: Algorithm, kid?: string): Sign;
}

const signer =
  (key: KeyObject) =>
  (alg: Algorithm, kid?: string): Sign =>
  (typ, claims) =>
    new SignJWT({ ...claims }).setProtectedHeader({ alg, typ, ...(kid === undefined ? {} : { kid }) }).sign(key);

function pair(): Pair {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { pem: publicKey.export({ type: 'spki', format: 'pem' }).toString(), sign: signer(privateKey) };
}

const keyed = (pem: string, more: object = {}) => ({ credential_type: 'public_key', pem, ...more });

for (const [name, { body, shown, accepts }] of Object.entries(HOLDERS)) {
  const create = (...credentials: object[]) => house.create(body(credentials));

  test(`${name}: a key signs by its own algorithm, and no other key does`, async () => {
    const [mine, foreign] = [pair(), pair()];
    const client = await create(keyed(mine.pem, { alg: 'PS256' }));
    assert.ok(await accepts(client, mine.sign('PS256')));
    assert.ok(!(await accepts(client, mine.sign('RS256'))));
    assert.ok(!(await accepts(client, foreign.sign('PS256'))));
    assert.ok(await accepts(await create(keyed(mine.pem)), mine.sign('RS256')), 'RS256 where nothing is said');
  });

  test(`${name}: the kid chooses between two keys`, async () => {
    const [first, second] = [pair(), pair()];
    const named = (key: Pair, kid: string) => keyed(key.pem, { kid });
    const client = await create(named(first, 'the-first-key'), named(second, 'the-second-key'));
    assert.ok(await accepts(client, first.sign('RS256', 'the-first-key')));
    assert.ok(await accepts(client, second.sign('RS256', 'the-second-key')));
    assert.ok(!(await accepts(client, first.sign('RS256', 'the-second-key'))));
  });

  test(`${name}: a key ends when it is said to, or when its certificate does`, async () => {
    const key = pair();
    const expires_at = new Date(house.server.clock.now() + 60_000).toISOString();
    const client = await create(keyed(key.pem, { expires_at }));
    const { cert, key: privateKey } = issueCertificate('signs', undefined, 100);
    const certified = keyed(cert, { alg: 'ES256', parse_expiry_from_cert: true });
    const other = await create(certified);
    const sign = signer(createPrivateKey(privateKey))('ES256');
    assert.ok((await accepts(client, key.sign('RS256'))) && (await accepts(other, sign)));
    house.server.clock.advance(61);
    assert.ok(!(await accepts(client, key.sign('RS256'))) && (await accepts(other, sign)));
    const end = Date.parse(new X509Certificate(cert).validTo);
    house.server.clock.advance((end - house.server.clock.now()) / 1000 + 1);
    assert.ok(!(await accepts(other, sign)));
  });

  test(`${name}: shown whole once, then by id; only keys, readable and long enough; two at most`, async () => {
    const key = pair();
    const made = await create(keyed(key.pem, { name: 'first' }));
    const [{ id, name: label, credential_type, alg, pem } = {} as never] = shown(made);
    assert.deepEqual([label, credential_type, alg, pem], ['first', 'public_key', 'RS256', undefined]);
    assert.deepEqual(shown(await house.read(made)), [{ id }]);
    const { json } = await house.manage('GET', `clients/${made.client_id}/credentials/${id}`);
    assert.equal(json.name, 'first');
    for (const credentials of [
      [keyed('nonsense')],
      [{ credential_type: 'x509_cert', pem: key.pem }],
      [1, 2, 3].map(() => keyed(pair().pem)),
    ]) {
      const { status } = await house.manage('POST', 'clients', { name: 'x', ...body(credentials) });
      assert.equal(status, 400);
    }
    const foreign = (await house.read(await create(keyed(key.pem)))) as Made;
    const { status } = await house.manage('PATCH', `clients/${made.client_id}`, body([...shown(foreign)]));
    assert.equal(status, 400, 'another client’s');
    const certificate = { credential_type: 'x509_cert', pem: issueCertificate('no key').cert };
    const added = await house.manage('POST', `clients/${made.client_id}/credentials`, certificate);
    assert.equal(added.status, 201, added.text);
    const kept = await house.read(made);
    const wrong = await house.manage('PATCH', `clients/${made.client_id}`, body([{ id: added.json.id }]));
    assert.match(wrong.json.message, /A credential of type x509_cert cannot be used for/);
    assert.deepEqual(await house.read(made), kept);
  });
}
