import type { Context } from '../kernel/index.ts';
import { tenantSettings } from '../resources/tenant-settings/index.ts';
import type { User } from '../resources/users/index.ts';

/** What people know the tenant by. */
export async function tenantLabel(ctx: Context): Promise<string> {
  return (await tenantSettings(ctx)).friendly_name || ctx.tenant.name;
}

/** The language that the tenant speaks first. */
export async function tenantLanguage(ctx: Context): Promise<string> {
  return (await tenantSettings(ctx)).enabled_locales[0] ?? 'en';
}

/** What people know their account by. */
export function accountLabel(user: User): string {
  return user.email ?? user.username ?? user.phone_number ?? user.name ?? user.user_id;
}
