import { type Context, isFailure } from '../../kernel/index.ts';
import {
  type DpopProof,
  hashToken,
  type JwtRefusal,
  JwtRefused,
  readDpopProof,
  safeEqual,
} from '../../platform/crypto/index.ts';
import { MTLS_ALIAS } from '../../platform/storage/index.ts';
import { isLivingNonce } from './dpop-nonce.ts';
import { PossessionRefused } from './possession-refused.ts';
import { isSameResource } from './same-resource.ts';
import { usedProofsCollection } from './used-proof.store.ts';

/** Proofs are made for one request: older ones are refused, as are those of clocks that are further ahead than this. */
const OLDEST_S = 300;
const SKEW_S = 30;

/** What a proof must be made for besides the request. */
export interface ExpectedProof {
  /** The access token that it comes with: `ath` must be its hash. */
  readonly token?: string;
  /** Whether it must carry a nonce of ours. */
  readonly nonce?: 'required';
}

/** For the client; what exactly was wrong with a JWT is nobody's business. */
const REASONS: Partial<Record<JwtRefusal, string>> = {
  signature: 'it is not signed with ES256 by the key in its header',
  expired: 'it has expired',
  not_yet_valid: 'it is from the future',
  typ: 'typ must be dpop+jwt',
};

const refused = (why: string) => new PossessionRefused('invalid_dpop_proof', `Invalid DPoP proof: ${why}`);

/**
 * Checks the `DPoP` header of the request that `ctx` serves (RFC 9449 §4.3) and takes note of it, so that it cannot come again.
 *
 * @returns the thumbprint of the key that was proved
 * @throws PossessionRefused invalid_dpop_proof, use_dpop_nonce
 */
export async function proveKey(ctx: Context, header: string, expected: ExpectedProof = {}): Promise<string> {
  const proof = await readProof(ctx, header);
  requireThisRequest(ctx, proof);
  requireNow(ctx, proof);
  if (expected.token !== undefined && !safeEqual(proof.ath ?? '', hashToken(expected.token)))
    throw refused('ath is not the hash of the access token');
  if (expected.nonce === 'required' && !isLivingNonce(ctx, proof.nonce ?? ''))
    throw new PossessionRefused('use_dpop_nonce', 'Authorization server requires nonce in DPoP proof');
  await spendProof(ctx, proof);
  return proof.jkt;
}

async function readProof(ctx: Context, header: string): Promise<DpopProof> {
  // Node joins repeated headers with commas; RFC 9449 §4.3 wants exactly one.
  if (header.includes(',')) throw refused('more than one DPoP header');
  try {
    return await readDpopProof(header, ctx.clock.now());
  } catch (error) {
    if (error instanceof JwtRefused) throw refused(REASONS[error.reason] ?? 'it is malformed');
    throw error;
  }
}

function requireThisRequest(ctx: Context, { htm, htu }: DpopProof): void {
  const { call } = ctx.caller;
  if (!call || htm !== call.method) throw refused('htm is not the method of the request');
  const url = new URL(call.target, ctx.issuer);
  const alias = new URL(url.href.replace('://', `://${MTLS_ALIAS}`));
  if (![url, alias].some((one) => isSameResource(htu, one))) throw refused('htu is not the URL of the request');
}

function requireNow(ctx: Context, { iat }: DpopProof): void {
  const now = ctx.clock.now() / 1000;
  if (iat - SKEW_S > now) throw refused('iat is in the future');
  if (iat + OLDEST_S < now) throw refused('iat is too long ago');
}

async function spendProof(ctx: Context, { jkt, jti, iat }: DpopProof): Promise<void> {
  const used = { id: hashToken(`${jkt}\n${jti}`), expires_at: (Math.ceil(iat) + OLDEST_S + 1) * 1000 };
  try {
    await ctx.store.collection(usedProofsCollection).insert(used);
  } catch (error) {
    if (isFailure(error, 'duplicate')) throw refused('jti was used before');
    throw error;
  }
}
