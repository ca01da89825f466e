import type { Context } from '../../kernel/index.ts';
import { type GuardianSettings, guardianCollection, guardianSettings } from './guardian.store.ts';

/** Changes the tenant's MFA settings and logs it. Answers them as they are now. */
export async function changeGuardianSettings(
  ctx: Context,
  change: (settings: GuardianSettings) => Partial<GuardianSettings>,
): Promise<GuardianSettings> {
  const stored = ctx.store.collection(guardianCollection);
  const changed = await stored.update('guardian', (settings) => ({ ...settings, ...change(settings) }));
  ctx.audit({ type: 'gd_tenant_update', description: 'Guardian - Updates tenant settings' });
  return changed ?? guardianSettings(ctx);
}
