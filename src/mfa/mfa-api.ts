import type { Context } from '../kernel/index.ts';

/** What the MFA API lets its access tokens do. */
export const MFA_API_SCOPES = ['enroll', 'read:authenticators', 'remove:authenticators'] as const;

/** The MFA API's audience as it stands in tokens: made of the canonical issuer, whatever domain the request arrived at. */
export function mfaAudience(ctx: Context): string {
  return `${ctx.canonicalIssuer}mfa/`;
}

/** Every way in which the MFA API is written as an audience: people leave the last slash out, and name the domain they log in at. */
export function mfaAudiences(ctx: Context): string[] {
  const slashed = [...new Set([mfaAudience(ctx), `${ctx.issuer}mfa/`])];
  return [...slashed, ...slashed.map((audience) => audience.slice(0, -1))];
}

/** Does `audience` name the MFA API? */
export function isMfaApi(ctx: Context, audience: string): boolean {
  return mfaAudiences(ctx).includes(audience);
}
