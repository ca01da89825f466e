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
  return fillMask(mask, randomText(ctx.random, CHARACTERS[charset], lengthOf(mask)));
}

const lengthOf = (mask: string) => mask.split('*').length - 1;

function fillMask(mask: string, characters: string): string {
  let next = 0;
  return mask.replace(/\*/g, () => characters.charAt(next++));
}

/** Capitals, hyphens and spaces mean nothing (RFC 8628 §6.1). */
const essence = (code: string) => code.toUpperCase().replace(/[^A-Z0-9]/g, '');

/** A code that was typed, as devices show it. Codes of a mask that the tenant no longer has stay without one. */
export async function formatUserCode(ctx: Context, typed: string): Promise<string> {
  const { mask } = deviceFlowOf(await tenantSettings(ctx));
  const code = essence(typed);
  return code.length === lengthOf(mask) ? fillMask(mask, code) : code;
}

/** Keyed digest of a code, however it was typed. */
export function digestUserCode(ctx: Context, code: string): string {
  return ctx.sealer.digest(essence(code), `${ctx.tenant.id}:deferred_authorizations:user_code`);
}
