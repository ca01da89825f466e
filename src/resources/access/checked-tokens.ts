import type { Context } from '../../kernel/index.ts';
import { hashToken, type JWK, type JwtMembers, JwtRefused, verifyJwt } from '../../platform/crypto/index.ts';
import { publicKeys } from '../keys/index.ts';

/** Tokens that are remembered for each set of keys. */
const MOST = 1000;

/** Claims of tokens by the keys that verified them: once a key comes or goes, the set is another and nothing is remembered. */
const checked = new WeakMap<readonly JWK[], Map<string, JwtMembers>>();

function rememberedFor(keys: readonly JWK[]): Map<string, JwtMembers> {
  const remembered = checked.get(keys) ?? new Map<string, JwtMembers>();
  checked.set(keys, remembered);
  return remembered;
}

function requireUnexpired(claims: JwtMembers, nowMs: number): JwtMembers {
  if (typeof claims.exp !== 'number') throw new JwtRefused('malformed', 'it never expires');
  if (claims.exp * 1000 <= nowMs) throw new JwtRefused('expired', 'expired since it was checked');
  return claims;
}

/**
 * The claims of an RS256 access token for `audience`, signed by a key of this tenant that is not revoked. A client uses one token for
 * many calls, so its signature is checked once and its expiry every time. Throws JwtRefused.
 */
export async function checkToken(ctx: Context, token: string, audience: string): Promise<JwtMembers> {
  const keys = await publicKeys(ctx);
  const remembered = rememberedFor(keys);
  const name = hashToken(`${audience} ${token}`);
  const nowMs = ctx.clock.now();
  const known = remembered.get(name);
  if (known) return requireUnexpired(known, nowMs);
  const { payload } = await verifyJwt(token, { keys, algorithms: ['RS256'], audience, nowMs });
  requireUnexpired(payload, nowMs);
  if (remembered.size >= MOST) remembered.clear();
  remembered.set(name, payload);
  return payload;
}
