import type { Context } from '../../kernel/index.ts';
import { requireShowablePages } from './classic-pages.ts';
import { requireDeviceFlow } from './device-flow.ts';
import { requireOffered } from './refusals.ts';
import type { SettingsChange } from './settings.schema.ts';
import { type TenantSettings, tenantSettings, tenantSettingsCollection } from './settings.store.ts';

type Members = Readonly<Record<string, unknown>>;

/** Members that are merged with what was there; all others are replaced. */
const MERGED = new Set(['flags', 'change_password', 'guardian_mfa_page', 'universal_login', 'oidc_logout']);
/** Members that the empty text removes. */
const REMOVED_WHEN_EMPTY = new Set(['default_redirection_uri']);
const MINUTES = /_in_minutes$/;

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function mergeMember(name: string, before: unknown, sent: unknown): unknown {
  if (!MERGED.has(name) || !isMembers(before) || !isMembers(sent)) return sent;
  return { ...before, ...sent };
}

/** The settings as `change` makes them: what it doesn't name stays, `null` removes, minutes become (fractions of) hours. */
export function applyChange(settings: TenantSettings, change: SettingsChange): TenantSettings {
  const changed: Record<string, unknown> = { ...settings };
  for (const [name, sent] of Object.entries(change)) {
    if (MINUTES.test(name)) changed[name.replace(MINUTES, '')] = Number(sent) / 60;
    else if (sent === null || (sent === '' && REMOVED_WHEN_EMPTY.has(name))) delete changed[name];
    else changed[name] = mergeMember(name, settings[name], sent);
  }
  return changed as TenantSettings;
}

/** Changes the tenant's settings; nobody's change at the same moment is lost. WireError 400 for what cannot be done. */
export async function changeSettings(ctx: Context, change: SettingsChange): Promise<TenantSettings> {
  requireDeviceFlow(change);
  requireOffered(change);
  const collection = ctx.store.collection(tenantSettingsCollection);
  const changed = await collection.update('settings', (settings) => {
    const next = applyChange(settings, change);
    requireShowablePages(next);
    return next;
  });
  return changed ?? tenantSettings(ctx);
}
