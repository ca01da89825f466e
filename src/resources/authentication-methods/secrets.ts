import { type Context, prefixedId } from '../../kernel/index.ts';
import type { Authenticator } from './authenticator.store.ts';

/** `dev_` + 16, as every authenticator is called. */
export function newAuthenticatorId(ctx: Context): string {
  return prefixedId(ctx.random, 'dev_');
}

const secretContext = (ctx: Context, id: string) => `${ctx.tenant.id}:authenticators:${id}:secret`;

/** The stored form of a one-time-password secret (base32) of the authenticator `id`. */
export function sealOtpSecret(ctx: Context, id: string, secret: string): string {
  return ctx.sealer.seal(secret, secretContext(ctx, id));
}

/** The one-time-password secret (base32) of `authenticator`, or undefined when its kind has none. */
export function openOtpSecret(ctx: Context, authenticator: Authenticator): string | undefined {
  if (authenticator.secret_sealed === undefined) return undefined;
  return ctx.sealer.open(authenticator.secret_sealed, secretContext(ctx, authenticator.id));
}

/** The stored form of a recovery code of `userId`; spaces and dashes that people type, and case, do not matter. */
export function digestRecoveryCode(ctx: Context, userId: string, code: string): string {
  const typed = code.replace(/[\s-]/g, '').toUpperCase();
  return ctx.sealer.digest(typed, `${ctx.tenant.id}:authenticators:${userId}:recovery-code`);
}
