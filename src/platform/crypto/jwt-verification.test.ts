import assert from 'node:assert/strict';
import { createHmac, createPublicKey, createSecretKey, generateKeyPairSync } from 'node:crypto';
import { before, test } from 'node:test';
import { seededRandom } from '../../kernel/index.ts';
import {
  generateSigningKey,
  importPublicKey,
  importSigner,
  type JWK,
  JwtRefused,
  type SigningKeyMaterial,
  signJwt,
  type VerifyJwtOptions,
  verifyJwt,
} from './index.ts';

const NOW = Date.UTC(2026, 10, 22);
const SECONDS = NOW / 1000;
const CLAIMS = { iss: 'https://acme.test/', aud: ['api', 'userinfo'], iat: SECONDS, exp: SECONDS + 60 };
let rsa: SigningKeyMaterial;
let other: SigningKeyMaterial;
let jwk: JWK;

before(async () => {
  rsa = await generateSigningKey({ commonName: 'acme.test', now: NOW, random: seededRandom('one') });
  other = await generateSigningKey({ commonName: 'acme.test', now: NOW, random: seededRandom('two') });
  jwk = { ...rsa.publicJwk, x5c: [...rsa.publicJwk.x5c] };
});

const sign = (claims: Record<string, unknown>, typ = 'JWT') =>
  signJwt(importSigner(rsa.privateKeyPem, rsa.kid, 'RS256'), claims, { typ });

const verifyWith = (token: string, options: Partial<VerifyJwtOptions> = {}) =>
  verifyJwt(token, { keys: [jwk], algorithms: ['RS256'], nowMs: NOW, ...options });

async function assertRefused(reason: string, verifying: Promise<unknown>, message?: string): Promise<void> {
  await assert.rejects(verifying, (error) => error instanceof JwtRefused && error.reason === reason, message);
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

test('RFC 7515 appendix A.1: HS256 with the key of the example', async () => {
  const token =
    'eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
  const key = Buffer.from(
    'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow',
    'base64url',
  );
  const options = { algorithms: ['HS256'], nowMs: 1_300_819_379_000 } as const;
  const { payload } = await verifyJwt(token, { ...options, keys: () => key });
  assert.deepEqual(payload, { iss: 'joe', exp: 1300819380, 'http://example.com/is_root': true });
  await verifyJwt(token, { ...options, keys: () => createSecretKey(key) });
  await assertRefused('signature', verifyJwt(token, { ...options, keys: () => Buffer.from('another') }));
});

test('a good token gives header and payload', async () => {
  const { header, payload } = await verifyWith(await sign(CLAIMS), { issuer: 'https://acme.test/', audience: 'api' });
  assert.deepEqual(header, { alg: 'RS256', typ: 'JWT', kid: rsa.kid });
  assert.deepEqual(payload, CLAIMS);
});

test('each claim is refused for its own reason', async () => {
  const token = await sign({ ...CLAIMS, nbf: SECONDS });
  await assertRefused('issuer', verifyWith(token, { issuer: 'https://acme.test' }));
  await assertRefused('issuer', verifyWith(await sign({ aud: 'api' }), { issuer: 'https://acme.test/' }));
  await assertRefused('audience', verifyWith(token, { audience: ['ap', 'api2'] }));
  await assertRefused('audience', verifyWith(await sign({ iss: 'x' }), { audience: 'api' }));
  await assertRefused('typ', verifyWith(token, { typ: 'at+jwt' }));
  await assertRefused('expired', verifyWith(token, { nowMs: NOW + 60_000 }));
  await assertRefused('not_yet_valid', verifyWith(token, { nowMs: NOW - 1000 }));
  await assertRefused('malformed', verifyWith(await sign({ exp: 'tomorrow' })));
});

test('the tolerance moves both ends', async () => {
  const token = await sign({ ...CLAIMS, nbf: SECONDS });
  await verifyWith(token, { nowMs: NOW + 69_000, clockToleranceSec: 10 });
  await verifyWith(token, { nowMs: NOW - 10_000, clockToleranceSec: 10 });
  await assertRefused('expired', verifyWith(token, { nowMs: NOW + 70_000, clockToleranceSec: 10 }));
  await assertRefused('not_yet_valid', verifyWith(token, { nowMs: NOW - 11_000, clockToleranceSec: 10 }));
});

test('typ is compared as a media type', async () => {
  const token = await sign(CLAIMS, 'at+jwt');
  await verifyWith(token, { typ: 'application/AT+JWT' });
  await assertRefused('typ', verifyWith(token, { typ: 'JWT' }));
});

test('a changed token, or one of another key, is refused', async () => {
  const token = await sign(CLAIMS);
  const [header, , signature] = token.split('.');
  await assertRefused('signature', verifyWith(`${header}.${encode({ ...CLAIMS, sub: 'admin' })}.${signature}`));
  const foreign = await signJwt(importSigner(other.privateKeyPem, rsa.kid, 'RS256'), CLAIMS);
  await assertRefused('signature', verifyWith(foreign));
  await assertRefused('signature', verifyWith(token, { keys: [] }));
  await assertRefused('signature', verifyWith(token, { keys: [{ ...jwk, kid: 'other' }] }));
  await assertRefused('signature', verifyWith(token, { keys: [{ ...jwk, use: 'enc' }] }));
  await assertRefused('signature', verifyWith(token, { keys: () => undefined }));
});

test('without a kid every fitting key is tried', async () => {
  const token = await signJwt(importSigner(rsa.privateKeyPem, undefined, 'RS256'), CLAIMS);
  const foreign = { ...other.publicJwk, x5c: [...other.publicJwk.x5c] };
  await verifyWith(token, { keys: [{ kty: 'RSA', n: '!', e: 'AQAB' }, foreign, jwk] });
  await assertRefused('signature', verifyWith(token, { keys: [foreign] }));
});

test('none is refused, in every spelling and even when asked for', async () => {
  for (const alg of ['none', 'None', 'NONE', '', undefined, null, ['RS256']]) {
    const unsigned = `${encode({ alg, typ: 'JWT' })}.${encode(CLAIMS)}`;
    await assert.rejects(verifyWith(`${unsigned}.`), JwtRefused);
    await assertRefused('signature', verifyWith(`${unsigned}.AAAA`), String(alg));
  }
  const token = `${encode({ alg: 'none' })}.${encode(CLAIMS)}.AAAA`;
  await assertRefused('signature', verifyWith(token, { algorithms: ['none' as 'RS256'] }));
});

test('a public key is never an HMAC secret', async () => {
  const input = `${encode({ alg: 'HS256', kid: rsa.kid })}.${encode(CLAIMS)}`;
  const publicKey = createPublicKey(rsa.cert);
  const spki = publicKey.export({ type: 'spki', format: 'pem' });
  const forged = `${input}.${createHmac('sha256', spki).update(input).digest('base64url')}`;
  await assertRefused('signature', verifyWith(forged));
  await assertRefused('signature', verifyWith(forged, { algorithms: ['HS256', 'RS256'] }));
  await assertRefused('signature', verifyWith(forged, { algorithms: ['HS256'], keys: () => publicKey }));
  await assertRefused('signature', verifyWith(forged, { algorithms: ['HS256'], keys: [{ kty: 'oct', k: 'AAAA' }] }));
});

test('a secret or a private key does not verify signatures', async () => {
  const token = await sign(CLAIMS);
  await assertRefused('signature', verifyWith(token, { keys: () => Buffer.from('secret') }));
  await assertRefused('signature', verifyWith(token, { keys: [{ ...jwk, d: 'AQAB' }] }));
});

test('an algorithm that was not allowed is refused though the key could do it', async () => {
  const token = await signJwt(importSigner(rsa.privateKeyPem, rsa.kid, 'PS256'), CLAIMS);
  await assertRefused('signature', verifyWith(token));
  await assertRefused('signature', verifyWith(token, { algorithms: ['PS256'] }), 'the JWK says RS256');
  await verifyWith(token, { algorithms: ['PS256'], keys: () => importPublicKey(rsa.cert) });
});

test('a key on another curve, or too small, is refused', async () => {
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const small = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const pem = small.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const token = await signJwt(importSigner(pem, undefined, 'RS256'), CLAIMS);
  await assertRefused('signature', verifyWith(token, { keys: [small.publicKey.export({ format: 'jwk' }) as JWK] }));
  const es256 = `${encode({ alg: 'ES256' })}.${encode(CLAIMS)}.${'A'.repeat(86)}`;
  await assertRefused('signature', verifyWith(es256, { algorithms: ['ES256'], keys: () => p384.publicKey }));
});

test('keys in the header have no say', async () => {
  const attacker = { ...other.publicJwk, x5c: [...other.publicJwk.x5c] };
  const signer = importSigner(other.privateKeyPem, rsa.kid, 'RS256');
  for (const extraHeader of [
    { jwk: attacker },
    { jku: 'https://evil.test/jwks' },
    { x5u: 'https://evil.test/' },
    { x5c: attacker.x5c },
  ]) {
    await assertRefused('signature', verifyWith(await signJwt(signer, CLAIMS, { extraHeader })));
  }
});

test('critical extensions are refused', async () => {
  const signer = importSigner(rsa.privateKeyPem, rsa.kid, 'RS256');
  for (const extraHeader of [{ crit: ['exp'], exp: 1 }, { crit: ['b64'], b64: false }, { crit: [] }]) {
    await assertRefused('malformed', verifyWith(await signJwt(signer, CLAIMS, { extraHeader })));
  }
});

test('one signature has one spelling', async () => {
  const token = await sign(CLAIMS);
  // 256 bytes leave four unused bits in the last character.
  const respelt = token.slice(0, -1) + String.fromCharCode(token.charCodeAt(token.length - 1) + 1);
  for (const text of [respelt, `${token}=`, `${token} `, `${token}\n`, token.replace('.', '..'), `${token}.`]) {
    await assertRefused('malformed', verifyWith(text), text.slice(-4));
  }
});

test('what is no JWT is malformed', async () => {
  const nested = `${encode([])}.${encode({})}.AAAA`;
  for (const text of ['', '.', '..', 'a.b.c', 'e30.e30', nested, `${'A'.repeat(70_000)}.e30.AAAA`]) {
    await assertRefused('malformed', verifyWith(text), text.slice(0, 20));
  }
  await assertRefused('malformed', verifyWith(await sign([] as unknown as Record<string, unknown>)));
});

test('what the key function throws passes through', async () => {
  const token = await sign(CLAIMS);
  const keys = () => Promise.reject(new RangeError('no such client'));
  await assert.rejects(verifyWith(token, { keys }), RangeError);
});
