import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProver } from '../../../test/dpop.ts';
import { readDpopProof } from './dpop-proof.ts';
import { JwtRefused } from './jwt-verification.ts';

const NOW = Date.parse('2026-01-15T10:00:00.000Z');
const URL = 'https://tenant.test/oauth/token';
const prover = createProver({ now: () => NOW });

test('a proof says who made it, and for what', async () => {
  const proof = await readDpopProof(prover.proof(URL, { nonce: 'n', token: 't', claims: { jti: 'one' } }), NOW);
  const { ath, ...rest } = proof;
  assert.deepEqual(rest, { jkt: prover.jkt, jti: 'one', htm: 'POST', htu: URL, iat: NOW / 1000, nonce: 'n' });
  assert.match(ath ?? '', /^[A-Za-z0-9_-]{43}$/);
});

test('claims of another type are refused, the optional ones too', async () => {
  const wrong = [{ jti: 1 }, { jti: '' }, { htm: ['POST'] }, { htu: {} }, { iat: null }, { ath: 5 }, { nonce: ['n'] }];
  for (const claims of wrong) {
    await assert.rejects(readDpopProof(prover.proof(URL, { claims }), NOW), JwtRefused, JSON.stringify(claims));
  }
});

test('a signature by another key, or that was bent, is refused', async () => {
  const proof = prover.proof(URL);
  const other = prover.proof(URL, { signedBy: createProver({ now: () => NOW }).privateKey });
  const [header, payload, signature = ''] = proof.split('.');
  const zero = Buffer.alloc(64).toString('base64url');
  const bent = [other, `${header}.${payload}.${zero}`, `${header}.${payload}.${signature}=`, `${header}.${payload}.`];
  for (const text of bent) await assert.rejects(readDpopProof(text, NOW), JwtRefused);
});
