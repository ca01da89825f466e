import type { TenantSettings } from './settings.store.ts';

/** `universal_login.colors` as an operator wrote them: whoever prints one must check it. */
export interface BrandColors {
  readonly primary?: string;
  readonly page_background?: string | { type: 'linear-gradient'; start: string; end: string; angle_deg?: number };
}

/** The colours of the tenant's pages. */
export function brandColors({ universal_login }: TenantSettings): BrandColors {
  const { colors } = (universal_login ?? {}) as { colors?: BrandColors | null };
  return colors ?? {};
}
