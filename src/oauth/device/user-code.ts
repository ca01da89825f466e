import type { Context } from '../../kernel/index.ts';
import { randomText } from '../../platform/crypto/index.ts';
import { type DeviceFlow, deviceFlowOf, tenantSettings } from '../../resources/tenant-settings/index.ts';

/** RFC 8628 §6.1: consonants only, so that no word comes out and no two look alike. */
const CHARACTERS: Readonly<Record<DeviceFlow['charset'], string>> = {
  base20: 'BCDFGHJKLMNPQRSTVWXZ',
  digits: '0123456789',
};

/** A new code in the tenant's form. */
export async function newUserCode(ctx: Context): Promise<string> {
  const { charset, mask } = deviceFlowOf(await tenantSettings(ctx));
  const drawn = randomText(ctx.random, CHARACTERS[charset], mask.split('*').length - 1);
  let next = 0;
  return mask.replace(/\*/g, () => drawn.charAt(next++));
}

/** Keyed digest of a code, however it was typed: capitals, hyphens and spaces mean nothing (RFC 8628 §6.1). */
export function digestUserCode(ctx: Context, code: string): string {
  const typed = code.toUpperCase().replace(/[^A-Z0-9]/g, '');
  return ctx.sealer.digest(typed, `${ctx.tenant.id}:deferred_authorizations:user_code`);
}
