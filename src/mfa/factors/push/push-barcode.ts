import type { Context } from '../../../kernel/index.ts';
import type { User } from '../../../resources/users/index.ts';
import { accountLabel, tenantLabel } from '../../labels.ts';

/** Where Guardian apps find this server; the SDKs add the rest of the path. */
export function guardianBaseUrl(ctx: Context): string {
  return `${ctx.issuer}appliance-mfa`;
}

/** The URI behind the QR code that Guardian apps scan to enrol. */
export async function pushBarcode(ctx: Context, user: User, transaction: string): Promise<string> {
  const label = `${encodeURIComponent(await tenantLabel(ctx))}:${encodeURIComponent(accountLabel(user))}`;
  return `otpauth://totp/${label}?enrollment_tx_id=${transaction}&base_url=${encodeURIComponent(guardianBaseUrl(ctx))}`;
}
