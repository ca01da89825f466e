import type { Context } from '../../kernel/index.ts';
import type { GuardianSettings } from './guardian.store.ts';

const tokenContext = (ctx: Context) => `${ctx.tenant.id}:guardian:twilio:auth_token`;

/** The stored form of the Twilio account's token. */
export function sealTwilioToken(ctx: Context, token: string): string {
  return ctx.sealer.seal(token, tokenContext(ctx));
}

/** The Twilio account's token in clear, or undefined when none is set. */
export function openTwilioToken(ctx: Context, settings: GuardianSettings): string | undefined {
  const sealed = settings.twilio?.auth_token_sealed;
  return sealed === undefined ? undefined : ctx.sealer.open(sealed, tokenContext(ctx));
}
