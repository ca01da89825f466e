import type { Confirmation, Context } from '../../kernel/index.ts';
import { type JwtMembers, safeEqual } from '../../platform/crypto/index.ts';
import { certificateThumbprint } from './client-certificate.ts';
import { proveKey } from './dpop.ts';
import { PossessionRefused } from './possession-refused.ts';

/** How an access token came along. */
export interface PresentedToken {
  readonly token: string;
  readonly scheme: 'bearer' | 'dpop';
  /** Its proof. */
  readonly dpop: string | undefined;
}

/** Does what was proved include the key that something is `bound` to? Nothing is bound to no key. */
export function isHeldBy(bound: Confirmation, proved: Confirmation | undefined): boolean {
  const members = ['jkt', 'x5t#S256'] as const;
  return members.every((name) => bound[name] === undefined || safeEqual(bound[name], proved?.[name] ?? ''));
}

/** What `claims` say in `cnf` (RFC 7800 §3.1); undefined where the token is bound to nothing. */
export function confirmationIn(claims: JwtMembers): Confirmation | undefined {
  const { cnf } = claims;
  return typeof cnf === 'object' && cnf !== null ? (cnf as Confirmation) : undefined;
}

/**
 * Lets nobody use a bound access token but the holder of its key (RFC 9449 §7.1, RFC 8705 §3). A token bound to a DPoP key comes under
 * the scheme `DPoP` with a proof; one that is bound to a certificate comes over a connection that showed it, under either scheme.
 *
 * @throws PossessionRefused invalid_token, invalid_dpop_proof
 */
export async function requirePossession(ctx: Context, claims: JwtMembers, presented: PresentedToken): Promise<void> {
  const bound = confirmationIn(claims);
  if (!bound) {
    if (presented.scheme === 'dpop') throw invalidToken('The access token is not bound to a key');
    return;
  }
  if (bound.jkt === undefined && bound['x5t#S256'] === undefined) throw invalidToken('Unknown kind of confirmation');
  if (bound.jkt !== undefined && presented.scheme !== 'dpop') throw invalidToken('The access token needs a DPoP proof');
  const thumbprint = certificateThumbprint(ctx);
  const proved: Confirmation = {
    ...(bound.jkt === undefined ? {} : { jkt: await provePresented(ctx, presented) }),
    ...(thumbprint === undefined ? {} : { 'x5t#S256': thumbprint }),
  };
  if (isHeldBy(bound, proved)) return;
  if (bound.jkt === undefined) throw invalidToken('The access token is bound to another certificate', 'Bearer');
  throw invalidToken('The access token is bound to another key');
}

function provePresented(ctx: Context, { dpop, token }: PresentedToken): Promise<string> {
  if (dpop === undefined) throw new PossessionRefused('invalid_dpop_proof', 'Missing DPoP proof');
  return proveKey(ctx, dpop, { token });
}

function invalidToken(description: string, scheme?: 'Bearer'): PossessionRefused {
  return new PossessionRefused('invalid_token', description, scheme);
}

/** The token of an `Authorization` header, under the scheme `Bearer` or `DPoP`; undefined when it cannot be read. */
export function readAuthorization(headers: Readonly<Record<string, string | undefined>>): PresentedToken | undefined {
  const [, scheme = '', token] = /^(bearer|dpop) +([^\s,]+) *$/i.exec(headers.authorization ?? '') ?? [];
  if (token === undefined) return undefined;
  return { token, scheme: scheme.toLowerCase() as PresentedToken['scheme'], dpop: headers.dpop };
}
